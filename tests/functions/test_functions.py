"""Custom functions: what leaves, what comes back, who may change them, and the Test panel."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.urls import reverse
from pydantic import ValidationError

from actions.base import ActionError
from agents.conversations.models import ActionRun
from agents.core.services import ensure_user
from agents.engine import compiled
from agents.functions import calling
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import delete_function, save_function
from agents.panels import services as panels
from agents.panels.linter import lint
from agents.routing.services import InUse, NameTaken, Refused
from agents.routing.views.library import TYPE_AGAIN
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
PARAMETERS = [
    {"name": "customer", "about": "Whose", "sample": "C-7"},
    {"name": "points", "kind": "number", "about": "How many", "sample": "20"},
    {"name": "gift", "kind": "boolean", "about": "As a gift", "required": False},
]
SAMPLE = '{"points": {"total": 120}, "tiers": [{"name": "gold"}]}'
VALUES = [{"name": "total", "path": "points.total"}, {"name": "tier", "path": "tiers.0.name"}]


class Shop(BaseHTTPRequestHandler):
    """Another system, with faults."""

    seen: ClassVar[list[dict[str, Any]]] = []
    faults: ClassVar[list[str]] = []

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        self.seen.append({"path": self.path, "method": self.command, "body": body,
                          "headers": dict(self.headers)})  # fmt: skip
        fault = self.faults.pop(0) if self.faults else ""
        status, text, extra = 200, SAMPLE, {}
        if fault == "500":
            status, text = 500, "boom"
        elif fault == "html":
            text = "<h1>Hello</h1>"
        elif fault == "huge":
            text = "x" * 300_000
        elif fault == "redirect":
            status, text, extra = 302, "", {"Location": "http://127.0.0.1:9/"}
        elif fault == "slow":
            Event_wait(2)
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def log_message(self, *args: Any) -> None:
        """Silence."""


def Event_wait(seconds: float) -> None:
    """Longer than the function waits."""
    import time

    time.sleep(seconds)


@pytest.fixture
def shop(settings: Any) -> Iterator[str]:
    """Its address; the operator allows the network."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    Shop.seen.clear()
    Shop.faults.clear()
    server = HTTPServer(("127.0.0.1", 0), Shop)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def made(url: str = "", **values: Any) -> Function:
    """A function with three parameters."""
    form = FunctionForm.model_validate(
        {"name": "Points", "url": url, "parameters": PARAMETERS, "values": VALUES, **values}
    )
    return save_function(form=form)


GIVEN = {"customer": "a/b ?", "points": 20.0, "gift": None}


def test_a_request_carries_values_in_path_and_body_and_its_key(shop: str) -> None:
    row = made(f"{shop}/of/{{customer}}", headers=[{"name": "X-Shop", "value": "1"}])
    answer = calling.call(row, GIVEN, "run:7")
    (seen,) = Shop.seen
    assert seen["path"] == "/of/a%2Fb%20%3F" and seen["method"] == "POST"
    assert json.loads(seen["body"]) == {"customer": "a/b ?", "points": 20.0}
    assert (seen["headers"]["X-Shop"], seen["headers"]["Idempotency-Key"]) == ("1", "run:7")
    assert answer.ok and answer.values == {"total": "120", "tier": "gold"}
    assert answer.line == "Points: total: 120; tier: gold"


def test_what_a_get_does_not_put_into_the_path_is_its_query(shop: str) -> None:
    row = made(f"{shop}/of/{{customer}}?v=1", method="GET")
    calling.call(row, {"customer": "C7", "points": 2.5, "gift": True}, "k")
    assert Shop.seen[0]["path"] == "/of/C7?v=1&points=2.5&gift=true" and not Shop.seen[0]["body"]


@pytest.mark.parametrize("value", ["..", ".", "", "  ", "..."])
def test_a_value_leads_to_no_other_path(value: str) -> None:
    row = made("https://shop.example/customers/{customer}/points")
    with pytest.raises(ActionError, match="cannot be part of the address"):
        calling.request_of(row, GIVEN | {"customer": value}, "k")


def test_a_value_with_slashes_stays_one_segment() -> None:
    row = made("https://shop.example/customers/{customer}/points")
    request = calling.request_of(row, GIVEN | {"customer": "../../admin?x=1#y"}, "k")
    assert request.url == "https://shop.example/customers/..%2F..%2Fadmin%3Fx%3D1%23y/points"


