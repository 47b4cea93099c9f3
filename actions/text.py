"""Text of strangers made safe, quotations from it, and where its sentences end."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise


def listed(words: str) -> list[str]:
    """Words written in a row, as a list."""
    return words.split()


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s)|\n")
_LAST_WORD = re.compile(r"(?:^|[\s(\"“‘'])([^\s(\"“‘']{1,12})$")
_ALWAYS_ABBREVIATED = frozenset(
    listed(
        "mr mrs ms mx dr prof st jr sr vs etc inc ltd co ave blvd dept est approx e.g i.e a.m p.m "
        "u.s"
    )
)
_BEFORE_NUMBER = frozenset(listed("no nos nr fig vol ext tel p pp"))


def clean(text: object, limit: int = 100_000) -> str:
    """The text without what cannot be stored (NUL, lone surrogates), at most `limit` long."""
    if text is None:
        return ""
    return _UNSTORABLE.sub("", str(text))[: max(limit, 0)]


def one_line(text: object, limit: int = 200) -> str:
    """The text on one line, without control characters or signs that turn its direction."""
    return " ".join(_UNPRINTABLE.sub(" ", clean(text)).split())[: max(limit, 0)]


def identifier(text: str, limit: int = 64) -> str:
    """The text in small ASCII letters, digits and underscores, e.g. as the name of a tool."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain)[: max(limit, 0)].strip("_")


def quote(text: str, start: int, end: int, around: int = 0) -> str:
    """The words from `start` to `end` with up to `around` characters on each side.

    The surroundings are cut at a space, and dots show where something was left out.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    left, right = max(start - around, 0), min(end + around, len(text))
    if left > 0:
        space = text.find(" ", left, start)
        left = space + 1 if space >= 0 else start
    if right < len(text):
        space = text.rfind(" ", end, right)
        right = space if space >= 0 else end
    inside = " ".join(text[left:right].split())
    before = "…" if text[:left].strip() else ""
    after = "…" if text[right:].strip() else ""
    return f"{before}{inside}{after}"


def split_sentences(buffer: str) -> tuple[str, str]:
    """What is complete of a growing text, and the running sentence."""
    cut = max(_ends(buffer), default=0)
    return buffer[:cut], buffer[cut:]


def sentences(text: str) -> list[str]:
    """The sentences of a complete text, without the blanks around them."""
    cuts = [0, *_ends(text), len(text)]
    parts = [text[a:b].strip() for a, b in pairwise(cuts)]
    return [part for part in parts if part]


def _ends(text: str) -> list[int]:
    return [m.end() for m in _END.finditer(text) if not _only_abbreviated(text, m)]


def _only_abbreviated(text: str, end: re.Match[str]) -> bool:
    if end.group() != ".":
        return False
    last = _LAST_WORD.search(text, max(end.start() - 14, 0), end.start())
    if last is None:
        return False
    word = last.group(1).casefold()
    if word in _ALWAYS_ABBREVIATED or (len(word) == 1 and word.isalpha() and word != "i"):
        return True
    following = text[end.end() : end.end() + 16].lstrip()
    if word in _BEFORE_NUMBER:
        return not following or following[0].isdigit()
    line = text[text.rfind("\n", 0, end.start()) + 1 : end.start()]
    return word.isdigit() and line.strip() == word
