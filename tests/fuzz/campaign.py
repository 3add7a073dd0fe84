"""A run over many seeds: what was sent, what came back, and everything that was wrong."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tests.conformance.client import Answer, Client, Request
from tests.conformance.traffic import DOCUMENT
from tests.fuzz import comparison, damage, envelope, legality
from tests.fuzz.charts import NAMES, Json, as_bundle, call_of, written

LONGEST_SECONDS = 5.0
HEADERS = {"Content-Type": "application/json"}


@dataclass
class Figures:
    """What a run saw."""

    statuses: dict[str, Counter[int]] = field(
        default_factory=lambda: {"chart": Counter(), "envelope": Counter()}
    )
    failures: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    compared: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Figures") -> None:
        for half, counts in other.statuses.items():
            self.statuses[half] += counts
        self.failures += other.failures
        self.slowest_seconds = max(self.slowest_seconds, other.slowest_seconds)
        self.compared += other.compared

    def said(self) -> str:
        """Put the figures into a few lines."""
        lines = []
        for half, counts in self.statuses.items():
            total = sum(counts.values()) or 1
            answered = sum(n for status, n in counts.items() if 200 <= status < 300)
            shares = ", ".join(f"{status}: {n}" for status, n in sorted(counts.items()))
            lines.append(f"{half}: {total} requests, {answered / total:.1%} 2xx ({shares})")
        lines.append(
            f"slowest answer {self.slowest_seconds:.2f} s; compared {dict(self.compared)}"
        )
        return "\n".join([*lines, f"failures: {len(self.failures)}", *self.failures[:20]])


class Campaign:
    """Sends the request of each seed to one service and judges the answer."""

    def __init__(self, client: Client) -> None:
        """Take the service to be asked; its day has to be that of the charts."""
        self._client = client
        self._reference = lru_cache(maxsize=4096)(self._reference_of)

    def run(self, seeds: Iterable[int]) -> Figures:
        """Send the request of each seed."""
        figures = Figures()
        for seed in seeds:
            self._one(seed, figures)
        return figures

    def _one(self, seed: int, figures: Figures) -> None:
        rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
        if seed % 2:
            self._envelope(seed, rng, figures)
        else:
            self._chart(seed, rng, figures)

    def _envelope(self, seed: int, rng: random.Random, figures: Figures) -> None:
        sent = envelope.mutated(rng)
        request = Request(sent.method, sent.path, sent.body, sent.headers)
        answer = self._timed(request, figures)
        figures.statuses["envelope"][answer.status] += 1
        right = legality.right_answers(sent)
        wrong = list(_form(answer))
        if answer.status not in right:
            wrong.append(f"{answer.status}, right would be {sorted(right)}: {answer.body[:160]!r}")
        figures.failures += [f"seed {seed} ({sent.name}, {sent.done}): {one}" for one in wrong]

    def _chart(self, seed: int, rng: random.Random, figures: Figures) -> None:
        name = rng.choice(NAMES)
        made = damage.damaged(name, rng, self._relevant(name))
        body = written(made.call)
        answer = self._timed(Request("POST", envelope.SERVICE, body, HEADERS), figures)
        figures.statuses["chart"][answer.status] += 1
        wrong = list(_form(answer))
        if answer.status == 200:
            wrong += self._compare(name, made, answer, figures)
        else:
            wrong.append(f"{answer.status}: {answer.body[:200]!r}")
        done = "; ".join(made.done)
        figures.failures += [f"seed {seed} ({name}; {done}): {one}" for one in wrong]

    def _compare(
        self, name: str, made: damage.Damage, answer: Answer, figures: Figures
    ) -> list[str]:
        by_hook = document_of(answer)
        key = made.removed
        reference, was_shown = self._reference(name, key)
        if by_hook is not None and was_shown:
            found = by_hook
            figures.compared["cards"] += 1
        else:  # where the hook shows no card for one of the two, the API's documents are compared
            found, reference = self._by_api(written_bundle(made.call)), self._api_of(name, key)
            figures.compared["documents"] += 1
        if made.removed:
            return list(comparison.differences(found, reference, made))
        foreign = made.done.count("foreign")
        return list(comparison.unchanged(found, reference, foreign=foreign))

    def _reference_of(self, name: str, removed: frozenset[tuple[str, int]]) -> tuple[Json, bool]:
        body = written(damage.without_touched(name, removed))
        found = document_of(self._client.send(Request("POST", envelope.SERVICE, body, HEADERS)))
        return (found, True) if found is not None else ({}, False)

    def _api_of(self, name: str, removed: frozenset[tuple[str, int]]) -> Json:
        return self._by_api(written_bundle(damage.without_touched(name, removed)))

    def _by_api(self, body: bytes) -> Json:
        answer = self._client.send(Request("POST", "/api/recommendation", body, HEADERS))
        document: Json = json.loads(answer.body)
        return document

    def _relevant(self, name: str) -> frozenset[str]:
        found = self._by_api(written_bundle(call_of(name))) if name not in _RELEVANT else None
        if found is not None:
            named = [*found["inputs"], *found["ignored"]]
            sources = {part for one in named for part in one["source"].split(", ")}
            _RELEVANT[name] = frozenset(sources)
        return _RELEVANT[name]

    def _timed(self, request: Request, figures: Figures) -> Answer:
        began = time.monotonic()
        answer = self._client.send(request)
        took = time.monotonic() - began
        figures.slowest_seconds = max(figures.slowest_seconds, took)
        if took > LONGEST_SECONDS:
            figures.failures.append(f"{took:.1f} s for {request.method} {request.path}")
        return answer


_RELEVANT: dict[str, frozenset[str]] = {}


def written_bundle(call: Json) -> bytes:
    """Write the chart of a call as one Bundle."""
    return written(as_bundle(call))


def document_of(answer: Answer) -> Json | None:
    """Give the document of the main card, or None where there is no card."""
    cards = json.loads(answer.body).get("cards")
    document: Json | None = cards[0]["extension"][DOCUMENT] if cards else None
    return document


def _form(answer: Answer) -> Iterable[str]:
    """What is wrong with an answer whatever was asked."""
    if answer.status >= 500:
        yield f"the service failed: {answer.status}"
    try:
        content = json.loads(answer.body)
    except ValueError:
        yield f"not JSON: {answer.body[:80]!r}"
        return
    if answer.status >= 400:
        issues = content.get("issue") or [{}]
        if content.get("resourceType") != "OperationOutcome" or not issues[0].get("diagnostics"):
            yield f"{answer.status} without an OperationOutcome"
    elif not isinstance(content.get("cards"), list):
        yield "no list of cards"
