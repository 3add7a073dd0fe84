"""Card and suggestion ids that carry what they were about and prove that we made them.

An id is a UUIDv8 with 122 bits of content: topic (4), therapy (12), pathway version (12), a
number that differs per request and topic (46) and a keyed hash of all that (48). Feedback can thus
be checked and sorted without storing a card when it is shown: a card from a suggestion, and a
suggestion of this card from one of another. No patient data goes in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

# Append only: the position of a topic is part of ids that were handed out.
TOPICS = (
    "HccAfterSorafenibOptions",
    "HccAfterSorafenibMissing",
    "HccAfterSorafenibWarning",
    "HccAfterSorafenibNear",
    "HccOrderPatientState",
    "HccOrderTransplant",
    "HccOrderWithdrawn",
    "HccOrderTogether",
    "HccOrderGivenBefore",
    "HccOrderNotOffered",
    "HccOrderInteraction",
    "HccOrderProduct",
)
PATIENT_VIEW_TOPICS = frozenset(one for one in TOPICS if one.startswith("HccAfterSorafenib"))
ORDER_TOPICS = frozenset(TOPICS) - PATIENT_VIEW_TOPICS
_NONCE_BITS, _MAC_BITS = 46, 48
_VERSION_8 = 8 << 76
_VARIANT = 0b10 << 62


@dataclass(frozen=True, slots=True)
class CardId:
    """What an id says: the card's topic, the therapy of a suggestion, the pathway's version."""

    topic: str
    therapy: str | None
    version: str
    is_suggestion: bool
    nonce: int

    def is_suggestion_of(self, card: "CardId") -> bool:
        """Whether this is a suggestion of that very card, and not of another request's."""
        return (
            self.is_suggestion
            and not card.is_suggestion
            and (self.topic, self.version, self.nonce) == (card.topic, card.version, card.nonce)
        )


class CardIds:
    """Makes and reads ids with one secret."""

    def __init__(self, secret: bytes, version: str) -> None:
        """Take a secret of at least 32 bytes and the pathway's version, "1.0.0"."""
        self._key = blake2b(secret, digest_size=32, person=b"hcc-card-ids").digest()
        self._version = _packed_version(version)

    def make(self, request: UUID, topic: str, therapy: str | None = None) -> str:
        """Return the id of a card, or of a suggestion for a therapy; equal input, equal id."""
        content = (TOPICS.index(topic) << 24) | (_therapy_bits(therapy) << 12) | self._version
        # not of the therapy: a card and its suggestions have it in common
        nonce = blake2b(request.bytes + topic.encode(), key=self._key, digest_size=8).digest()
        number = (content << _NONCE_BITS) | (int.from_bytes(nonce, "big") >> (64 - _NONCE_BITS))
        return str(_as_uuid((number << _MAC_BITS) | self._mac(number)))

    def read(self, card_id: str, therapies: Iterable[str]) -> CardId | None:
        """Say what an id is about, or None if it was not made with this secret.

        Args:
            card_id: the id as it came back.
            therapies: the names that may be meant; an id holds only a hash of the name.

        """
        try:
            bits = _content_of(UUID(card_id))
        except ValueError:
            return None
        number, mac = bits >> _MAC_BITS, bits & ((1 << _MAC_BITS) - 1)
        if mac != self._mac(number):
            return None
        content = number >> _NONCE_BITS
        topic, therapy, version = content >> 24, (content >> 12) & 0xFFF, content & 0xFFF
        if topic >= len(TOPICS):  # made by a newer version that runs beside this one
            return None
        names = {_therapy_bits(name): name for name in therapies}
        return CardId(
            TOPICS[topic],
            names.get(therapy),
            _version_text(version),
            is_suggestion=therapy != 0,
            nonce=number & ((1 << _NONCE_BITS) - 1),
        )

    def _mac(self, number: int) -> int:
        digest = blake2b(number.to_bytes(10, "big"), key=self._key, digest_size=6).digest()
        return int.from_bytes(digest, "big")


@lru_cache
def _therapy_bits(therapy: str | None) -> int:
    if therapy is None:
        return 0
    digest = blake2b(therapy.encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") % 0xFFF + 1


def _packed_version(version: str) -> int:
    major, minor, patch = (int(part) for part in version.split("."))
    return (major % 8) << 9 | (minor % 32) << 4 | patch % 16


def _version_text(packed: int) -> str:
    return f"{packed >> 9}.{packed >> 4 & 31}.{packed & 15}"


def _as_uuid(bits: int) -> UUID:
    high, middle, low = bits >> 74, bits >> 62 & 0xFFF, bits & ((1 << 62) - 1)
    return UUID(int=high << 80 | _VERSION_8 | middle << 64 | _VARIANT | low)


def _content_of(card_id: UUID) -> int:
    if card_id.version != 8 or card_id.variant != "specified in RFC 4122":  # noqa: PLR2004 (a UUID version)
        message = "not an id of ours"
        raise ValueError(message)
    number = card_id.int
    return (number >> 80) << 74 | (number >> 64 & 0xFFF) << 62 | number & ((1 << 62) - 1)
