"""What a turn does: decisions, ledger, speaking, endings."""

from __future__ import annotations

import pytest

from agents.conversations.models import ActionRun, Conversation, Turn
from agents.outbox.models import Delivery
from integrations.llm.types import ModelError, ToolCall
from tests.engine.inline import beside
from tests.engine.world import Reply, action, call, join, make_world

pytestmark = pytest.mark.django_db
BOTH = {"t_save": 0.95}


def test_a_plain_reply_is_spoken_as_it_comes() -> None:
    world = make_world([action("t_save")], "We open at eight.", verdicts={"t_save": 0.1})
    turn = world.say("When do you open?")
    assert world.heard.all.strip() == "We open at eight."
    assert world.codes() == {"t_save": "condition_not_met"}
    row = Turn.objects.get(id=turn.row.id)
    assert row.reply.strip() == "We open at eight." and row.state == "done"
    assert row.timings["first_ms"] > 0 and row.usage["requests"] == 1


def test_both_keys_fire_and_the_effect_is_applied() -> None:
    world = make_world(
        [action("t_save")], Reply("Thank you.", [call("t_save", value="a@b.co")]), verdicts=BOTH
    )
    world.say("My email is a@b.co")
    assert world.codes() == {"t_save": "fired"}
    assert world.runs() == [("t_save", "done")]
    assert world.conversation.facts.contact.values["email"] == "a@b.co"
    assert world.row().world["contact"]["values"]["email"] == "a@b.co"
    assert len(world.chat.requests) == 1, "no follow-up where a run has nothing for the model"


def test_a_result_goes_back_to_the_model() -> None:
    world = make_world(
        [action("t_look")], Reply("", [call("t_look")]), "It is 42.", verdicts={"t_look": 0.9}
    )
    world.say("What is the answer?")
    assert world.heard.all.strip() == "It is 42."
    tool = world.chat.requests[1].messages[-1]
    assert (tool["role"], tool["content"]) == ("tool", "The answer is 42.")


def test_without_text_a_follow_up_is_due() -> None:
    world = make_world(
        [action("t_save")], Reply("", [call("t_save", value="x")]), "Saved it.", verdicts=BOTH
    )
    world.say("x")
    assert world.heard.all.strip() == "Saved it." and len(world.chat.requests) == 2


def test_a_judge_alone_leads_to_a_recheck_that_may_fire() -> None:
    world = make_world(
        [action("t_save")],
        "Fine.",
        Reply("", [call("t_save", value="y")]),
        verdicts=BOTH,
    )
    world.say("y")
    assert world.codes() == {"t_save": "fired_after_recheck"}
    assert "none_of_these" in world.chat.tools(1)


def test_a_recheck_may_be_refused_and_both_verdicts_are_kept() -> None:
    world = make_world(
        [action("t_save")], "Fine.", Reply("", [call("none_of_these", reason="no")]), verdicts=BOTH
    )
    turn = world.say("y")
    entry = turn.decisions[world.conversation.version.actions[0].uid]
    assert (entry["code"], entry["p"], entry["note"]) == ("not_confirmed", 0.95, "keys disagree")
    assert world.runs() == []


def test_a_consequential_action_the_judge_doubts_is_asked() -> None:
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="price")]),
        verdicts={"t_move": 0.2},
        channel="voice",
    )
    world.say("hm")
    assert world.codes() == {"t_move": "confirming"}
    assert "connect you with Sales?" in world.heard.all
    world.say("yes please")
    assert world.codes(1) == {"t_move": "wrong_moment"} or world.row().state == "ringing"
    assert world.row().state == Conversation.State.RINGING


def test_no_to_the_question_goes_on_without_it() -> None:
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="price")]),
        "All right, how can I help?",
        verdicts={"t_move": 0.2},
        channel="voice",
    )
    world.say("hm")
    world.say("no")
    assert world.row().state == Conversation.State.OPEN
    assert world.heard.all.strip().endswith("how can I help?")


def test_a_late_judge_stops_a_consequential_action(settings) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "judge": 0.03}
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="price")]),
        "Tell me more.",
        verdicts={"t_move": 0.99},
        judge_delay=0.2,
        channel="voice",
    )
    world.say("price?")
    assert world.codes()["t_move"] == "not_confirmed"
    assert world.row().state == Conversation.State.OPEN


