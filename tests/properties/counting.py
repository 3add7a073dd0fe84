"""How many generated cases a property has seen, printed when its module is done."""

from collections import Counter


class Counts:
    """Counts cases by what they were about."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def add(self, what: str) -> None:
        self._seen[what] += 1

    def lines(self) -> list[str]:
        return [f"{what}: {number} cases" for what, number in sorted(self._seen.items())]