def test_a_template_of_the_body_takes_values_as_json(shop: str) -> None:
    row = made(shop, body='{"who": {customer}, "n": {points}, "is": {gift}}')
    calling.call(row, {"customer": 'a "b"', "points": 3.0, "gift": None}, "k")
    assert json.loads(Shop.seen[0]["body"]) == {"who": 'a "b"', "n": 3.0, "is": None}


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"auth": "bearer"}, "Authorization", "Bearer s3cret"),
        ({"auth": "basic", "auth_user": "ana"}, "Authorization", "Basic YW5hOnMzY3JldA=="),
        ({"auth": "header", "auth_header": "X-Key"}, "X-Key", "s3cret"),
    ],
)
def test_it_signs_in_and_nobody_sees_how(
    shop: str, auth: dict[str, str], header: str, value: str
) -> None:
    row = made(shop, **auth, secret="s3cret")
    assert "s3cret" not in json.dumps(row.settings) and "s3cret" not in row.secret
    request = calling.request_of(row, GIVEN, "k")
    assert calling.send(row, request).ok and Shop.seen[0]["headers"][header] == value
    assert request.shown[header] == calling.HIDDEN and "s3cret" not in str(request.shown)


def test_a_signature_covers_time_and_body(shop: str) -> None:
    row = made(shop, auth="hmac", secret="s3cret")
    calling.call(row, GIVEN, "k")
    seen = Shop.seen[0]
    text = f"{seen['headers']['X-Signature-Timestamp']}.{seen['body']}"
    digest = hmac.new(b"s3cret", text.encode(), hashlib.sha256).hexdigest()
    assert seen["headers"]["X-Signature"] == digest


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("500", "Points: the server answered 500"),
        ("huge", "Points: The answer was too long."),
        ("redirect", "Points: This address is not allowed: redirect chain exceeded"),
    ],
)
def test_what_goes_wrong_has_its_sentence(shop: str, fault: str, line: str) -> None:
    Shop.faults.append(fault)
    answer = calling.call(made(shop), GIVEN, "k")
    assert not answer.ok and answer.line.startswith(line) and len(Shop.seen) == 1
    assert answer.sentence == "I could not do that just now."


def test_no_answer_in_time_is_not_a_refusal(shop: str) -> None:
    Shop.faults.append("slow")
    answer = calling.call(made(shop, timeout=1), GIVEN, "k")
    assert not answer.ok and "in time" in answer.line and "longer than usual" in answer.sentence


def test_an_answer_that_is_no_json_has_no_values(shop: str) -> None:
    Shop.faults.append("html")
    answer = calling.call(made(shop), GIVEN, "k")
    assert answer.ok and answer.values == {}


