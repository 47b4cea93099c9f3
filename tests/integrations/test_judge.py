"""The judge's requests and the check of a model server."""

from __future__ import annotations

import math
from typing import Any

import pytest

from agents.engine import prompt
from integrations.llm.check import check
from integrations.llm.judge import EXAMPLES, chat_predicate, decisions
from integrations.llm.types import ModelError, Predicate, Verdict
from tests.fakes.llm import FakeLLM, Reply, call, fail, say
from tests.integrations.test_stream import run

ASKED = [Predicate("a0_0", "the contact is angry"), Predicate("a1_0", "the contact says thanks")]


class TestDecisions:
    """All predicates in one request."""

    def test_every_predicate_gets_its_probability(self, fake_llm: FakeLLM) -> None:
        fake_llm.judge = lambda instructions, asked: 0.9 if "angry" in instructions else 0.1
        found = run(decisions(fake_llm.endpoint(), "Contact: I am furious.", ASKED))
        assert found == {
            "a0_0": Verdict(0.9, "decisions", 92),
            "a1_0": Verdict(0.1, "decisions", 92),
        }
        body = fake_llm.bodies("/v1/decisions")[0]
        assert body["input"] == "Contact: I am furious."
        assert body["questions"][0] == {
            "type": "predicate",
            "name": "a0_0",
            "instructions": "the contact is angry",
        }

    def test_messages_may_be_judged(self, fake_llm: FakeLLM) -> None:
        messages = [{"role": "user", "content": "I am furious."}]
        assert run(decisions(fake_llm.endpoint(), messages, ASKED[:1]))["a0_0"].probability == 0

    def test_a_refusal_is_missing(self, fake_llm: FakeLLM) -> None:
        fake_llm.judge = lambda instructions, asked: None if "angry" in instructions else 0.5
        assert set(run(decisions(fake_llm.endpoint(), "Hi.", ASKED))) == {"a1_0"}

    def test_more_than_a_request_holds_are_asked_in_several(self, fake_llm: FakeLLM) -> None:
        many = [Predicate(f"p{n}", "it rains") for n in range(401)]
        assert len(run(decisions(fake_llm.endpoint(), "Hi.", many))) == 401
        assert sorted(len(b["questions"]) for b in fake_llm.bodies("/v1/decisions")) == [1, 400]

    def test_a_server_without_it(self, fake_llm: FakeLLM) -> None:
        fake_llm.has_decisions = False
        with pytest.raises(ModelError) as caught:
            run(decisions(fake_llm.endpoint(), "Hi.", ASKED))
        assert caught.value.kind == "bad_request"


