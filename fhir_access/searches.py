"""What is asked of a FHIR server under each prefetch key, as far as it offers it."""

from fhir_access.capabilities import Capabilities

_PATIENT_TOKEN = "{{context.patientId}}"  # noqa: S105 (a token of a template)


def resource_type_of(template: str) -> str:
    """Give the resource type that a template asks for."""
    return template.partition("?")[0].partition("/")[0]


def search_of(template: str, patient_id: str, offered: Capabilities | None) -> str | None:
    """Give what follows the base, or None where the server cannot be asked this.

    Args:
        template: a prefetch template.
        patient_id: of FHIR's form, so that it needs no escaping.
        offered: what the server says of itself; None: nothing is known, so it is tried.

    """
    kind = resource_type_of(template)
    filled = "/" + template.replace(_PATIENT_TOKEN, patient_id)
    if offered is None:
        return filled
    is_search = "?" in template
    if not offered.offers(kind, "search-type" if is_search else "read"):
        return None
    if not is_search:
        return filled
    path, _, query = filled.partition("?")
    parameters = _offered_parameters(kind, query, patient_id, offered)
    return None if parameters is None else f"{path}?{parameters}"


def _offered_parameters(
    kind: str, query: str, patient_id: str, offered: Capabilities
) -> str | None:
    parameters = [part.partition("=") for part in query.split("&")]
    asked = []
    for name, _, value in parameters:
        if name.startswith("_") or offered.finds_by(kind, name):
            asked.append(f"{name}={value}")
        elif name == "patient":
            if not offered.finds_by(kind, "subject"):
                return None
            asked.append(f"subject=Patient/{patient_id}")
        # any other parameter only narrows: without it there is more to read, and nothing is lost
    return "&".join(asked)
