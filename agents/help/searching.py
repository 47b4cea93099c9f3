"""Full text search over the pages: every word must be there; headings count for more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.core.text import one_line
from agents.help.pages import HelpPage, pages
from agents.help.rendering import Section

MOST = 20
AROUND = 90  # characters of an excerpt on either side of the first word found
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that has all the words."""

    page: HelpPage
    section: Section
    score: int
    excerpt: SafeString

    @property
    def url(self) -> str:
        """To the very section."""
        return self.page.url + (f"#{self.section.anchor}" if self.section.anchor else "")


def words_of(query: str) -> list[str]:
    """What is looked for."""
    return [word.casefold() for word in WORD.findall(one_line(query, 100))][:8]


def search(query: str) -> list[Hit]:
    """The best sections first."""
    words = words_of(query)
    if not words:
        return []
    hits = [
        Hit(page, section, score, excerpt(section.text, words))
        for page in pages().values()
        for section in page.rendered.sections
        if (score := _score(page, section, words))
    ]
    return sorted(hits, key=lambda hit: -hit.score)[:MOST]


def _score(page: HelpPage, section: Section, words: Sequence[str]) -> int:
    """0 where a word is missing. Beginnings of words count, what stands inside a word does not."""
    heading = f"{page.title} {section.title}".casefold()
    text = section.text.casefold()
    score = 0
    for word in words:
        begins = re.compile(rf"\b{re.escape(word)}")
        in_title, in_text = len(begins.findall(heading)), len(begins.findall(text))
        if not in_title and not in_text:
            return 0
        score += 10 * in_title + min(in_text, 5)
    return score


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """Some words around the first one that was found, and each of them marked."""
    found = re.compile("|".join(rf"\b{re.escape(word)}\w*" for word in words), re.IGNORECASE)
    first = found.search(text)
    middle = first.start() if first else 0
    begin = text.rfind(" ", 0, max(middle - AROUND, 0)) + 1
    end = text.find(" ", middle + AROUND)
    piece = text[begin : end if end > 0 else len(text)]
    marked, last = [], 0
    for one in found.finditer(piece):
        marked.append(format_html("{}<mark>{}</mark>", piece[last : one.start()], one[0]))
        last = one.end()
    return format_html(
        "{}{}{}{}",
        "… " if begin else "",
        format_html_join("", "{}", ((part,) for part in marked)),
        piece[last:],
        " …" if begin + len(piece) < len(text) else "",
    )
