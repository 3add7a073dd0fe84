"""``python -m tests.fuzz --requests 20000 --first-seed 0``: one run, and its figures."""

import argparse
import sys

from tests.fuzz.campaign import Campaign, Figures
from tests.fuzz.services import in_process

_AT_ONCE = 1_000


def main() -> int:
    """Run and print; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--first-seed", type=int, default=0)
    given = parser.parse_args()
    campaign, figures = Campaign(in_process()), Figures()
    end = given.first_seed + given.requests
    for first in range(given.first_seed, end, _AT_ONCE):
        figures.add(campaign.run(range(first, min(first + _AT_ONCE, end))))
    sys.stdout.write(f"seeds {given.first_seed} to {end - 1}\n{figures.said()}\n")
    return 1 if figures.failures else 0


if __name__ == "__main__":
    sys.exit(main())
