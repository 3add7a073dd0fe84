"""JSON Schemas of the knowledge files, for editors.

``python -m hcc_pathway.knowledge_base.json_schema`` writes them to ``knowledge/schema``; an
editor is told once which folder follows which schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.knowledge_base.files import FOLDERS, PACKAGE_ROOT, SINGLE_FILES

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_FOLDER = PACKAGE_ROOT / "schema"


def schemas() -> Mapping[str, bytes]:
    """Give the schema of each kind of file by its name (``drugs``, ``pathway``, ...)."""
    return {
        kind: msgspec.json.format(
            msgspec.json.encode(
                {
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "title": kind,
                    **_with_plain_numbers(msgspec.json.schema(shape)),
                }
            )
        )
        + b"\n"
        for kind, shape in (FOLDERS | SINGLE_FILES).items()
    }


def _with_plain_numbers(schema: dict[str, object]) -> dict[str, object]:
    """Let a decimal be written as a number, as the files do."""
    return {key: _plain(value) for key, value in schema.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        if value.get("format") == "decimal":
            return {"type": "number"}
        return _with_plain_numbers(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def main() -> None:
    """Write the schemas beside the knowledge."""
    SCHEMA_FOLDER.mkdir(exist_ok=True)
    for kind, schema in schemas().items():
        (SCHEMA_FOLDER / f"{kind}.json").write_bytes(schema)


if __name__ == "__main__":
    main()