def test_it_asks_again_only_where_that_is_allowed(shop: str) -> None:
    Shop.faults.extend(["500", "500"])
    assert calling.call(made(shop, retries=2), GIVEN, "k").ok
    assert (
        len(Shop.seen) == 3 and len({one["headers"]["Idempotency-Key"] for one in Shop.seen}) == 1
    )


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "http://10.0.0.1/", "https://169.254.169.254/"]
)
def test_addresses_inside_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        made(url)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"url": "ftp://example.com"}, "starts with https"),
        ({"url": "https://{customer}.example.com/"}, "not in the server name"),
        ({"url": "https://example.com/{other}"}, "is not one of the parameters"),
        ({"body": '{"a": {other}}'}, "is not one of the parameters"),
        ({"sample": "{"}, "not JSON"),
        ({"parameters": [{"name": "A b"}]}, "Lowercase letters"),
        ({"parameters": [{"name": "a"}, {"name": "a"}]}, "the same name"),
    ],
)
def test_a_form_says_what_is_wrong(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        FunctionForm.model_validate({"name": "F", "parameters": PARAMETERS, **values})


def test_where_it_leads_is_an_admins_business(shop: str) -> None:
    builder = ensure_user(email="b@example.com", role="builder")
    row = made(shop, auth="bearer", secret="s3cret")
    kept = {**row.settings, "about": "New words"}
    row = save_function(form=FunctionForm.model_validate(kept), row=row, user=builder)
    assert row.settings["about"] == "New words" and calling.decrypt(row.secret) == "s3cret"
    for change in ({"url": f"{shop}/other"}, {"secret": "x"}, {"auth": "none"}):
        with pytest.raises(Refused, match="Only an admin"):
            form = FunctionForm.model_validate({**kept, **change})
            save_function(form=form, row=row, user=builder)
    with pytest.raises(Refused, match="Enter the secret again"):
        moved = {**kept, "url": shop.replace("127.0.0.1", "127.0.0.2")}
        save_function(form=FunctionForm.model_validate(moved), row=row)
    assert save_function(form=FunctionForm(name="Plain"), user=builder).url == ""


def test_names_and_deletion() -> None:
    row = made()
    with pytest.raises(NameTaken):
        made()
    agent = panels.create_agent(name="Desk", kind="text")
    card = panels.add_action(panel=agent.panel, slug="custom_function")
    draft = panels.ActionDraft(when="it is so", config={"function": f"function:{row.pk}"})
    panels.save_action(action=card, draft=draft)
    with pytest.raises(InUse):
        delete_function(row=row, ref=f"function:{row.pk}")
    texts = [one.text for one in lint(agent.panel)]
    assert "“Points” has no address. An admin must enter it." in texts


def _talk(row: Function, simulated: str = "", **values: Any) -> World:
    compiled.forget()
    ref = f"function:{row.pk}"
    names = {ref: row.name, f"{ref}#details": json.dumps(row.details())}
    world = make_world(
        [action("custom_function", config={"function": ref})],
        Reply("", [call("custom_function", customer="C7", points=20.0, gift=None)]),
        Reply("You have 120 points."),
        verdicts=values.pop("verdicts", {"custom_function": 0.99}),
        names=names,
        **values,
    )
    world.conversation.facts.simulated["function"] = simulated
    return world


@pytest.mark.parametrize(
    ("simulated", "line", "outcome"),
    [
        ("", "Points: total: 120; tier: gold", "done"),
        ("fails", "Points: the server answered 500", "failed"),
        ("slow", "Points: The server did not answer in time.", "failed"),
    ],
)
def test_try_it_simulates_the_answer(simulated: str, line: str, outcome: str) -> None:
    world = _talk(made("https://1.1.1.1/", sample=SAMPLE, succeeds="Booked."), simulated)
    world.say("I bought it")
    run = ActionRun.objects.get()
    assert (run.line, run.outcome) == (line, outcome)
    told = json.dumps(world.chat.requests[1].messages)
    assert ("total: 120" in told and "Booked." in told) == (simulated == "")


def test_the_real_thing_where_the_tester_wants_it(shop: str) -> None:
    world = _talk(made(shop), "real")
    world.say("I bought it")
    assert ActionRun.objects.get().line == "Points: total: 120; tier: gold" and Shop.seen


def test_a_function_without_an_address_fails_with_a_sentence() -> None:
    world = _talk(made())
    world.say("I bought it")
    run = ActionRun.objects.get()
    assert run.status == "failed" and "has no address" in run.error["sentence"]


def test_one_that_weighs_asks_the_contact() -> None:
    row = made("https://1.1.1.1/", sample=SAMPLE, consequential=True)
    world = _talk(row, verdicts={"custom_function": 0.1})
    world.say("hm")
    assert world.codes(0)["custom_function"] == "confirming"
    assert world.runs() == [("custom_function", "asked")]


@pytest.mark.parametrize(
    ("played", "said"),
    [("", "Done, your points are booked."), ("fails", "I could not do that just now.")],
)
def test_the_contact_hears_the_sentence_alone(played: str, said: str) -> None:
    """Without a model nobody turns an order to say something into the words."""
    row = made("https://1.1.1.1/", sample=SAMPLE, parameters=[],
               succeeds="Done, your points are booked.")  # fmt: skip
    ref = f"function:{row.pk}"
    compiled.forget()
    names = {ref: row.name, f"{ref}#details": json.dumps(row.details())}
    when = "the contact asks about points"
    world = make_world([action("custom_function", when, config={"function": ref})],
                       names=names, practice=True)  # fmt: skip
    world.conversation.facts.simulated["function"] = played
    world.say("What about my points?")
    assert world.heard.all == said


SECRET = "s3cret-of-the-shop"


def _posted(**values: str) -> dict[str, str]:
    return {
        "settings.name": "Loyalty", "settings.method": "POST", "settings.auth": "bearer",
        "settings.secret": SECRET, "settings.timeout": "8", "settings.retries": "0",
        **{f"settings.{name}": value for name, value in values.items()},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, TYPE_AGAIN),
        ({"url": "http://127.0.0.1/"}, TYPE_AGAIN),
        ({"url": "nonsense"}, TYPE_AGAIN),
        ({"secret": SECRET * 40}, "Secret"),
    ],
)
@pytest.mark.parametrize("page", ["new", "again", "pick"])
def test_a_refused_form_never_holds_a_secret(
    client_for: Any, page: str, values: dict[str, str], sentence: str
) -> None:
    row = made("https://1.1.1.1/", auth="bearer", secret="stored-before")
    url = {
        "new": reverse("routing:new", args=["functions"]),
        "again": reverse("routing:entry", args=["functions", row.pk]),
        "pick": reverse("routing:pick_new") + "?kind=function",
    }[page]
    answer = client_for("admin").post(url, _posted(**values)).content.decode()
    assert SECRET not in answer and "stored-before" not in answer and sentence in answer
    assert calling.decrypt(Function.objects.get(pk=row.pk).secret) == "stored-before"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_with_one_more_row_does_not_hold_it_either(client_for: Any, htmx: bool) -> None:
    url = reverse("routing:new", args=["functions"])
    headers = {"HX-Request": "true"} if htmx else {}
    posted = _posted() | {"op": "add:settings.headers"}
    page = client_for("admin").post(url, posted, headers=headers).content.decode()
    assert SECRET not in page
    assert ("hx-preserve" in page) is htmx and (TYPE_AGAIN in page) is not htmx


