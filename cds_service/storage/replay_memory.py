"""Which client tokens were used already: one memory for all workers and instances."""

import time
from hashlib import sha256

from sqlalchemy import Engine, delete

from cds_service.storage.engines import transaction
from cds_service.storage.inserting import insert_new
from cds_service.storage.tables import used_token

# A token is taken a little after its end where clocks differ; its row stays longer than that.
_KEPT_AFTER_EXPIRY_S = 300


class ReplayMemory:
    """Remembers each token once."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine of the replay tables (``Storage.replay``)."""
        self._engine = engine
        self._insert = insert_new(engine, used_token)

    def remember(self, issuer: str, jti: str, expires_at: float) -> bool:
        """Note the use of a token; True the first time, False ever after.

        One insert decides, by the primary key, so two workers cannot both be first.

        Args:
            issuer: ``iss`` of the verified token.
            jti: its id; of any length, as a digest is kept.
            expires_at: ``exp``, seconds since 1970.

        Raises:
            StorageUnavailable: it cannot be known; the token must not be accepted.

        """
        row = {"digest": _digest(issuer, jti), "expires_at": int(expires_at)}
        with transaction(self._engine, "one statement") as connection:
            return connection.execute(self._insert, row).rowcount == 1

    def forget_expired(self, now: float | None = None) -> int:
        """Delete what no check can ask for any more and say how many; run in the background.

        Raises:
            StorageUnavailable: nothing was deleted.

        """
        moment = time.time() if now is None else now
        expired = used_token.c.expires_at < int(moment) - _KEPT_AFTER_EXPIRY_S
        with transaction(self._engine, "one statement") as connection:
            return connection.execute(delete(used_token).where(expired)).rowcount


def _digest(issuer: str, jti: str) -> bytes:
    # lone surrogates are legal in JSON strings and must not stop the check
    parts = (issuer.encode("utf-8", "surrogatepass"), jti.encode("utf-8", "surrogatepass"))
    return sha256(b"%d:%b:%b" % (len(parts[0]), *parts)).digest()
