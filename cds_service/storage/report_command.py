"""What the commands that report from the database share: open it, read, print a page or JSON."""

import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec
from rich.console import Console, RenderableType

from cds_service.storage.engines import Storage, open_storage
from cds_service.storage.revisions import make_sure_of_tables

_Figures = TypeVar("_Figures")


def print_report(
    database_url: str,
    read: Callable[[Storage], _Figures],
    page: Callable[[_Figures], RenderableType],
    *,
    as_json: bool,
) -> int:
    """Print the figures that ``read`` gives and return the exit code.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be read.

    """
    make_sure_of_tables(database_url, may_migrate=False)
    storage = open_storage(database_url)
    try:
        figures = read(storage)
    finally:
        storage.close()
    if as_json:
        sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
    else:
        Console().print(page(figures))
    return 0
