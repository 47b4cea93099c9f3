"""The cards, the header, Validate and publishing say the same after every change."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agents.panels import services
from agents.panels.models import Action, Agent
from agents.tryit.validation import validation
from tests.conversations.drafts import add, add_email, add_tags, add_transfer
from tests.conversations.factories import make_agent
from tests.tryit.test_validation import SAVED, ran

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HEAD = re.compile(r'id="badges-([0-9a-f-]{36})" data-drawn="(\w+)"')


class BuilderPage:
    """The builder's page of one agent, with the digests that its cards carry."""

    def __init__(self, client: Client, agent: Agent) -> None:
        self.client, self.agent = client, agent
        self.url = reverse("panels:instructions", args=[agent.uuid])
        self.open = ""
        self.cards = dict(HEAD.findall(self.load()))

    def load(self) -> str:
        return self.client.get(self.url).content.decode()

    def post(self, name: str, *args: Any, target: str = "", **data: Any) -> str:
        """What htmx posts; the heads that come along take their place."""
        shown = [f"{uid[:8]}.{digest}" + ".open" * (uid == self.open) for uid, digest in
                 self.cards.items()]  # fmt: skip
        headers = {**HTMX, "HX-Target": target, "X-Cards": " ".join(shown)}
        url = reverse(f"panels:{name}", args=[self.agent.uuid, *args])
        answer: HttpResponse = self.client.post(url, data, headers=headers)
        assert answer.status_code == 200, answer
        text = answer.content.decode()
        self.swapped = [uid for uid, _ in HEAD.findall(text)]
        self.cards |= dict(HEAD.findall(text))
        return text

    def check(self) -> None:
        """What the page shows is what a reload would show."""
        assert self.cards == dict(HEAD.findall(self.load()))


def warnings(page: str, action: Action) -> int:
    head = page.partition(f'id="badges-{action.uid}"')[2].partition("data-tried")[0]
    found = re.search(r">(\d+) warning", head)
    return int(found[1]) if found else 0


@pytest.fixture
def agent() -> Agent:
    """A transfer, and two actions behind it that run before it."""
    made = make_agent()
    add_transfer(made)
    add_tags(made)
    add_email(made)
    return made


@pytest.fixture
def page(builder: Client, agent: Agent) -> BuilderPage:
    return BuilderPage(builder, agent)


def test_a_move_takes_the_warning_off_every_card_that_had_it(
    page: BuilderPage, agent: Agent
) -> None:
    transfer, *others = agent.panel.actions.all()
    assert [warnings(page.load(), one) for one in others] == [1, 1]
    order = [str(one.uid) for one in (*others, transfer)]
    text = page.post("order", target="actions", order=order)
    assert sorted(page.swapped) == sorted(str(one.uid) for one in others)
    assert [warnings(text, one) for one in others] == [0, 0]
    page.check()


def test_switching_another_card_off_and_on_again(page: BuilderPage, agent: Agent) -> None:
    transfer, *others = agent.panel.actions.all()
    for count in (0, 1):
        text = page.post("toggle", transfer.uid, target=f"head-{transfer.uid}")
        assert [warnings(text, one) for one in others] == [count, count]
        page.check()


def test_a_deleted_card_and_its_return(page: BuilderPage, agent: Agent) -> None:
    transfer, first, _ = agent.panel.actions.all()
    text = page.post("delete", transfer.uid, target=f"action-{transfer.uid}")
    assert str(transfer.uid) not in page.swapped and warnings(text, first) == 0
    page.cards.pop(str(transfer.uid))
    page.check()
    page.post("restore", transfer.uid, target="actions")
    page.check()


def test_an_open_card_keeps_its_form_and_gets_the_notices_of_now(
    page: BuilderPage, agent: Agent
) -> None:
    transfer, tags, email = agent.panel.actions.all()
    page.open = str(tags.uid)
    text = page.post("order", order=[str(one.uid) for one in (tags, email, transfer)])
    assert f'id="findings-{tags.uid}" hx-swap-oob="true"></div>' in text
    assert f'id="form-{tags.uid}"' not in text
    assert f"findings-{email.uid}" not in text


def test_a_card_that_was_duplicated_is_told_of_its_copy(page: BuilderPage, agent: Agent) -> None:
    transfer = agent.panel.actions.first()
    assert transfer is not None
    page.post("duplicate", transfer.uid, target=f"action-{transfer.uid}")
    page.check()


def test_what_was_tried_is_counted_alike_everywhere(page: BuilderPage, agent: Agent) -> None:
    _, tags, email = agent.panel.actions.all()
    ran(email, **SAVED)
    ran(tags, arguments={"tags": ["Heater"]}, line="Tagged Heater")
    text = page.load()
    assert "1 of 2 tried" in text and ">tried</span>" in text
    total = validation(agent)
    assert (
        f"{total.ticked}/{total.total}"
        in page.client.get(reverse("tryit:dock", args=[agent.uuid])).content.decode()
    )
    dialog = page.client.get(reverse("panels:publish", args=[agent.uuid]), headers=HTMX)
    words = f"Try it has shown {total.ticked} of {total.total} things"
    assert words in dialog.content.decode()


def test_an_edit_says_that_it_was_tried_before(page: BuilderPage, agent: Agent) -> None:
    email = agent.panel.actions.last()
    assert email is not None
    ran(email, **SAVED)
    page.cards = dict(HEAD.findall(page.load()))
    services.save_instructions(panel=agent.panel, text="Be kind.", user=None)
    Action.objects.filter(pk=email.pk).update(when="the contact writes")
    text = page.post("save_instructions", instructions="Be very kind.")
    assert page.swapped == [str(email.uid)] and "tried before the last change" in text
    page.check()


def test_without_a_word_about_its_cards_nothing_is_added(builder: Client, agent: Agent) -> None:
    add(agent, "end_call", when="the caller says goodbye")
    url = reverse("panels:order", args=[agent.uuid])
    order = [str(one.uid) for one in agent.panel.actions.all()]
    answer = builder.post(url, {"order": order[::-1]}, headers=HTMX)
    assert "badges" not in answer.content.decode()