def filled(row: Function, **changes: Any) -> dict[str, Any]:
    """The form of a function as the page would send it."""
    data: dict[str, Any] = {}
    for name, value in (row.settings | changes).items():
        if not isinstance(value, list):
            data |= {f"settings.{name}": value} if value is not False else {}
            continue
        data[f"settings.{name}"] = [str(n) for n in range(len(value))]
        for n, one in enumerate(value):
            kept = {key: text for key, text in one.items() if key != "id" and text is not False}
            data |= {f"settings.{name}.{n}.{key}": text for key, text in kept.items()}
    return data


def test_the_panel_shows_request_and_answer_without_the_secret(shop: str, client_for: Any) -> None:
    row = made(shop, auth="bearer", secret="s3cret", succeeds="Booked.")
    builder = client_for("builder")
    opened = builder.get(reverse("routing:entry", args=["functions", row.pk])).content.decode()
    assert "Send test request" in opened and "s3cret" not in opened
    url = reverse("functions:test", args=[row.pk])
    page = builder.post(url, filled(row)).content.decode()
    assert f"POST {shop}" in page and calling.HIDDEN in page and "s3cret" not in page
    assert "<dd>120</dd>" in page and "Booked." in page
    assert json.loads(Shop.seen[-1]["body"])["customer"] == "C-7"
    for sample, sentence in (("", "Fill in a sample for points."), ("x", "is not a number")):
        changed = [
            row.settings["parameters"][0],
            row.settings["parameters"][1] | {"sample": sample},
        ]
        posted = filled(row, parameters=changed)
        assert sentence in builder.post(url, posted).content.decode()
    with pytest.raises(ActionError):
        calling.request_of(made("", name="Other"), GIVEN, "k")


def test_what_is_not_saved_yet_is_tried_as_it_is_filled_in(shop: str, client_for: Any) -> None:
    blank = Function(name="", settings=FunctionForm(name="x").model_dump(mode="json"))
    url, admin = reverse("functions:test_new"), client_for("admin")
    posted = filled(blank, name="", url=f"{shop}/new", auth="bearer", secret="typed")
    page = admin.post(url, posted).content.decode()
    assert f"POST {shop}/new" in page and "typed" not in page
    assert Shop.seen[-1]["headers"]["Authorization"] == "Bearer typed"
    wrong = admin.post(url, posted | {"settings.url": "nonsense"}).content.decode()
    assert "Address: A web address starts with https:// and a server name." in wrong
    lacking = admin.post(url, posted | {"settings.secret": ""}).content.decode()
    assert "has no secret" in lacking
    assert not Function.objects.exists()


def test_a_builder_leads_no_stored_secret_elsewhere_by_a_test(shop: str, client_for: Any) -> None:
    row = made("https://1.1.1.1/", auth="bearer", secret="s3cret")
    url = reverse("functions:test", args=[row.pk])
    page = client_for("builder").post(url, filled(row, url=shop)).content.decode()
    assert "Only an admin may change the address" in page
    page = client_for("admin").post(url, filled(row, url=shop)).content.decode()
    assert "Enter the secret again" in page
    assert Shop.seen == []


def test_without_authentication_no_secret_stays(shop: str) -> None:
    row = made(shop, auth="bearer", secret="s3cret")
    form = FunctionForm.model_validate(calling.form_of(row).model_dump() | {"auth": "none"})
    assert save_function(form=form, row=row).secret == ""


def test_one_that_lacks_its_secret_is_not_called(shop: str) -> None:
    row = made(shop, auth="bearer")
    with pytest.raises(ActionError, match="has no secret"):
        calling.request_of(row, GIVEN, "k")
    agent = panels.create_agent(name="Front desk", kind="voice")
    added = panels.add_action(panel=agent.panel, slug="custom_function")
    config = {"function": f"function:{row.pk}"}
    panels.save_action(action=added, draft=panels.ActionDraft(config=config, when="they buy"))
    assert [one.text for one in lint(agent.panel) if "secret" in one.text] == [
        "“Points” has no secret. An admin must enter it."
    ]