class TestChatPredicate:
    """One yes or no question to a chat model."""

    @pytest.mark.parametrize("probability", [0.03, 0.5, 0.86, 0.99])
    def test_probability_is_yes_against_no(self, fake_llm: FakeLLM, probability: float) -> None:
        fake_llm.judge = lambda instructions, asked: probability
        verdict = run(chat_predicate(fake_llm.endpoint(), "Contact: Hi.", "Is it true?"))
        assert verdict.probability == pytest.approx(probability)
        assert (verdict.engine, verdict.tokens) == ("chat", 120)
        body = fake_llm.bodies()[0]
        assert (body["max_tokens"], body["logprobs"], body["top_logprobs"]) == (1, True, 20)

    def test_worked_examples_come_first_and_nothing_of_the_conversation_is_in_the_rule(
        self, fake_llm: FakeLLM
    ) -> None:
        for name in ("Maria", "Ben"):
            run(chat_predicate(fake_llm.endpoint(), f"Contact: {name}.", "Is it true?"))
        first, second = (body["messages"] for body in fake_llm.bodies())
        assert first[:-1] == second[:-1], "the same each time, so that servers may cache it"
        roles = [message["role"] for message in first]
        assert roles == ["system", *["user", "assistant"] * len(EXAMPLES), "user"]
        assert {m["content"] for m in first if m["role"] == "assistant"} == {"Yes", "No"}
        asked = "Contact: Maria.\nIs it true?\nAnswer with one word, yes or no."
        assert first[-1]["content"] == asked

    def test_the_examples_look_like_what_is_asked(self) -> None:
        whole = [(text.count("<data"), text.splitlines()[0]) for text, _, _ in EXAMPLES]
        assert set(whole) == {(1, prompt.fenced("conversation", "").splitlines()[0])}
        for _, asked, _ in EXAMPLES:
            condition = asked.rpartition(": ")[2]
            assert asked == prompt.question(condition, whole=False)

    @pytest.mark.parametrize(("yes", "probability"), [(0.9, 1.0), (0.2, 0.0)])
    def test_without_logprobs_it_is_yes_or_no(
        self, fake_llm: FakeLLM, yes: float, probability: float
    ) -> None:
        fake_llm.judge = lambda instructions, asked: yes
        fake_llm.has_logprobs = False
        verdict = run(chat_predicate(fake_llm.endpoint(), "Contact: Hi.", "Is it true?"))
        assert verdict == Verdict(probability, "chat, no logprobs", 120)

    def test_a_server_that_refuses_logprobs_is_asked_without_from_then_on(
        self, fake_llm: FakeLLM
    ) -> None:
        fake_llm.refuses_logprobs = True
        endpoint = fake_llm.endpoint(model="fake-without-logprobs")

        async def twice() -> None:
            for _ in range(2):
                verdict = await chat_predicate(endpoint, "Contact: Hi.", "Is it true?")
                assert verdict.engine == "chat, no logprobs"

        run(twice())
        assert ["logprobs" in body for body in fake_llm.bodies()] == [True, False, False]

    def test_variants_of_yes_and_no_are_added_up(self) -> None:
        from integrations.llm.judge import _probability

        candidates = [
            {"token": token, "logprob": math.log(p)}
            for token, p in ((" Yes", 0.4), ("yes", 0.2), ("▁no", 0.2), ("maybe", 0.2))
        ]
        assert _probability(candidates) == pytest.approx(0.75)
        assert _probability([{"token": "maybe", "logprob": 0.0}]) is None

    def test_a_failure_is_ours(self, fake_llm: FakeLLM) -> None:
        fake_llm.fail_judge = 500
        with pytest.raises(ModelError) as caught:
            run(chat_predicate(fake_llm.endpoint(), "Contact: Hi.", "Is it true?"))
        assert caught.value.kind == "unavailable"


class TestCheck:
    """*Check now*."""

    def test_a_server_that_can_do_everything(self, fake_llm: FakeLLM) -> None:
        fake_llm.judge = lambda instructions, asked: 0.99
        fake_llm.script = [say("Hello."), call("note", {"text": "milk"})]
        result = run(check(fake_llm.endpoint()))
        assert result.ok
        assert [each.name for each in result.findings if each.ok] == [
            "models",
            "chat",
            "tools",
            "decisions",
            "logprobs",
        ]
        assert result.models == ("fake-large", "fake-small")
        assert all(each.sentence.endswith(".") and each.ms >= 0 for each in result.findings)

    def test_what_is_missing_is_named_and_the_rest_works(self, fake_llm: FakeLLM) -> None:
        fake_llm.has_decisions = fake_llm.has_logprobs = False
        fake_llm.script = [say("Hello."), say("I cannot.")]
        result = run(check(fake_llm.endpoint(model="unlisted")))
        assert result.ok
        assert not any(result.has(name) for name in ("tools", "decisions", "logprobs"))
        assert "unlisted is not among them" in result.findings[0].sentence

    @pytest.mark.parametrize("reply", [fail(500), fail(401), Reply()])
    def test_without_an_answer_it_does_not_work(self, fake_llm: FakeLLM, reply: Any) -> None:
        fake_llm.script = [reply]
        result = run(check(fake_llm.endpoint()))
        assert not result.ok
        assert result.sentence != "The model server works."
        assert not result.has("tools")
