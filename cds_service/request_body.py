"""The body of a request: its content type and encoding, before it is read as JSON."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

_JSON_TYPES = frozenset({"application/json", "application/fhir+json", "application/json+fhir"})


def json_body() -> bytes:
    """Take the bytes of a JSON request.

    Raises:
        UnsupportedMediaType: another type, another character set, or a compressed body.
        RequestEntityTooLarge: more than the configured size.

    """
    if request.mimetype not in _JSON_TYPES:
        message = "Send JSON as application/json."
        raise UnsupportedMediaType(message)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in {"utf-8", "utf8"}:
        message = "JSON is UTF-8; another charset is not read."
        raise UnsupportedMediaType(message)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        message = "Compressed bodies are not read."
        raise UnsupportedMediaType(message)
    return _whole_body()


def _whole_body() -> bytes:
    """Read to the end: werkzeug cuts a body without a length at the limit and says nothing."""
    limit = request.max_content_length
    if limit is None or request.content_length is not None:
        return request.get_data(cache=False)
    request.max_content_length = limit + 1
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body
