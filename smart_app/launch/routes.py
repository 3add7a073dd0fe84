"""The addresses of a launch: ``/smart/launch``, ``/smart/callback``, sign-out, the app's keys."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from smart_app.launch.launching import Launching
from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registrations
from smart_app.sessions.cookies import Cookies
from smart_app.sessions.sessions import Sessions

_SEE_OTHER = 303


def launch_routes(
    launching: Launching, sessions: Sessions, cookies: Cookies, pages: ProblemPages
) -> Blueprint:
    """Make the routes. Whatever a query carries, browsers are sent to the login or the page."""
    routes = Blueprint("smart_launch", __name__, template_folder="templates")
    pages.register(routes)

    @routes.get("/smart/launch")
    def launch() -> Response:
        begun = launching.begin(_parameters())
        answer = _to(begun.login_address)
        cookies.set_launch(request, answer, begun.state, begun.session_id)
        return answer

    @routes.get("/smart")
    def without_slash() -> Response:
        # the framework's own redirection would go to whatever host the request names
        return _to(launching.page_address)

    @routes.get("/smart/callback")
    def callback() -> Response:
        return _opened(launching, sessions, cookies)

    @routes.post("/smart/sign-out")
    def sign_out() -> Response:
        return _signed_out(sessions, cookies, pages)

    return routes


def _opened(launching: Launching, sessions: Sessions, cookies: Cookies) -> Response:
    parameters = _parameters()
    state = parameters.get("state", "")
    finished = launching.finish(cookies.launch_of(request, state), parameters)
    earlier = cookies.session_of(request)
    if earlier is not None:
        sessions.end(earlier)
    answer = _to(finished.page_address)
    cookies.forget_launch(answer, state)
    cookies.set_session(answer, finished.session_id)
    return answer


def _signed_out(sessions: Sessions, cookies: Cookies, pages: ProblemPages) -> Response:
    session_id = cookies.session_of(request)
    if session_id is not None:
        sessions.end(session_id)
    answer = pages.page(Problem.SIGNED_OUT)
    cookies.forget_session(answer)
    return answer


def key_routes(registrations: Registrations) -> Blueprint:
    """Publish the public halves of the app's keys, for the EHRs that it proves itself to."""
    routes = Blueprint("smart_keys", __name__)
    published = [one.client_key.public() for one in registrations.all if one.client_key]
    keys = list({key["kid"]: key for key in published}.values())

    @routes.get("/smart/jwks.json")
    def key_set() -> Response:
        answer = jsonify(keys=keys)
        answer.content_type = "application/jwk-set+json"
        answer.headers["Cache-Control"] = "public, max-age=300"
        return answer

    return routes


def _to(address: str) -> Response:
    return Response(status=_SEE_OTHER, headers={"Location": address})


def _parameters() -> Mapping[str, str]:
    """Give the query; a parameter that is there twice is read by nobody alike, so by nobody."""
    if any(len(values) > 1 for values in request.args.listvalues()):
        raise LaunchProblem(Problem.LINK_INCOMPLETE, "a parameter twice")
    return request.args.to_dict()
