"""What a site file says, held against the knowledge: codes, jurisdiction, length of searches."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cds_service.site_file import SiteFile, SiteFileError
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hooks.prefetch import TemplateTooLongError, templates

# ISO 3166-1, and the union whose agency approves drugs for its members
_COUNTRIES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW EU
"""
_JURISDICTIONS: Final = frozenset(_COUNTRIES.split())


def refuse_what_is_unknown(site: SiteFile, path: Path | None, knowledge: KnowledgeOnDay) -> None:
    """Refuse words of the site file that nothing in the knowledge or the world answers to.

    Raises:
        SiteFileError: the key, and what may stand there.

    """
    place = path or Path()
    if site.jurisdiction is not None and site.jurisdiction not in _JURISDICTIONS:
        noticed = ", ".join(sorted({one.jurisdiction for one in knowledge.all_notices}))
        why = (
            f"{site.jurisdiction!a} is no jurisdiction: write the two capital letters of ISO 3166 "
            f"or EU; regulatory notices are held of {noticed}"
        )
        raise SiteFileError(place, "jurisdiction", why)
    for local, value_set in site.codes.items():
        if value_set not in knowledge.value_sets:
            why = f"{value_set!r} is not a value set; GET /knowledge lists them"
            raise SiteFileError(place, f"codes.{local}", why)


def refuse_long_searches(site: SiteFile, path: Path | None, codes: Iterable[str]) -> None:
    """Refuse more local codes than a search may name.

    Raises:
        SiteFileError: the key, how long the search is, and what to do.

    """
    try:
        templates(codes, lean=False)
    except TemplateTooLongError as error:
        if not site.codes:
            raise
        raise SiteFileError(path or Path(), "codes", str(error)) from None
