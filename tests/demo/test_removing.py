"""Removing the demo business: everything of it goes, whatever else was made stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from agents.contacts.models import Contact, Tag
from agents.conversations.models import Conversation
from agents.core.writer import writer
from agents.demo import making, services
from agents.demo.making import Maker
from agents.demo.models import Demo, DemoRow
from agents.demo.reading import keys_of, the_demo
from agents.demo.removing import would_stay
from agents.panels.models import Agent
from agents.panels.services import add_action, create_agent
from agents.routing.models import Person
from agents.tryit.services import replay_test, start_test
from tests.demo.conftest import all_rows
from tests.engine.world import join

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _basics(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation as `up` leaves it, and a shorter week."""
    call_command("basics")
    monkeypatch.setattr(making, "WEEK", making.WEEK[::6])
    monkeypatch.setattr(making, "TRIED", making.TRIED[:2])
    yield
    writer.flush()


def make() -> Maker:
    """The demo business, here and now."""
    maker = Maker()
    services.ask_for(queued=False)
    assert maker.run()
    return maker


def test_afterwards_every_table_is_as_before() -> None:
    before = all_rows()
    make()
    assert all_rows() != before
    assert services.remove() == []
    assert all_rows() == before


def test_also_after_its_agents_were_tried() -> None:
    before = all_rows()
    make()
    for agent in Agent.objects.all():
        contact = Contact.objects.get(pk=keys_of("contact")[0])
        test = start_test(
            agent=agent, contact=contact, channel="sms" if agent.kind == "text" else "voice",
            direction="inbound", attempt=1, user=None,
        )  # fmt: skip
        world = join(test, practice=True)
        world.say("My email is somebody@example.com", f"{test.pk}:1")
        world.say("Stop calling me, take me off your list", f"{test.pk}:2")
        replay_test(test=test, turn=1, text="Hello", on_draft=True, user=None)
        add_action(panel=agent.panel, slug="summarize_note")
    services.remove()
    assert all_rows() == before


def test_made_twice_it_is_the_same_business() -> None:
    before = all_rows()
    for _ in range(2):
        make()
        services.remove()
    assert all_rows() == before


def test_what_ones_own_work_uses_stays_and_is_named_first() -> None:
    make()
    person = Person.objects.get(name="Ben Carver")
    own = create_agent(name="Own desk", kind="voice")
    action = add_action(panel=own.panel, slug="transfer_call")
    action.config = {"destinations": [{"id": "1", "ref": f"person:{person.pk}"}]}
    action.save(update_fields=["config"])
    somebody = Contact.objects.create(phone="+12025550188")
    somebody.tags.add(Tag.objects.get(name="Heat pump"))
    named = would_stay()
    kept = {(one.kind, one.label): one.uses for one in named}
    assert kept == {
        ("Person", "Ben Carver"): ("Transfer call of Own desk",),
        ("Tag", "Heat pump"): ("1 contact",),
    }
    assert the_demo() is not None and Person.objects.filter(name="Nora Whitfield").exists()
    assert services.remove() == named
    assert Agent.objects.get() == own
    assert list(Person.objects.values_list("name", flat=True)) == ["Ben Carver"]
    assert list(somebody.tags.values_list("name", flat=True)) == ["Heat pump"]
    assert not DemoRow.objects.exists() and not Demo.objects.exists()


def test_beside_ones_own_rows_of_the_same_name() -> None:
    """A name or an extension that is taken is used, or another one is chosen; it stays as it is."""
    create_agent(name="Front desk", kind="voice")
    Person.objects.create(name="Own colleague", phone="+12025550177", extension="204")
    Tag.objects.create(name="Boiler")
    before = all_rows()
    make()
    assert Agent.objects.filter(name="Front desk 2").exists()
    assert Person.objects.get(extension="204").name == "Own colleague"
    services.remove()
    assert all_rows() == before


# --- making ---------------------------------------------------------------------------------


def test_two_clicks_make_it_once() -> None:
    first, second = Maker(), Maker()
    services.ask_for(queued=False)
    services.ask_for(queued=False)
    done: dict[str, bool] = {}
    other = threading.Thread(target=lambda: done.update(second=second.run()))
    made = make_slowly(first, other, done)
    other.join()
    assert [made, done["second"]].count(True) == 1
    assert Agent.objects.count() == 2
    assert Conversation.objects.count() == len(making.WEEK)


def make_slowly(first: Maker, other: threading.Thread, done: dict[str, bool]) -> bool:
    """Run one maker while another one begins."""
    other.start()
    return first.run()


def test_a_ready_one_is_not_made_again() -> None:
    make()
    talks = set(Conversation.objects.values_list("pk", flat=True))
    services.ask_for(queued=False)
    assert not Maker().run()
    assert set(Conversation.objects.values_list("pk", flat=True)) == talks


def test_one_whose_maker_died_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_rows()
    _die_half_way(monkeypatch)
    assert Agent.objects.exists()
    assert not Maker().run()  # whoever has it may still live
    Demo.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert the_demo() is not None and the_demo().lost(timezone.now())  # type: ignore[union-attr]
    make()
    assert Agent.objects.count() == 2
    assert Conversation.objects.count() == len(making.WEEK)
    services.remove()
    assert all_rows() == before


def test_one_whose_maker_died_can_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_rows()
    _die_half_way(monkeypatch)
    with pytest.raises(services.BeingMade):
        services.remove()
    Demo.objects.update(until=timezone.now() - timedelta(seconds=1))
    services.remove()
    assert all_rows() == before


def _die_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is gone after the third conversation: nothing more of it happens."""

    class Died(BaseException):
        """Not an error that anybody handles."""

    real, told = Maker._on, []

    def on(self: Maker, doing: str) -> None:
        real(self, doing)
        told.append(doing)
        if len(told) == 3:
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr(Maker, "_on", on)
        services.ask_for(queued=False)
        with pytest.raises(Died):
            Maker().run()


def test_an_error_is_told_and_it_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(names: Any) -> None:
        raise ValueError("no contacts")

    with monkeypatch.context() as patch:
        patch.setattr(making.library, "make_contacts", broken)
        services.ask_for(queued=False)
        assert not Maker().run()
    demo = the_demo()
    assert demo is not None and demo.state == Demo.State.FAILED and demo.doing == making.FAILED
    make()
    assert the_demo().state == Demo.State.READY  # type: ignore[union-attr]


def test_the_command_makes_and_removes_it() -> None:
    before, out = all_rows(), StringIO()
    call_command("demo", stdout=out)
    call_command("demo", stdout=out)
    assert Agent.objects.count() == 2
    call_command("demo", "--remove", stdout=out)
    call_command("demo", "--remove", stdout=out)
    said = out.getvalue()
    for words in ("is ready", "there already", "is removed", "no demo business"):
        assert words in said
    assert all_rows() == before