def test_dnc_needs_one_key_even_a_late_one() -> None:
    world = make_world(
        [action("set_dnc", "the contact wants no more contact")],
        "I see.",
        verdicts={"set_dnc": 0.97},
        judge_delay=0.02,
    )
    world.say("I have had enough of this")
    assert world.codes() == {"set_dnc": "fired_unconfirmed"}
    assert world.conversation.facts.contact.dnc


def test_opt_out_wording_asks_no_model_and_blocks_in_every_mode() -> None:
    world = make_world([action("set_dnc", mode="shadow"), action("t_save")], verdicts={})
    world.say("Stop calling me")
    assert world.codes() == {"set_dnc": "fired_by_rule", "t_save": "blocked_by_gate"}
    assert world.conversation.facts.contact.dnc and not world.chat.requests
    assert world.heard.all == "Understood. We will not contact you again."
    run = ActionRun.objects.get()
    assert (run.status, run.mode, run.turn.inbound) == ("done", "live", "Stop calling me")
    assert run.effects == [{"kind": "SetDnc", "line": "Do not call"}]


def test_the_second_opt_out_is_no_second_run() -> None:
    world = make_world([action("set_dnc", repeat="once")], verdicts={})
    world.say("Stop calling me")
    world.say("I said stop calling me")
    assert world.codes() == {"set_dnc": "fired_by_rule"}
    assert ActionRun.objects.count() == 1


def test_a_blocked_contact_who_writes_is_stored_not_answered() -> None:
    world = make_world([action("t_save")], verdicts={})
    world.say("Stop calling me")
    world.heard.pieces.clear()
    world.say("Hello?")
    assert world.heard.all == "" and not world.chat.requests
    assert Turn.objects.filter(inbound="Hello?", state="done").count() == 1


def test_a_promise_is_held_and_spoken_once_its_action_is_committed() -> None:
    world = make_world(
        [action("t_save")],
        Reply("Sure. I've saved your address.", [call("t_save", value="z")]),
        verdicts=BOTH,
    )
    seen: list[tuple[str, int]] = []
    world.heard.on_piece = lambda piece: seen.append((piece, beside(ActionRun.objects.count)))
    world.say("z")
    assert world.heard.all.strip() == "Sure. I've saved your address."
    assert all(runs for piece, runs in seen if "saved" in piece)


def test_an_empty_promise_is_replaced_and_flagged() -> None:
    world = make_world(
        [action("t_save")], "Sure. I've saved your address.", verdicts={"t_save": 0.1}
    )
    turn = world.say("z")
    assert "saved" not in world.heard.all
    assert "I cannot do that" in world.heard.all
    assert any("promised" in note for note in turn.notes)


def test_a_hand_off_runs_the_barrier_then_rings() -> None:
    world = make_world(
        [action("t_move"), action("t_ticket", "help is needed", moment="before_handoff")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_ticket", name="Maria")]),
        verdicts={"t_move": 0.99, "t_ticket": 0.99},
        channel="voice",
    )
    world.say("a person please")
    assert world.row().state == Conversation.State.RINGING
    assert world.heard.all == "Connecting you now."
    assert dict(world.runs()) == {"t_move": "running", "t_ticket": "done"}
    assert Delivery.objects.get().title == "Ticket “Help Maria” to HubSpot"
    handoff = Turn.objects.get(kind="handoff")
    assert {e["type"]: e["code"] for e in handoff.decisions} == {
        "t_move": "wrong_moment",
        "t_ticket": "fired",
    }


def test_an_interruption_before_the_claim_cancels_transfer_and_ticket(settings) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.3}
    world = make_world(
        [action("t_move"), action("t_ticket", "help", moment="before_handoff")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_ticket", name="Maria")]),
        verdicts={"t_move": 0.99, "t_ticket": 0.99},
        channel="voice",
    )
    world.heard.on_piece = lambda piece: world.session.interrupt("Connecting")
    world.say("a person please")
    assert world.row().state == Conversation.State.OPEN
    assert set(world.runs()) == {("t_move", "interrupted"), ("t_ticket", "interrupted")}
    assert not Delivery.objects.exists()
    assert world.codes(0)["t_move"] == "interrupted"


def test_a_later_ending_still_works_after_an_interrupted_one(settings) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.3}
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_move", reason="help")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.heard.on_piece = lambda piece: world.session.interrupt("")
    world.say("a person please")
    world.heard.on_piece = lambda piece: None
    world.say("yes, do it")
    assert world.row().state == Conversation.State.RINGING


