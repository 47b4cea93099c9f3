"""`kill -9` under running test chats: they go on, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.aloai.running import Running
from tests.aloai.visitor import Chat, Visitor, run_inside
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_replies import Reply, calls, say

SET_UP = """
import json
from integrations.services import save_connection
from agents.panels.services import create_agent, add_action, save_action, ActionDraft
from agents.contacts.models import Contact, Property
from agents.tryit.services import start_test
from agents.core.models import User
save_connection(vendor="model", name="Model", credentials={"api_key": "test-key"},
    settings={"base_url": "%s", "chat": "m", "judge_kind": "none"})
agent = create_agent(name="Crash desk", kind="text")
action = add_action(panel=agent.panel, slug="update_contact_property")
save_action(action=action, draft=ActionDraft(when="the contact gives an e-mail address",
    config={"fields": [{"id": "1", "property": "property:email"}]}))
user = User.objects.first()
contact = Contact.objects.filter(sample=True, blocked=False).first()
print(json.dumps([str(start_test(agent=agent, contact=contact, channel="chat",
    direction="inbound", attempt=1, user=user).id) for _ in range(%d)]))
"""
READ = """
import json
from agents.conversations.models import ActionRun, Conversation, Turn
print(json.dumps({
    "turns": [[str(t.conversation_id), t.inbound, t.state, len(t.decisions)]
        for t in Turn.objects.filter(kind="message")],
    "runs": [[str(r.conversation_id), str(r.turn_id), r.status, r.arguments]
        for r in ActionRun.objects.all()],
    "emails": {str(c.id): c.world["contact"]["values"].get("email", "")
        for c in Conversation.everything.all()},
}))
"""


def _script(request: Any) -> Reply:
    """Save the address that stands in the last words, then thank for it."""
    messages = request["messages"]
    if messages[-1]["role"] == "tool":
        return say("Thank you, it is saved.").after(20, 5)
    words = str(messages[-1]["content"]).split("</data>")[-1]
    address = next((word for word in words.split() if "@" in word), None)
    if address:
        return calls(("update_contact_property", {"email": address})).after(60, 5)
    return say("I am here, what can I do for you today?").after(60, 20)


def _chats_survive(folder: Path, chats: int, kills: int) -> None:
    with FakeLLM() as model, Running(folder) as product:
        model.script = _script
        product.wait_for("AloAi is ready")
        visitor = Visitor(product)
        local = {"ALOAI_LOCAL_MODELS": "1"}
        ids = run_inside(folder, SET_UP % (model.url, chats), **local)
        open_chats = [Chat(visitor, one) for one in ids]
        said = 0
        for number in range(kills + 1):
            for n, chat in enumerate(open_chats):
                chat.say(f"my address is c{n}r{number}@example.com")
            said += 1
            if number < kills:
                time.sleep(0.05 + 0.06 * number)
                begun = time.monotonic()
                os.kill(product.children()["web"], signal.SIGKILL)
                assert product.get("/health/", 20)[0] == 200
                assert time.monotonic() - begun < 20
            for chat in open_chats:
                chat.settled(number + 2)  # the first turn was the greeting
        for chat in open_chats:
            chat.say("still there?")
            while "I am here" not in chat.until("reply")["text"]:
                pass
            chat.close()
        time.sleep(1)
        found = run_inside(folder, READ)
    mine = [turn for turn in found["turns"] if turn[0] in ids]
    assert len(mine) == chats * (said + 1)
    assert len({(turn[0], turn[1]) for turn in mine}) == len(mine)
    assert all(turn[2] == "done" and turn[3] == 1 for turn in mine)
    done = [run for run in found["runs"] if run[2] == "done"]
    assert len(done) == chats * said
    assert len({(run[0], run[3]["email"]) for run in done}) == len(done)
    for n, one in enumerate(ids):
        assert found["emails"][one] == f"c{n}r{kills}@example.com"


def test_chats_survive_a_killed_web_process(tmp_path: Path) -> None:
    _chats_survive(tmp_path / "var", chats=4, kills=1)


@pytest.mark.soak
def test_chats_survive_many_kills(tmp_path: Path) -> None:
    _chats_survive(tmp_path / "var", chats=20, kills=8)
