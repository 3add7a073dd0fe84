"""What is asked for, and which therapies hang on each answer: ``input:therapy+therapy``."""

from __future__ import annotations

from .beside_edges import ask
from .tables import Row, read

RESULTS = ("asks",)
EDGES = read("asked_edges", RESULTS)


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    missing = ask(row).missing
    return {"asks": " ".join(f"{each.input}:{'+'.join(each.would_decide)}" for each in missing)}
