"""Parts of an SMS, counted against a slow and obvious counter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.segments import Segments, segments

EXTENDED = "^{}\\[~]|€\f"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Segments("GSM-7", 0, 0, 160, 160)),
        ("a" * 160, Segments("GSM-7", 160, 1, 160, 0)),
        ("a" * 161, Segments("GSM-7", 161, 2, 153, 145)),
        ("€", Segments("GSM-7", 2, 1, 160, 158)),
        ("a" * 152 + "€" + "a" * 20, Segments("GSM-7", 174, 2, 153, 131)),
        ("ñ à @ £", Segments("GSM-7", 7, 1, 160, 153)),
        ("it’s", Segments("UCS-2", 4, 1, 70, 66, "’")),
        ("😀" * 35, Segments("UCS-2", 70, 1, 70, 0, "😀")),
        ("😀" * 36, Segments("UCS-2", 72, 2, 67, 61, "😀")),
        ("€" * 80 + "ç", Segments("UCS-2", 81, 2, 67, 53, "ç")),
    ],
)
def test_sizes(text: str, size: Segments) -> None:
    assert segments(text) == size


def _parts(text: str) -> int:
    gsm = segments(text).encoding == "GSM-7"
    units = [
        (2 if c in EXTENDED else 1) if gsm else len(c.encode("utf-16-le", "surrogatepass")) // 2
        for c in text
    ]
    single, limit = (160, 153) if gsm else (70, 67)
    if sum(units) <= single:
        return 1 if units else 0
    parts = [0]
    for unit in units:
        if parts[-1] + unit <= limit:
            parts[-1] += unit
        else:
            parts.append(unit)
    return len(parts)


@given(st.text(alphabet=st.sampled_from("ab €^[é"), max_size=700) | st.text(max_size=300))
def test_against_the_slow_counter(text: str) -> None:
    size = segments(text)
    assert size.count == _parts(text)
    assert 0 <= size.remaining <= size.per_segment
    assert (size.culprit is None) == (size.encoding == "GSM-7")


@given(st.text(max_size=400), st.text(max_size=20))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more).count >= segments(text).count
