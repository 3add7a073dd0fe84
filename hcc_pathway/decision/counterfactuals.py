"""What would change the options: the decision run again on findings that differ in few inputs.

Only inputs that are unknown, old enough to be asked again, or near a border are changed; the
smallest sets that change the drugs offered are kept. Where nothing can be judged until one thing
is known (A24, A33), every branch behind it is kept.
"""

from functools import lru_cache
from itertools import combinations

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.decision.pathway import decide
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    DiagnosisState,
    EcogState,
    Findings,
    HistoryState,
    LastLine,
    SorafenibCourse,
)

_TAKEN = {SorafenibCourse.RUNNING, SorafenibCourse.ENDED}


class Change(msgspec.Struct, frozen=True):
    """One input at another state; ``sets`` are the findings that follow from it."""

    input: str
    state: str
    sets: tuple[tuple[str, object], ...]


class Effect(msgspec.Struct, frozen=True):
    """A smallest set of changes, and the drugs that would appear and disappear with it."""

    changes: tuple[Change, ...]
    appear: tuple[str, ...]
    disappear: tuple[str, ...]


@lru_cache(maxsize=8192)
def what_would_change(findings: Findings) -> tuple[Effect, ...]:
    """Find the smallest sets of changes that change the drugs offered.

    Single changes first; two together only where neither alone changes anything; three only
    where nothing smaller does.
    """
    opening = _opening(findings)
    if opening is not None:
        return _behind(opening, findings)
    possible = _possible_changes(findings)
    effects: list[Effect] = []
    decisive: list[frozenset[Change]] = []
    for size in (1, 2, 3):
        if size > 2 and effects:  # noqa: PLR2004 - "three only where nothing smaller does"
            break
        for changes in combinations(possible, size):
            together = frozenset(changes)
            if len({change.input for change in changes}) < size:
                continue
            if any(smaller <= together for smaller in decisive):
                continue
            effect = _effect(findings, changes)
            if effect is not None:
                decisive.append(together)
                effects.append(effect)
    return tuple(effects)


def _opening(findings: Findings) -> Change | None:
    """Name what must be known before anything else can be judged, where what follows is known.

    An allergy alone (A33): sorafenib taken as the only line. With other lines its place among
    them is not known, and nothing can be computed.
    """
    if findings.sorafenib is SorafenibCourse.COMBINED:  # A24
        return Change("sorafenib-alone", "met", (("sorafenib", SorafenibCourse.ENDED),))
    if findings.sorafenib is SorafenibCourse.ALLERGY_ONLY and not findings.lines_started:
        sets = (
            ("sorafenib", SorafenibCourse.ENDED),
            ("lines_started", 1),
            ("last_line", LastLine.SORAFENIB),
            ("given", findings.given | {"sorafenib"}),
        )
        return Change("sorafenib-taken", "ended", sets)
    return None


def _behind(opening: Change, findings: Findings) -> tuple[Effect, ...]:
    """List each branch that would open: the first change alone, or with those after it."""
    further = what_would_change(_changed(findings, (opening,)))
    sets = [(opening,), *((opening, *effect.changes) for effect in further if effect.appear)]
    found = (_effect(findings, changes) for changes in sets)
    return tuple(effect for effect in found if effect is not None)


def _changed(findings: Findings, changes: tuple[Change, ...]) -> Findings:
    sets = {name: value for change in changes for name, value in change.sets}
    return msgspec.structs.replace(findings, **sets)


def _effect(findings: Findings, changes: tuple[Change, ...]) -> Effect | None:
    before = decide(findings).therapies
    after = decide(_changed(findings, changes)).therapies
    if before == after:
        return None
    return Effect(changes, tuple(sorted(after - before)), tuple(sorted(before - after)))


def _possible_changes(findings: Findings) -> tuple[Change, ...]:
    return (
        *_about_sorafenib(findings),
        *_about_the_lines(findings),
        *_states(findings, "alpha-fetoprotein", "afp", _afp_states(findings)),
        *_states(findings, "child-pugh", "child_pugh", _child_pugh_states(findings)),
        *_states(findings, "ecog", "ecog", _ecog_states(findings)),
    )


def _about_sorafenib(findings: Findings) -> list[Change]:
    changes = []
    if findings.sorafenib in _TAKEN and findings.progression is not Answer.MET:
        changes.append(Change("progression", "met", (("progression", Answer.MET),)))
    tolerant = findings.progression is Answer.MET and findings.exposure is Answer.MET
    if findings.sorafenib in _TAKEN and findings.intolerance is not Answer.MET and not tolerant:
        sets = (("intolerance", Answer.MET), ("sorafenib", SorafenibCourse.ENDED))
        changes.append(Change("sorafenib-intolerance", "met", sets))
    if findings.exposure is Answer.UNKNOWN:
        states: tuple[Answer, ...] = (Answer.MET, Answer.NOT_MET)
    else:
        states = ()
    return changes + _states(findings, "sorafenib-exposure", "exposure", states)


def _about_the_lines(findings: Findings) -> list[Change]:
    changes = []
    if findings.diagnosis is DiagnosisState.UNSPECIFIED:
        changes.append(Change("diagnosis", "hcc", (("diagnosis", DiagnosisState.HCC),)))
    if findings.last_line in {LastLine.OTHER_RUNNING, LastLine.OTHER_ENDED}:
        failed = (("last_line", LastLine.OTHER_FAILED),)
        changes.append(Change("last-line", "failed", failed))
    if findings.history is HistoryState.TRUNCATED:
        complete = (("history", HistoryState.COMPLETE),)
        changes.append(Change("prior-lines", "complete", complete))
    return changes


def _afp_states(findings: Findings) -> tuple[AfpState, ...]:
    """List both sides of an unknown AFP, and the other side of one that is asked again (A10)."""
    both = (AfpState.AT_LEAST, AfpState.BELOW)
    if findings.afp is AfpState.UNKNOWN:
        return both
    return tuple(state for state in both if findings.afp_aged and state is not findings.afp)


def _child_pugh_states(findings: Findings) -> tuple[ChildPughState, ...]:
    if findings.child_pugh is ChildPughState.UNKNOWN:
        return (ChildPughState.A, ChildPughState.B, ChildPughState.C)
    if findings.child_pugh is ChildPughState.AT_LEAST_B:
        return (ChildPughState.B, ChildPughState.C)
    return ()


def _ecog_states(findings: Findings) -> tuple[EcogState, ...]:
    unknown = findings.ecog is EcogState.UNKNOWN
    return (EcogState.GOOD, EcogState.TWO, EcogState.POOR) if unknown else ()


def _states(
    findings: Findings,
    input_name: str,
    field: str,
    unknown_states: tuple[Answer | AfpState | ChildPughState | EcogState, ...],
) -> list[Change]:
    """List the changes of one finding: to what an unknown may be, or across a near border."""
    kind = type(getattr(findings, field))
    near = sorted(state for name, state in findings.near if name == input_name)
    states = (*unknown_states, *(kind(state) for state in near))
    return [Change(input_name, str(state), ((field, state),)) for state in dict.fromkeys(states)]
