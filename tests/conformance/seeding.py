"""How a fault is put between the service and the checks: a slip as it looks from outside.

A fault stands in front of the true service and changes the request on its way in or the answer on
its way out. ``caught_by`` names the item of the checklist that has to notice.
"""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from tests.conformance.client import Answer, Client, Json, Request
from tests.conformance.traffic import DOCUMENT, SERVICE, TOKEN

Behaviour = Callable[[Client, Request], Answer]


@dataclass(frozen=True)
class Fault:
    """One slip: what it does, and the item whose checks have to catch it."""

    caught_by: str
    behaviour: Behaviour


@dataclass(frozen=True)
class Faulty:
    """The service with one fault."""

    client: Client
    fault: Fault

    @property
    def today(self) -> date:
        return self.client.today

    def send(self, request: Request) -> Answer:
        return self.fault.behaviour(self.client, request)


def with_body(answer: Answer, content: object, status: int | None = None) -> Answer:
    return Answer(status or answer.status, answer.headers, json.dumps(content).encode())


def is_success(answer: Answer) -> bool:
    return answer.status == HTTPStatus.OK


def each_answer(change: Callable[[Json], object]) -> Behaviour:
    """Change the body of every answer with cards."""

    def behave(client: Client, request: Request) -> Answer:
        answer = client.send(request)
        if request.path != SERVICE or not is_success(answer):
            return answer
        body = json.loads(answer.body)
        change(body)
        return with_body(answer, body)

    return behave


def each_card(change: Callable[[Json], object]) -> Behaviour:
    def on_cards(body: Json) -> None:
        for card in body["cards"]:
            change(card)

    return each_answer(on_cards)


def each_suggestion(change: Callable[[Json], object]) -> Behaviour:
    def on_suggestions(card: Json) -> None:
        for suggestion in card.get("suggestions", []):
            change(suggestion)

    return each_card(on_suggestions)


def each_action(change: Callable[[Json], object]) -> Behaviour:
    return each_suggestion(lambda suggestion: [change(one) for one in suggestion["actions"]])


def main_detail(change: Callable[[str], str]) -> Behaviour:
    def on_main(body: Json) -> None:
        for card in body["cards"][:1]:
            card["detail"] = change(card["detail"])

    return each_answer(on_main)


def document(change: Callable[[Json], object]) -> Behaviour:
    def on_document(body: Json) -> None:
        for card in body["cards"][:1]:
            change(card["extension"][DOCUMENT])

    return each_answer(on_document)


def each_service(change: Callable[[Json], object]) -> Behaviour:
    def behave(client: Client, request: Request) -> Answer:
        answer = client.send(request)
        if request.method != "GET" or request.path != "/cds-services":
            return answer
        body = json.loads(answer.body)
        for service in body["services"]:
            change(service)
        return with_body(answer, body)

    return behave


def each_error(change: Callable[[Answer], Answer]) -> Behaviour:
    def behave(client: Client, request: Request) -> Answer:
        answer = client.send(request)
        return change(answer) if answer.status >= HTTPStatus.BAD_REQUEST else answer

    return behave


def each_call(change: Callable[[Json], object]) -> Behaviour:
    """Change every hook request before the service sees it: what a lax reading would do."""

    def behave(client: Client, request: Request) -> Answer:
        try:
            call = json.loads(request.body)
            change(call)
        except (ValueError, TypeError, KeyError, AttributeError):
            return client.send(request)
        body = json.dumps(call).encode()
        return client.send(Request(request.method, request.path, body, request.headers))

    return behave


def refuse_when(is_so: Callable[[Json], bool], status: int) -> Behaviour:
    """Refuse requests that are legal."""

    def behave(client: Client, request: Request) -> Answer:
        answer = client.send(request)
        if request.path != SERVICE or not is_success(answer):
            return answer
        return with_body(answer, {}, status) if is_so(json.loads(request.body)) else answer

    return behave


