"""Cross-origin calls: answered before anything else, errors included."""

from flask import Flask, Response, request

_METHODS = "GET, POST, OPTIONS"
_HEADERS = "Authorization, Content-Type"
_CDS_ROUTES = "/cds-services"
# what SMART and FHIR clients in browsers ask of the demonstration's EHR
_DEMO_HEADERS = f"{_HEADERS}, Accept, Cache-Control, If-None-Match, Pragma, Prefer"
_DEMO_ROUTES = ("/demo/fhir", "/demo/auth")


def register_cors(app: Flask, *, every_origin: bool, allowed_origins: frozenset[str]) -> None:
    """Answer preflights and mark answers.

    Args:
        app: the application.
        every_origin: the demonstration answers all origins, never with credentials.
        allowed_origins: otherwise exactly these.

    """
    routes = (_CDS_ROUTES, *_DEMO_ROUTES) if every_origin else (_CDS_ROUTES,)

    def allowed(origin: str) -> str | None:
        if every_origin:
            return "*"
        return origin if origin in allowed_origins else None

    def preflight() -> Response | None:
        if request.method != "OPTIONS" or not request.path.startswith(routes):
            return None
        return Response(status=204)

    def mark(response: Response) -> Response:
        if not request.path.startswith(routes):
            return response
        origin = request.headers.get("Origin")
        if not every_origin:
            response.headers.add("Vary", "Origin")
        granted = None if origin is None else allowed(origin)
        if granted is None:
            return response
        response.headers["Access-Control-Allow-Origin"] = granted
        response.headers["Access-Control-Expose-Headers"] = "X-Request-Id, Location"
        if request.method == "OPTIONS":
            _answer_preflight(response)
        return response

    app.before_request(preflight)
    app.after_request(mark)


def _answer_preflight(response: Response) -> None:
    is_demo = request.path.startswith(_DEMO_ROUTES)
    response.headers["Access-Control-Allow-Methods"] = _METHODS
    response.headers["Access-Control-Allow-Headers"] = _DEMO_HEADERS if is_demo else _HEADERS
    response.headers["Access-Control-Max-Age"] = "600"
