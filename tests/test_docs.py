"""What the documents promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from actions import registry
from agents.engine.tools import tool
from docs.make_actions_page import PAGE, page
from tests.actions import test_contract as contract
from tests.fakes.ports import NAMES


@pytest.fixture
def documented(project: Path) -> Any:
    """The type of the page about adding one, really loaded."""
    page = (project / "docs" / "adding-an-action-type.md").read_text()
    found = re.search(r"```python\n(.+?)```", page, re.S)
    assert found
    scope: dict[str, Any] = {"__name__": "documented"}
    exec(compile(found.group(1), "adding-an-action-type.md", "exec"), scope)  # noqa: S102
    yield registry.get("callback_note")
    registry.unregister("callback_note")


def test_the_documented_type_keeps_the_contract(documented: Any) -> None:
    assert documented in registry.all_types()
    contract.test_it_says_what_it_is(documented)
    contract.test_every_setting_knows_how_it_is_asked(documented)
    contract.test_its_tool_is_fit_for_strict_mode(documented)
    for example in documented.examples:
        contract.test_its_examples_work(documented, example)
    made = tool("callback_note", "help", documented.arguments(documented.Config(), NAMES))
    assert list(made["function"]["parameters"]["properties"]) == ["time"]


@pytest.mark.django_db
def test_it_is_in_the_palette_and_has_a_form(documented: Any, client_for: Any) -> None:
    from agents.panels.services import add_action, create_agent

    agent = create_agent(name="Desk", kind="text")
    client = client_for("admin")
    assert "Call back" in client.get(f"/agents/{agent.uuid}/").content.decode()
    action = add_action(panel=agent.panel, slug="callback_note")
    form = client.get(f"/agents/{agent.uuid}/actions/{action.uid}/").content.decode()
    assert "Begin the note with" in form and "Mark as urgent" in form


def test_every_picture_of_the_readme_is_there(project: Path) -> None:
    named = re.findall(r"\((docs/[^)]+)\)", (project / "README.md").read_text())
    assert named
    for name in named:
        assert (project / name).exists(), name


def test_the_page_of_actions_is_made_from_the_catalog() -> None:
    assert PAGE.read_text() == page(), "run python -m docs.make_actions_page"
