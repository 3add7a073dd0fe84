"""Is a resource valid FHIR R4? Asked by people, never on the way to an answer.

``fhir.resources`` is imported when the first resource is checked: it is slow to load.
"""

import json
from collections.abc import Iterator
from importlib import import_module

from pydantic import BaseModel, ValidationError

_SHOWN = 3


def invalid_resources(bundle: bytes) -> Iterator[str]:
    """Say of each resource of a Bundle that is not valid R4 what is wrong with it.

    Values are not repeated, only the places and the rules that they break.
    """
    chart = json.loads(bundle)
    for position, entry in enumerate(chart.get("entry") or (), start=1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            yield f"entry {position}: holds no resource"
            continue
        kind = str(resource.get("resourceType", ""))
        name = f"{kind}/{resource.get('id', '?')}"
        model = _model(kind)
        if model is None:
            yield f"entry {position}: {kind!r} is not a resource type of R4"
            continue
        try:
            model.model_validate(resource)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            said = "; ".join(
                f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
                for fault in faults[:_SHOWN]
            )
            yield f"{name} is not valid R4: {said}"


def _model(kind: str) -> type[BaseModel] | None:
    if not (kind.isascii() and kind.isalpha()):
        return None
    try:
        module = import_module(f"fhir.resources.R4B.{kind.lower()}")
    except ModuleNotFoundError:
        return None
    found = getattr(module, kind, None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None
