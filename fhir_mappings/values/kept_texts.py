"""How long a text of a chart may be that is remembered from one call to the next.

What a text means is looked up once and kept, because the same codes, units and instructions stand
in every chart. Kept is only what is as short as these are: a cache counts its entries and not
their length, and what is longer is no such text but somebody's words.
"""

from typing import Final

LONGEST_KEPT: Final = 200  # characters of a code, a unit, an instruction in words
LONGEST_NAMES_KEPT: Final = 500  # characters of all names of one product
LONGEST_INSTRUCTION_KEPT: Final = 2000  # bytes of JSON
