"""The clients that a site file names, each with the source of its keys."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from cds_service.client_tokens.clients import Client, Clients, ReplayMemory
from cds_service.client_tokens.key_sources import FetchedKeys, KeyFile, KeySource
from cds_service.settings import Settings
from cds_service.site_file import Ehr, EhrClient

FetchKeySet = Callable[[Ehr, str], bytes]


def clients_of_site(
    settings: Settings,
    replays: ReplayMemory,
    fetch: FetchKeySet,
    clock: Callable[[], float] = time.time,
) -> Clients:
    """Make the clients; nothing is read or fetched yet.

    Args:
        settings: with the site file and its place, from which ``jwks_file`` is looked up.
        replays: which tokens were used before.
        fetch: asks the ``jwks_url`` of a block; raises KeysUnavailable.
        clock: seconds since 1970.

    """
    return Clients(tuple(_clients(settings, fetch)), settings.public_url, replays, clock)


def _clients(settings: Settings, fetch: FetchKeySet) -> Iterator[Client]:
    folder = (settings.site_path or Path()).parent
    for ehr in settings.site.ehr:
        if ehr.client is not None:
            yield Client(ehr, ehr.client, _keys(ehr, ehr.client, folder, fetch))


def _keys(ehr: Ehr, client: EhrClient, folder: Path, fetch: FetchKeySet) -> KeySource:
    if client.jwks_url is not None:
        return FetchedKeys(partial(fetch, ehr, client.jwks_url))
    return KeyFile(folder / (client.jwks_file or ""))
