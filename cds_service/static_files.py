"""GET /static: the style, icon and scripts of our own pages, which browsers may keep a while."""

from typing import Final

from flask import Blueprint

# a page and its style change together with a version; an hour later every browser asks again
_SECONDS_KEPT: Final = 3600


class _StaticFiles(Blueprint):
    """Files that anybody may have: nothing in them is about a patient."""

    def get_send_file_max_age(self, filename: str | None) -> int:
        """Say how long a browser need not ask again; it then asks whether the file changed."""
        del filename
        return _SECONDS_KEPT


def static_files() -> Blueprint:
    """Make the route of the files in ``cds_service/static``."""
    return _StaticFiles("site", __name__, static_folder="static", static_url_path="/static")
