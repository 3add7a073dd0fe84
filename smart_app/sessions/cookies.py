"""The cookies: one that names the opened chart, one for each launch under way.

Inside an EHR's frame a cookie is a third party's: it needs ``Secure``, ``SameSite=None`` and, in
newer browsers, ``Partitioned``. On http (loopback alone) browsers take none of these.
"""

from hashlib import sha256
from typing import Final

from flask import Request, Response

from smart_app.sessions.sessions import LAUNCH_SECONDS

_LONGEST_ID: Final = 128
_MOST_LAUNCHES: Final = 8  # under way in one browser


class Cookies:
    """How the cookies of one public address are named and set."""

    def __init__(self, public_url: str) -> None:
        """``public_url``: what browsers call; https decides the attributes."""
        self._is_https = public_url.startswith("https://")
        # the prefix makes browsers refuse a cookie that another host or http planted
        prefix = "__Host-" if self._is_https else ""
        self.session_name = f"{prefix}hcc-smart"
        self._launch_name = f"{prefix}hcc-launch"

    def session_of(self, request: Request) -> str | None:
        """Give the session id that a browser sent."""
        return _plausible(request.cookies.get(self.session_name))

    def launch_of(self, request: Request, state: str) -> str | None:
        """Give the id of the launch under way that this state belongs to."""
        return _plausible(request.cookies.get(self._named_after(state)))

    def set_session(self, response: Response, session_id: str) -> None:
        """Name the opened chart; the cookie ends with the browser."""
        self._set(response, self.session_name, session_id, None)

    def set_launch(
        self, request: Request, response: Response, state: str, session_id: str
    ) -> None:
        """Name a launch under way; several may be, in several tabs, and the eldest are forgotten.

        Browsers send the eldest first, and all of them with every request to this host.
        """
        under_way = [name for name in request.cookies if name.startswith(f"{self._launch_name}-")]
        for name in under_way[: 1 - _MOST_LAUNCHES]:
            self._set(response, name, "", 0)
        self._set(response, self._named_after(state), session_id, LAUNCH_SECONDS)

    def forget_session(self, response: Response) -> None:
        """Delete the cookie of the opened chart."""
        self._set(response, self.session_name, "", 0)

    def forget_launch(self, response: Response, state: str) -> None:
        """Delete the cookie of a launch."""
        self._set(response, self._named_after(state), "", 0)

    def _named_after(self, state: str) -> str:
        digest = sha256(state.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._launch_name}-{digest[:16]}"

    def _set(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            secure=self._is_https,
            samesite="None" if self._is_https else "Lax",
            partitioned=self._is_https,
        )


def _plausible(session_id: str | None) -> str | None:
    return session_id if session_id and len(session_id) <= _LONGEST_ID else None
