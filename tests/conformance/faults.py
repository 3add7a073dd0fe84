"""Faults of our own service, one at a time: plausible slips, as they look from outside."""

import re

from tests.conformance.seeding import (
    Fault,
    any_patient,
    as_text,
    document,
    drop,
    each_action,
    each_answer,
    each_call,
    each_card,
    each_error,
    each_service,
    each_suggestion,
    echo_token,
    empty_answer_is_204,
    failed_taken_for_empty,
    html_page,
    main_detail,
    name_the_foreign,
    outcomes_dropped,
    preflight_needs_a_token,
    put,
    refuse_when,
    replaced,
    same_uuid,
    shifted_day,
    template,
    truncated_taken_for_whole,
    two_recommended,
    unescaped,
    with_body,
    without_header,
    without_part,
)

_LINK = {"label": "Pathway", "url": "https://example.org/", "type": "absolute"}

FAULTS: dict[str, Fault] = {
    # transport
    "answers are labelled text/plain": Fault("1", as_text),
    "an optional member is null": Fault("2", each_card(put("links", None))),
    "an optional list is empty": Fault("2", each_card(put("links", []))),
    "errors lack the CORS header": Fault(
        "5", without_header("access-control-allow-origin", when_status_from=400)
    ),
    "a preflight needs a token": Fault("5", preflight_needs_a_token),
    "the preflight does not name Authorization": Fault(
        "5", without_header("access-control-allow-headers", when_status_from=200)
    ),
    "an error is an HTML page": Fault("12", each_error(html_page)),
    "an error is a 200 without cards": Fault(
        "12", each_error(lambda answer: with_body(answer, {"cards": []}, 200))
    ),
    "an error says nothing": Fault(
        "12",
        each_error(
            lambda answer: with_body(answer, {"resourceType": "OperationOutcome", "issue": []})
        ),
    ),
    "a token is repeated": Fault("32", echo_token),
    "no cards is a 204": Fault("35", empty_answer_is_204),
    "the list of cards is missing": Fault("34", each_answer(drop("cards"))),
    "cards are an object": Fault("34", each_answer(put("cards", {}))),
    # discovery
    "discovery lacks the description": Fault("8", each_service(drop("description"))),
    "discovery lacks the title": Fault("9", each_service(drop("title"))),
    "discovery names another id": Fault("13", each_service(put("id", "hcc"))),
    "a template has an unknown token": Fault(
        "19", template(lambda _: "Encounter/{{context.selections}}", "procedures")
    ),
    "a template has a FHIRPath token": Fault(
        "20", template(lambda query: query + "&date=ge{{today() - 90 days}}")
    ),
    "a template has two date bounds": Fault(
        "C1", template(lambda query: query + "&date=ge2026-01-01&date=le2026-12-31")
    ),
    "a template includes other resources": Fault(
        "C1",
        template(
            lambda query: query + "&_include=MedicationRequest:medication", "medicationRequests"
        ),
    ),
    "a template is too long": Fault("C1", template(lambda query: query + ",1834-1" * 200)),
    "a prefetch key is renamed": Fault(
        "C2", each_service(lambda s: s["prefetch"].update(labs=s["prefetch"].pop("observations")))
    ),
    # requests
    "another hook is accepted": Fault("14", each_call(put("hook", "patient-view"))),
    "a missing hookInstance is accepted": Fault(
        "14",
        each_call(put("hookInstance", "5d1b1f7c-6d0e-4c55-9f0b-0c3f0a7e5a01")),
    ),
    "the chart of another patient is accepted": Fault("14", each_call(any_patient)),
    "an unknown extension is refused": Fault(
        "17", refuse_when(lambda call: "extension" in call, 400)
    ),
    "an absent optional key is refused": Fault(
        "22", refuse_when(lambda call: "observations" not in call["prefetch"], 412)
    ),
    "an error inside a search is overlooked": Fault("24", each_call(outcomes_dropped)),
    "null is refused": Fault(
        "25", refuse_when(lambda call: None in call["prefetch"].values(), 400)
    ),
    "a failed search is taken for an empty one": Fault("26", each_call(failed_taken_for_empty)),
    "a page is taken for the whole": Fault("27", each_call(truncated_taken_for_whole)),
    # cards
    "a summary has 140 characters": Fault(
        "36", each_card(lambda card: card.update(summary=card["summary"].ljust(140, ".")))
    ),
    "an indicator is hard-stop": Fault("36", each_card(put("indicator", "hard-stop"))),
    "a source has no label": Fault("36", each_card(lambda card: card["source"].pop("label"))),
    "a uuid is not unique": Fault("37", each_answer(same_uuid)),
    "a uuid is missing": Fault("37", each_card(drop("uuid"))),
    "chart text is not escaped": Fault("38", main_detail(unescaped)),
    "the source has a relative address": Fault(
        "39", each_card(lambda card: card["source"].update(url="/knowledge"))
    ),
    "a topic is not alphanumeric": Fault(
        "C3", each_card(lambda card: card["source"]["topic"].update(code="after-sorafenib"))
    ),
    "suggestions lack the selection behaviour": Fault("40", each_card(drop("selectionBehavior"))),
    "at-most-one with several recommended": Fault("41", each_card(two_recommended)),
    "a suggestion has no label": Fault("42", each_suggestion(drop("label"))),
    "a suggestion has no actions": Fault("42", each_suggestion(put("actions", []))),
    "a member of the coming version is sent": Fault(
        "43", each_suggestion(put("actionSelectionBehavior", "any"))
    ),
    "an action has no description": Fault("44", each_action(drop("description"))),
    "a creation has no resource": Fault("44", each_action(drop("resource"))),
    "a suggestion has two actions": Fault(
        "44", each_suggestion(lambda s: s.update(actions=s["actions"] * 2))
    ),
    "a draft is not valid R4": Fault(
        "3", each_action(lambda action: action["resource"].pop("intent"))
    ),
    "a draft is about another patient": Fault(
        "44",
        each_action(
            lambda action: action["resource"].update(subject={"reference": "Patient/other"})
        ),
    ),
    "an override reason has no display": Fault(
        "45", each_card(lambda card: [one.pop("display") for one in card["overrideReasons"]])
    ),
    "a link has no type": Fault(
        "46", each_card(put("links", [{"label": "x", "url": "https://example.org/"}]))
    ),
    "a link is relative": Fault("46", each_card(put("links", [_LINK | {"url": "/smart/"}]))),
    "an absolute link has appContext": Fault(
        "46", each_card(put("links", [_LINK | {"appContext": "x"}]))
    ),
    "an action is taken without a user": Fault(
        "47", each_answer(put("systemActions", [{"type": "create"}]))
    ),
    "an extension is text": Fault("48", each_card(put("extension", {"org.example.x": "text"}))),
    "the document is missing": Fault("C6", each_card(drop("extension"))),
    "the document lacks a list": Fault("C6", document(drop("whatWouldChange"))),
    "an option has no order suggestion": Fault(
        "C4",
        each_card(lambda card: card.get("suggestions", [None, None]).pop()),
    ),
    # what a card must show
    "the intended use is not shown": Fault("F1", main_detail(replaced("not for emergencies", ""))),
    "the inputs are not shown": Fault("F2", main_detail(without_part("Data used"))),
    "a value is shown without its unit as received": Fault(
        "F2",
        main_detail(lambda detail: re.sub(r"\| \d+ ng/mL \| \d+ ng/mL \|", "| 1 | |", detail)),
    ),
    "records not used are not shown": Fault("F3", main_detail(without_part("Records not used"))),
    "what is missing is not shown": Fault("F3", main_detail(replaced("**Missing:**", ""))),
    "another patient's record is named": Fault("F3", each_answer(name_the_foreign)),
    "the rule is not shown": Fault("F4", main_detail(without_part("Rule, version"))),
    "the threshold is another one": Fault("F4", main_detail(replaced("400 ng/mL", "200 ng/mL"))),
    "the evidence has no limits": Fault("F5", main_detail(without_part("Evidence and its"))),
    "the indicator is critical": Fault("F6", each_card(put("indicator", "critical"))),
    "a draft is an active order": Fault(
        "F6", each_action(lambda a: a["resource"].update(status="active", intent="order"))
    ),
    "the day of the data is yesterday": Fault("F7", document(shifted_day)),
    "nothing says how to object": Fault("F8", main_detail(replaced("Wrong or not helpful?", ""))),
}
