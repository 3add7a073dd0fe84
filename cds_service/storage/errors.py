"""What can go wrong with the database, in two kinds."""

from hcc_pathway.errors import HccCdsError


class StorageUnavailable(HccCdsError):  # noqa: N818 (the name says what happened)
    """The database cannot be had now: nothing was kept, and the caller may try again."""


class StorageSettingError(HccCdsError):
    """``HCC_CDS_DATABASE_URL`` names something that cannot be used as a database."""
