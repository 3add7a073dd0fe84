"""The words around the knowledge, in the language of the site."""

from functools import cache
from importlib.resources import files

from hcc_pathway.catalogue import Catalogue, read_groups, sentences_by_id


@cache
def load_page_words(language: str = "en") -> Catalogue:
    """Read the words of a language, once; raises UnknownLanguage."""
    name = f"knowledge-pages-{language}.yaml"
    groups = read_groups(files("hcc_pathway").joinpath("texts", name), language)
    return Catalogue(language, sentences_by_id(groups))
