"""Whom the checks talk to: one function from a request to an answer, and the service's day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Protocol

import requests
from flask import Flask

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @cached_property
    def content(self) -> Any:  # noqa: ANN401 - any JSON
        """The body, read once: look at it, do not change it."""
        return json.loads(self.body)


class Client(Protocol):
    @property
    def today(self) -> date: ...

    def send(self, request: Request) -> Answer: ...


@dataclass(frozen=True)
class InProcess:
    """The application itself, without a socket."""

    app: Flask
    today: date

    def send(self, request: Request) -> Answer:
        answer = self.app.test_client().open(
            request.path,
            method=request.method,
            data=request.body,
            headers=dict(request.headers),
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, headers, answer.data)


@dataclass(frozen=True)
class OverHttp:
    """A running service in demo mode, whose day is today."""

    base: str
    session: requests.Session

    @property
    def today(self) -> date:
        return datetime.now(UTC).date()

    def send(self, request: Request) -> Answer:
        answer = self.session.request(
            request.method,
            self.base.rstrip("/") + request.path,
            data=request.body,
            headers=dict(request.headers),
            timeout=30,
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, headers, answer.content)


@dataclass(frozen=True)
class Remembering:
    """Asks each question once: the seeded faults need the same true answers again and again."""

    client: Client
    answers: dict[tuple[str, str, bytes, tuple[tuple[str, str], ...]], Answer] = field(
        default_factory=dict
    )

    @property
    def today(self) -> date:
        return self.client.today

    def send(self, request: Request) -> Answer:
        key = (request.method, request.path, request.body, tuple(request.headers.items()))
        if key not in self.answers:
            self.answers[key] = self.client.send(request)
        return self.answers[key]
