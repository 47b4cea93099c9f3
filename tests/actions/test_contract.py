"""The contract of action types: one test for every type, and what a dropped-in type gets."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from actions import catalog, registry
from actions.base import (
    ActionError,
    ActionType,
    Channel,
    Event,
    Heard,
    Moment,
    Names,
    Outcome,
    Repeat,
)
from actions.context import Context, Occasion
from actions.fields import Choices
from actions.registry import RegistryError
from actions.understood import Evidence
from agents.engine.tools import tool
from tests.fakes.ports import NAMES, FakeContext

TYPES = registry.all_types()
EXAMPLES = [
    pytest.param(kind, example, id=f"{kind.slug}: {example.title}")
    for kind in TYPES
    for example in kind.examples
]
each_type = pytest.mark.parametrize("kind", TYPES, ids=[kind.slug for kind in TYPES])
TEN = {
    "transfer_call",
    "end_call",
    "call_disposition",
    "communication_tag",
    "update_contact_property",
    "send_sms",
    "sms_sequence",
    "set_dnc",
    "summarize_note",
    "create_ticket",
}


def test_the_ten_types_are_there() -> None:
    assert {kind.slug for kind in TYPES} >= TEN


@each_type
def test_it_says_what_it_is(kind: ActionType) -> None:
    assert kind.about.endswith(".") and kind.tool_help and kind.when_hint
    assert kind.group in registry.GROUPS
    assert kind.channels <= frozenset(Channel) and kind.channels
    assert kind.default_moment in kind.moments <= frozenset(Moment)
    assert kind.default_repeat in Repeat
    assert kind.one_key is False or not kind.ends
    for channel in ("voice", "text"):
        assert kind.first_moment(channel) in kind.moments
        assert kind.moments_for(channel) <= kind.moments
    for phrases in kind.promises.values():
        assert all(phrase == phrase.lower().strip() for phrase in phrases)
    assert len(kind.examples) >= 3 and any(example.error for example in kind.examples)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_its_examples_work(kind: ActionType, example: Any) -> None:
    occasion = Occasion(example.confirmed, example.asked, example.moment)
    context = FakeContext(dict(example.contact), occasion=occasion, simulated=example.simulated)
    try:
        config = kind.Config.model_validate(example.config)
        arguments = kind.arguments(config, NAMES)
        args = arguments.model_validate_json(orjson.dumps(dict(example.arguments)))
        outcome = kind.execute(cast(Context, context), config, args)
    except ValidationError as error:
        assert example.error == "invalid", error
        return
    except ActionError as error:
        assert example.error, error
        assert error.sentence.startswith(example.error)
        assert [effect.line for effect in context.effects] == list(example.effects)
        return
    assert not example.error
    assert isinstance(outcome, Outcome)
    assert outcome.line.startswith(example.line)
    assert outcome.outcome in kind.outcomes or outcome.outcome == "done"
    shown = [effect.line for effect in context.effects]
    assert shown == list(example.effects) or not example.effects
    assert isinstance(outcome.flow, example.flow) if example.flow else outcome.flow is None


def _fields(model: type[BaseModel]) -> Any:
    for name, info in model.model_fields.items():
        yield model, name, info
        for inner in _models(info.annotation):
            yield from _fields(inner)


def _models(annotation: Any) -> list[type[BaseModel]]:
    arguments = getattr(annotation, "__args__", ())
    found = [a for a in arguments if isinstance(a, type) and issubclass(a, BaseModel)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found.append(annotation)
    return found


@each_type
def test_every_setting_knows_how_it_is_asked(kind: ActionType) -> None:
    for model, name, info in _fields(kind.Config):
        if name == "id":
            continue
        extra = info.json_schema_extra
        assert isinstance(extra, dict) and extra.get("widget"), (model, name)
        assert info.title, (model, name)
    schema = orjson.dumps(kind.Config.model_json_schema())
    assert b"anyOf" not in schema and b"oneOf" not in schema


@each_type
def test_a_new_card_is_refused_with_sentences_not_with_a_crash(kind: ActionType) -> None:
    for channel in ("voice", "text"):
        draft = kind.default_config(channel)
        try:
            config = kind.Config.model_validate(draft)
        except ValidationError as error:
            assert all(item["msg"] for item in error.errors())
            continue
        assert isinstance(kind.summary(config, Names()), str)
        assert all(finding.text.endswith(".") for finding in kind.lint(config, ""))


def _configs(kind: ActionType) -> list[Any]:
    found = []
    for example in kind.examples:
        try:
            found.append(kind.Config.model_validate(example.config))
        except ValidationError:
            continue
    return found


@each_type
def test_stored_settings_read_back_the_same(kind: ActionType) -> None:
    for config in _configs(kind):
        stored = orjson.loads(orjson.dumps(config.model_dump(mode="json")))
        assert kind.Config.model_validate(stored) == config


@each_type
def test_its_tool_is_fit_for_strict_mode(kind: ActionType) -> None:
    for config in _configs(kind):
        made = tool(kind.slug, "help", kind.arguments(config, NAMES))
        _strict(made["function"]["parameters"])
        assert "description" not in made["function"]["parameters"], "a class speaks"
        told = kind.tool_description(config, "it rains", NAMES)
        conditions = kind.predicates(config, "it rains", NAMES).values()
        assert kind.tool_help in told and all(text in told for text in conditions)


def _strict(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _strict(item)
    if not isinstance(node, dict):
        return
    assert not {"const", "$ref", "$defs", "default", "oneOf", "allOf"} & set(node)
    if node.get("type") == "object":
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
        for value in node["properties"].values():
            _strict(value)
    if "anyOf" in node:
        kinds = [option.get("type") for option in node["anyOf"]]
        assert len(kinds) == 2 and "null" in kinds, node
        _strict(node["anyOf"])
    if node.get("type") == "array":
        _strict(node["items"])


@each_type
def test_deleted_references_never_crash(kind: ActionType) -> None:
    """With nothing left every choice is empty, or the run says so."""
    for config in _configs(kind):
        assert isinstance(kind.summary(config, Names()), str)
        kind.predicates(config, "when", Names())
        empty = [c for c in kind.choices(config, Names()).values() if not c.labels]
        if empty:
            continue
        kind.arguments(config, Names())


@each_type
def test_practice_makes_arguments_that_the_form_accepts(kind: ActionType) -> None:
    message = "My name is Maria Lopez, maria@lopez.com, 415 555 0142. Stop calling me."
    for config in _configs(kind):
        evidence = {
            key: Evidence(message[:20], 0, 20) for key in kind.predicates(config, "w", NAMES)
        }
        made = kind.practise(config, NAMES, Heard(message, evidence))
        if made is not None:
            kind.arguments(config, NAMES).model_validate(made)
            kind.arguments(config, NAMES).model_validate_json(orjson.dumps(made))
        silent = kind.practise(config, NAMES, Heard("", {}))
        if silent is not None:
            kind.arguments(config, NAMES).model_validate(silent)


@each_type
@pytest.mark.parametrize("event", ["not_answered", "busy", "machine", "silent_hours", "chained"])
def test_what_an_event_supplies_the_form_accepts(kind: ActionType, event: str) -> None:
    for config in _configs(kind):
        made = kind.event_arguments(config, NAMES, Event(event))
        if made is not None:
            kind.arguments(config, NAMES).model_validate(made)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)


@each_type
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_hostile_arguments_stay_inside_the_panel(kind: ActionType, data: Any) -> None:
    """Whatever is sent: refused, or only references of the settings are touched."""
    for config in _configs(kind)[:2]:
        arguments = kind.arguments(config, NAMES)
        names = st.sampled_from([*arguments.model_fields, "contact_id", "to", "url"])
        raw = json.dumps(data.draw(st.dictionaries(names, JUNK, max_size=5)))
        try:
            args = arguments.model_validate_json(raw)
        except ValidationError:
            continue
        context = FakeContext({"phone": "+14155550142", "said": "hi"})
        try:
            kind.execute(cast(Context, context), config, args)
        except ActionError:
            continue
        allowed = set(kind.refs(config)) | {f"external:{context.value('phone')}"}
        for effect in context.effects:
            touched = [getattr(effect, "ref", ""), *getattr(effect, "refs", ())]
            if key := getattr(effect, "key", ""):
                touched.append(f"property:{key}")
            if to := getattr(effect, "to", ""):
                touched.append(f"external:{to}")
            assert {ref for ref in touched if ref} <= allowed


def test_labels_are_made_unique_and_lead_back() -> None:
    choices = Choices([("list:1", "Leads"), ("list:2", "Leads"), ("list:3", "Leads")])
    assert choices.labels == ("Leads", "Leads (2)", "Leads (3)")
    assert [choices.ref(label) for label in choices.labels] == ["list:1", "list:2", "list:3"]


def test_a_choice_of_one_is_an_enum() -> None:
    kind = registry.get("call_disposition")
    assert kind is not None
    config = kind.Config.model_validate(
        {"dispositions": [{"id": "1", "disposition": "disposition:1"}]}
    )
    made = tool("x", "y", kind.arguments(config, NAMES))
    assert made["function"]["parameters"]["properties"]["disposition"]["enum"] == ["Connected"]


DROPPED = '''
"""A type that a test drops in."""
from actions.base import ActionType, Outcome, Settings, ToolArguments
from actions.fields import line
from actions.registry import register

@register
class Wave(ActionType):
    """Waves."""
    slug, label, group, icon = "wave", "Wave", "Messaging", "send"

    class Config(Settings):
        """How."""
        hand: str = line("Hand", "left")

    class Arguments(ToolArguments):
        """To whom."""
        whom: str

    def execute(self, ctx, config, args):
        """Wave."""
        return Outcome(f"Waved to {args.whom} with the {config.hand} hand")
'''


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file more in the catalog's folder, and a start of the process after that."""
    (tmp_path / "wave.py").write_text(DROPPED)
    monkeypatch.setattr(catalog, "__path__", [*catalog.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_loaded", False)
    yield
    registry.unregister("wave")
    sys.modules.pop("actions.catalog.wave", None)
    vars(catalog).pop("wave", None)


@pytest.mark.usefixtures("dropped")
def test_a_file_dropped_into_the_catalog_is_a_type() -> None:
    kind = registry.get("wave")
    assert kind in registry.all_types() and kind is not None
    config = kind.Config.model_validate({})
    made = tool(kind.slug, "help", kind.arguments(config, NAMES))
    assert list(made["function"]["parameters"]["properties"]) == ["whom"]
    args = kind.arguments(config, NAMES).model_validate_json(b'{"whom": "Ana"}')
    done = kind.execute(cast(Context, FakeContext()), config, args)
    assert done.line == "Waved to Ana with the left hand"


def test_a_type_that_is_not_fit_is_refused_at_the_start() -> None:
    good = {"slug": "nod", "label": "x", "group": "x", "icon": "x"}
    bad: list[dict[str, Any]] = [
        {"slug": "no spaces"},
        {"slug": "end_call"},
        {"label": ""},
        {"moments": frozenset({Moment.IDLE})},
    ]
    for change in bad:
        with pytest.raises(RegistryError):
            registry.register(type("Bad", (ActionType,), good | change))
    assert registry.get("nod") is None
