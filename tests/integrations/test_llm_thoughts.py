"""Thoughts are never spoken, and nothing else is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.llm.message import MessageParts
from integrations.llm.types import Text

CASES = {
    "<think>Hm.</think>\n\nWe open at eight.": "We open at eight.",
    "  <think>\n</think>Yes": "Yes",
    "We open at eight.": "We open at eight.",
    "<thin": "<thin",
    "<b>bold</b>": "<b>bold</b>",
    "I <think> so </think> too": "I <think> so </think> too",
    "<think>never ends": "",
    "<think>a</think>": "",
    "": "",
}


@pytest.mark.parametrize("whole", CASES)
@given(cuts=st.lists(st.integers(0, 60), max_size=6))
def test_however_it_is_cut(whole: str, cuts: list[int]) -> None:
    parts, heard = MessageParts(), ""
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    for start, end in pairwise(edges):
        chunk = {"choices": [{"delta": {"content": whole[start:end]}}]}
        heard += "".join(e.text for e in parts.take(chunk) if isinstance(e, Text))
    parts.take({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    assert parts.done().text.strip() == CASES[whole]
    assert CASES[whole].startswith(heard)