def without_header(name: str, *, when_status_from: int) -> Behaviour:
    def behave(client: Client, request: Request) -> Answer:
        answer = client.send(request)
        if answer.status < when_status_from:
            return answer
        kept = {key: value for key, value in answer.headers.items() if key != name}
        return Answer(answer.status, kept, answer.body)

    return behave


def preflight_needs_a_token(client: Client, request: Request) -> Answer:
    answer = client.send(request)
    if request.method == "OPTIONS" and "Authorization" not in request.headers:
        return Answer(HTTPStatus.UNAUTHORIZED, answer.headers, b"")
    return answer


def empty_answer_is_204(client: Client, request: Request) -> Answer:
    answer = client.send(request)
    if answer.body == b'{"cards":[]}':
        return Answer(HTTPStatus.NO_CONTENT, answer.headers, b"")
    return answer


def as_text(client: Client, request: Request) -> Answer:
    answer = client.send(request)
    return Answer(answer.status, {**answer.headers, "content-type": "text/plain"}, answer.body)


def echo_token(client: Client, request: Request) -> Answer:
    answer = client.send(request)
    if TOKEN.encode() not in request.body:
        return answer
    return Answer(answer.status, {**answer.headers, "x-seen": TOKEN}, answer.body)


def html_page(answer: Answer) -> Answer:
    headers = {**answer.headers, "content-type": "text/html"}
    return Answer(answer.status, headers, b"<html><body><h1>Error</h1></body></html>")


def template(change: Callable[[str], str], key: str = "observations") -> Behaviour:
    def on_service(service: Json) -> None:
        service["prefetch"][key] = change(service["prefetch"][key])

    return each_service(on_service)


def put(name: str, value: object) -> Callable[[Json], object]:
    # a fresh copy each time: cards must not share what a fault put there
    return lambda target: target.__setitem__(name, copy.deepcopy(value))


def drop(name: str) -> Callable[[Json], object]:
    return lambda target: target.pop(name, None)


def two_recommended(card: Json) -> None:
    if "suggestions" in card:
        card["selectionBehavior"] = "at-most-one"
        for suggestion in card["suggestions"]:
            suggestion["isRecommended"] = True


def same_uuid(body: Json) -> None:
    for card in body["cards"]:
        card["uuid"] = "b3b2a4a0-6d0e-8c55-9f0b-0c3f0a7e5a01"
        for suggestion in card.get("suggestions", []):
            suggestion["uuid"] = card["uuid"]


def shifted_day(document: Json) -> None:
    yesterday = date.fromisoformat(document["asOf"]) - timedelta(days=1)
    document["asOf"] = yesterday.isoformat()


def truncated_taken_for_whole(call: Json) -> None:
    for bundle in call["prefetch"].values():
        if isinstance(bundle, dict):
            bundle.pop("link", None)


def outcomes_dropped(call: Json) -> None:
    for bundle in call["prefetch"].values():
        if isinstance(bundle, dict) and "entry" in bundle:
            kept = [
                one
                for one in bundle["entry"]
                if one["resource"].get("resourceType") != "OperationOutcome"
            ]
            bundle["entry"] = kept


def failed_taken_for_empty(call: Json) -> None:
    for key, value in call["prefetch"].items():
        if value and value.get("resourceType") == "OperationOutcome":
            call["prefetch"][key] = {"resourceType": "Bundle", "type": "searchset", "total": 0}


def any_patient(call: Json) -> None:
    call["prefetch"]["patient"]["id"] = call["context"]["patientId"]


def name_the_foreign(body: Json) -> None:
    for card in body["cards"][:1]:
        for ignored in card["extension"][DOCUMENT]["ignored"]:
            if not ignored["source"]:
                ignored["because"] = "belongs to Patient/somebody"


def without_part(title: str) -> Callable[[str], str]:
    part = rf"<details><summary>{title}[^<]*</summary>.*?</details>"
    return lambda detail: re.sub(part, "", detail, flags=re.DOTALL)


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda detail: detail.replace(old, new)


def unescaped(detail: str) -> str:
    for safe, markup in (("&lt;", "<"), ("&gt;", ">"), ("\\", ""), ("\u200b", "")):
        detail = detail.replace(safe, markup)
    return detail
