"""Headers on every answer: nothing is guessed, or kept by caches; pages run our own files only."""

from flask import Flask, Response, request

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def register_response_headers(app: Flask) -> None:
    """Set the headers; answers to POST hold patient data and are never stored."""

    def harden(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        if request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    app.after_request(harden)