def test_an_answered_transfer_ends_with_the_closing_turn() -> None:
    world = make_world(
        [action("t_move"), action("t_note", "", moment="after_end")],
        Reply("", [call("t_move", reason="help")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.say("a person please")
    world.do(world.session.leg("declined"))
    assert world.row().state == Conversation.State.RINGING
    world.do(world.session.leg("answered"))
    row = world.row()
    assert (row.state, row.outcome) == ("handed_off", "transferred to Ben")
    assert ("t_note", "done") in world.runs()
    assert {e["type"]: e["code"] for e in Turn.objects.get(kind="closing").decisions} == {
        "t_move": "wrong_moment",
        "t_note": "fired_by_rule",
    }


def test_a_transfer_that_came_back_may_fire_again() -> None:
    world = make_world(
        [action("t_move", repeat="once")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_move", reason="help")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.say("a person please")
    world.do(world.session.leg("busy"))
    world.do(world.session.leg("no_answer"))
    assert world.row().state == Conversation.State.OPEN
    assert world.heard.all.endswith("Nobody was free.")
    world.say("try again")
    assert world.row().state == Conversation.State.RINGING


def test_of_several_endings_the_first_in_the_list_wins() -> None:
    world = make_world(
        [action("t_bye"), action("t_move")],
        Reply("", [call("t_move", reason="x"), call("t_bye")]),
        verdicts={"t_move": 0.99, "t_bye": 0.99},
        channel="voice",
    )
    world.say("bye")
    assert world.row().state == Conversation.State.ENDED
    assert world.codes(0) == {"t_bye": "fired", "t_move": "conversation_over"}
    assert world.heard.all == "Goodbye."


def test_the_rest_runs_before_the_ending_whatever_the_order() -> None:
    world = make_world(
        [action("t_bye"), action("t_save")],
        Reply("", [call("t_bye"), call("t_save", value="v")]),
        verdicts={"t_bye": 0.99, "t_save": 0.99},
        channel="voice",
    )
    world.say("bye")
    rows = list(ActionRun.objects.order_by("at", "position").values_list("type", "status"))
    assert dict(rows) == {"t_bye": "done", "t_save": "done"}
    assert world.conversation.facts.contact.values["email"] == "v"


def test_no_answer_asks_no_model() -> None:
    world = make_world(
        [
            action("t_save", "", moment="no_answer", event={"kind": "not_answered"}),
            action("t_note", "", moment="no_answer", event={"kind": "busy"}),
            action("t_bye", "", moment="no_answer"),
        ],
        channel="voice",
        direction="outbound",
    )
    world.do(world.session.not_answered("not_answered"))
    assert world.codes() == {
        "t_save": "fired_by_rule",
        "t_note": "condition_not_met",
        "t_bye": "fired_by_rule",
    }
    assert world.row().state == Conversation.State.ENDED and not world.chat.requests


def test_a_sequence_takes_the_following_turns() -> None:
    world = make_world([action("t_steps"), action("t_save")], Reply("", [call("t_steps")]))
    world.say("start")
    assert world.heard.all == "What is your email?"
    world.say("what for?")
    assert world.codes(1) == {"t_steps": "script_turn", "t_save": "condition_not_met"}
    assert world.heard.all.endswith("What is your email?")
    world.say("maria@lopez.com")
    assert world.conversation.facts.contact.values["email"] == "maria@lopez.com"
    assert world.heard.all.endswith("Shall we go on?")
    world.do(world.session.skip(3 * 3600))
    assert world.heard.all.endswith("Shall we go on?Shall we go on?")
    world.say("yes")
    assert world.heard.all.endswith("Thank you.") and world.row().memory["script"] == {}


def test_read_back_saves_only_after_yes() -> None:
    world = make_world(
        [action("t_confirm")],
        Reply("", [call("t_confirm", value="a@b.co")]),
        verdicts={"t_confirm": 0.99},
    )
    world.say("a@b.co")
    assert world.heard.all == "Is a@b.co right?"
    assert "email" not in world.conversation.facts.contact.values
    world.say("yes")
    assert world.conversation.facts.contact.values["email"] == "a@b.co"


def test_an_action_waits_for_anothers_outcome() -> None:
    first = action("t_look")
    guard = {
        "kind": "ended_with",
        "ref": f"action:{first['uid']}",
        "value": "done",
        "scope": "turn",
    }
    second = action("t_note", "", only_if=[guard])
    world = make_world(
        [first, second], Reply("", [call("t_look")]), "Done.", verdicts={"t_look": 0.99}
    )
    world.say("look")
    assert world.codes() == {"t_look": "fired", "t_note": "fired_by_rule"}


def test_a_named_choice_fires_with_its_own_probability() -> None:
    world = make_world(
        [action("t_pick")],
        Reply("Ok.", [call("t_pick", choice="blue")]),
        verdicts={"t_pick:red": 0.99, "t_pick:blue": 0.1},
    )
    world.say("red")
    assert world.codes() == {"t_pick": "fired_unconfirmed"}


def test_once_is_used_up_only_by_a_run_that_ended_well() -> None:
    world = make_world(
        [action("t_save", repeat="once")],
        Reply("", [call("t_save", value="bad")]),
        "Sorry.",
        Reply("Ok.", [call("t_save", value="good")]),
        Reply("Ok.", [call("t_save", value="good2")]),
        verdicts=BOTH,
    )
    world.say("bad")
    assert world.runs() == [("t_save", "failed")]
    world.say("good")
    world.say("again")
    assert [s for _, s in world.runs()] == ["failed", "done"]
    assert world.codes(2) == {"t_save": "already_done"}


def test_shadow_decides_and_changes_nothing() -> None:
    world = make_world(
        [action("t_save", mode="shadow")], Reply("Ok.", [call("t_save", value="v")]), verdicts=BOTH
    )
    world.say("v")
    assert world.codes() == {"t_save": "shadow"}
    assert "email" not in world.conversation.facts.contact.values


def test_one_actions_bug_never_stops_the_others() -> None:
    world = make_world(
        [action("t_crash"), action("t_save")],
        Reply("Ok.", [call("t_crash"), call("t_save", value="v")]),
        "Sorry about that.",
        verdicts={"t_crash": 0.99, "t_save": 0.99},
    )
    world.say("v")
    assert dict(world.runs()) == {"t_crash": "failed", "t_save": "done"}


def test_a_failing_model_gets_one_retry_then_words_of_ours() -> None:
    down = ModelError("unavailable", "The model does not answer.")
    world = make_world([action("t_save")], Reply(error=down), Reply(error=down), verdicts={})
    turn = world.say("hello")
    assert len(world.chat.requests) == 2
    assert world.codes() == {"t_save": "model_failed"}
    assert "I cannot answer right now" in world.heard.all
    assert "The model does not answer." in turn.notes


def test_the_same_message_twice_is_taken_once() -> None:
    world = make_world([action("t_save")], "Hello.", verdicts={})
    world.say("hi", "k1")
    world.do(
        world.session.say(
            __import__("agents.engine.turn", fromlist=["Inbound"]).Inbound("hi", "k1")
        )
    )
    assert Turn.objects.count() == 1


def test_paused_and_ended_conversations_run_nothing() -> None:
    world = make_world([action("t_save")], verdicts={})
    world.conversation.paused = True
    world.say("hi")
    assert world.codes() == {"t_save": "agent_paused"} and not world.chat.requests


def test_tool_calls_written_as_text_are_taken() -> None:
    text = '{"name": "t_save", "arguments": {"value": "w"}}'
    world = make_world([action("t_save")], Reply(text), "Saved.", verdicts=BOTH)
    world.say("w")
    assert world.codes() == {"t_save": "fired"} and "{" not in world.heard.all


def test_unknown_tools_and_wrong_types_are_refused_to_the_model() -> None:
    wrong = [ToolCall("c1", "delete_everything", "{}"), ToolCall("c2", "t_save", '{"value": 3}')]
    world = make_world([action("t_save")], Reply("", wrong), "I could not.", verdicts=BOTH)
    world.say("w")
    answers = [m["content"] for m in world.chat.requests[1].messages if m["role"] == "tool"]
    assert answers[0] == "This tool is not available now." and answers[1].startswith("Refused:")
    assert world.runs() == []


def test_after_a_crash_committed_runs_are_not_repeated() -> None:
    world = make_world([action("t_save"), action("t_look")], verdicts={})
    world.do(_crash_after_first_run(world))
    again = join(world.row(), "All done.", verdicts={})
    again.do(again.session.resume())
    assert again.runs() == [("t_save", "done")]
    assert again.heard.all.strip() == "All done."
    row = Turn.objects.get(inbound="my email is q@q.co")
    assert row.state == "done" and row.incomplete
    assert {e["type"] for e in row.decisions} == {"t_save", "t_look"}


async def _crash_after_first_run(world) -> None:
    """A turn whose process died between its first run and its end."""
    from agents.engine import ledger
    from agents.engine.tools import read_call
    from agents.engine.turn import Inbound, new_turn

    inbound = Inbound("my email is q@q.co")
    turn = new_turn(world.session.engine, world.conversation, "message", inbound)
    kind = world.conversation.version.actions[0]
    proposal = read_call(kind.uid, call("t_save", value="q@q.co"), kind.arguments)
    run = ledger.new_run(world.conversation, turn.row, kind, proposal)
    assert await turn.enter(run, "running")
    await ledger.perform(world.session.engine, world.conversation, run)


def test_a_lost_lease_changes_nothing() -> None:
    from agents.conversations.services import LostLease

    world = make_world([action("t_save")], "Hi.", verdicts={})
    join(world.row())
    with pytest.raises(LostLease):
        world.say("hello")
    assert Turn.objects.count() == 0


def test_a_crash_after_the_claim_neither_rings_twice_nor_asks_again() -> None:
    world = make_world(
        [action("t_move"), action("t_ticket", "help", moment="before_handoff")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_ticket", name="Maria")]),
        verdicts={"t_move": 0.99, "t_ticket": 0.99},
        channel="voice",
    )
    world.say("a person please")
    Turn.objects.filter(inbound="a person please").update(state="running", decisions=[], reply="")
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert again.row().state == Conversation.State.RINGING and not again.chat.requests
    assert dict(again.runs()) == {"t_move": "running", "t_ticket": "done"}
    assert Delivery.objects.count() == 1
    again.do(again.session.leg("answered"))
    assert again.row().state == Conversation.State.HANDED_OFF
    assert Turn.objects.filter(kind="closing").count() == 1


def test_a_crash_before_the_closing_turn_leaves_it_to_the_next_process() -> None:
    world = make_world(
        [action("t_bye"), action("t_note", "", moment="after_end")],
        Reply("", [call("t_bye")]),
        verdicts={"t_bye": 0.99},
        channel="voice",
    )
    world.say("bye")
    Turn.objects.filter(kind="closing").delete()
    memory = {**world.row().memory, "closed": False}
    Conversation.everything.filter(id=world.conversation.id).update(memory=memory)
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert Turn.objects.filter(kind="closing").count() == 1
    assert ("t_note", "done") in again.runs()


def test_a_slow_model_does_not_keep_the_ticket_from_the_hand_off(settings) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "summary": 0.05}
    world = make_world(
        [action("t_move"), action("t_ticket", "", moment="before_handoff")],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [call("t_ticket", name="Maria")], delay=1.0),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.say("a person please")
    assert world.row().state == Conversation.State.RINGING
    assert dict(world.runs())["t_ticket"] == "done" and Delivery.objects.count() == 1
    notes = Turn.objects.get(kind="handoff").notes
    assert "The model did not answer in time." in notes
