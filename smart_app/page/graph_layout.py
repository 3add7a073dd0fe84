"""Where each box of the drawing stands, and how the ways between boxes run; nothing of a patient.

The gates run along the top and back, as a road folds; below them the lines, what each asks, and
at the foot the options.
"""

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 592
_ACROSS: Final = (10, 264, 518, 772)
_TURN: Final = 14  # how far a way leaves a box before it turns


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the units of the drawing."""

    x: int
    y: int
    width: int = 218
    height: int = 58

    @property
    def middle(self) -> int:
        """The middle from left to right."""
        return self.x + self.width // 2

    @property
    def centre(self) -> int:
        """The middle from top to bottom."""
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + self.width

    @property
    def foot(self) -> int:
        """The lower edge."""
        return self.y + self.height


BOXES: Final = {
    "person": Box(_ACROSS[0], 10),
    "diagnosis": Box(_ACROSS[1], 10),
    "sorafenib-taken": Box(_ACROSS[2], 10),
    "sorafenib-alone": Box(_ACROSS[3], 10),
    "prior-lines": Box(_ACROSS[3], 94),
    "sorafenib-failure": Box(_ACROSS[2], 94),
    "child-pugh": Box(_ACROSS[1], 94),
    "ecog": Box(_ACROSS[0], 94),
    "line": Box(391, 186, height=44),
    "second-line": Box(_ACROSS[1], 268, height=44),
    "third-line": Box(_ACROSS[3], 268, height=44),
    "beyond-third-line": Box(_ACROSS[3], 186, height=44),
    "progression": Box(_ACROSS[0], 350),
    "tolerated-sorafenib": Box(_ACROSS[0], 438),
    "sorafenib-intolerance": Box(_ACROSS[1], 350),
    "afp-at-least-400": Box(_ACROSS[2], 350),
    "regorafenib": Box(_ACROSS[0], 526),
    "cabozantinib": Box(_ACROSS[1], 438),
    "nivolumab": Box(_ACROSS[1], 526),
    "ramucirumab": Box(_ACROSS[2], 438),
    "cabozantinib-third-line": Box(_ACROSS[3], 350),
}


def way_between(source: str, target: str) -> str:
    """Give the path of the way from one box to another, as SVG writes it."""
    start, end = BOXES[source], BOXES[target]
    if start.y == end.y:  # side by side
        leaves, enters = (start.right, end.x) if start.x < end.x else (start.x, end.right)
        return f"M{leaves} {start.centre}H{enters}"
    if source == "ecog":  # round the corner to the line
        return f"M{start.middle} {start.foot}V{end.centre}H{end.x}"
    if start.x == end.x and end.y - start.foot > _TURN * 3:  # past a box between them
        beside = start.x - _TURN
        return f"M{start.x} {start.centre}H{beside}V{end.centre}H{end.x}"
    if start.middle == end.middle:
        return f"M{start.middle} {start.foot}V{end.y}"
    half = start.foot + (end.y - start.foot) // 2
    return f"M{start.middle} {start.foot}V{half}H{end.middle}V{end.y}"
