"""GET /static: the style, icon and scripts of our own pages, which browsers may keep a while."""

from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

# a page and its style change together with a version; an hour later every browser asks again
_SECONDS_KEPT: Final = 3600
_EVERYWHERE: Final = frozenset({"icon.svg", "site.css"})


class _StaticFiles(Blueprint):
    """Files that anybody may have: nothing in them is about a patient."""

    is_demo = False

    def get_send_file_max_age(self, filename: str | None) -> int:
        """Say how long a browser need not ask again; it then asks whether the file changed."""
        del filename
        return _SECONDS_KEPT

    def send_static_file(self, filename: str) -> Response:
        """Send one file; those of the demonstration's page are not there in production."""
        if not self.is_demo and filename not in _EVERYWHERE:
            raise NotFound
        return super().send_static_file(filename)


def static_files(*, is_demo: bool) -> Blueprint:
    """Make the route of the files in ``cds_service/static``."""
    files = _StaticFiles("site", __name__, static_folder="static", static_url_path="/static")
    files.is_demo = is_demo
    return files
