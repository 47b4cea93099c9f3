"""A page of the documentation: from Markdown to HTML and to sections that can be searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

Address = Callable[[str], str]
"""From an address in a document to the one it is served at; empty where it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the plain words below it, up to the next one."""

    anchor: str
    level: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: its title, its HTML without the title, its sections; the first is its beginning."""

    title: str
    html: SafeString
    sections: tuple[Section, ...]
    dead: tuple[str, ...]
    """Addresses that lead nowhere."""


def _parser() -> MarkdownIt:
    """CommonMark and tables; HTML in a document is shown as it is written."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    return made


def _table_open(renderer: Any, tokens: Sequence[Token], place: int, *rest: Any) -> str:
    return (
        '<div class="table-box" tabindex="0" role="group" aria-label="Table"><table class="table">'
    )


def _table_close(renderer: Any, tokens: Sequence[Token], place: int, *rest: Any) -> str:
    return "</table></div>"


PARSER = _parser()


def render(text: str, address: Address) -> Rendered:
    """One document."""
    tokens, dead = PARSER.parse(text), []
    for token in tokens:
        for child in token.children or ():
            name = {"link_open": "href", "image": "src"}.get(child.type)
            if name and not _readdress(child, name, address):
                dead.append(str(child.attrGet(name)))
    title, tokens = _without_title(tokens)
    sections = _sections(title, tokens)
    # Raw HTML is off: everything in it was made by the parser.
    html = mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S308 # nosec
    return Rendered(title, html, sections, tuple(dead))


def _readdress(token: Token, name: str, address: Address) -> bool:
    found = address(str(token.attrGet(name) or ""))
    if found:
        token.attrSet(name, found)
    if name == "src":
        token.attrSet("loading", "lazy")
    return bool(found)


def _without_title(tokens: list[Token]) -> tuple[str, list[Token]]:
    """The first heading is the page's own and stands in its header."""
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _words(tokens[1]), tokens[3:]
    return "", tokens


def _sections(title: str, tokens: Sequence[Token]) -> tuple[Section, ...]:
    """Give each heading its anchor, and gather what stands below it."""
    made: list[list[Any]] = [["", 1, title, []]]
    known: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = _words(tokens[place + 1])
            token.attrSet("id", anchor := _anchor(heading, known))
            made.append([anchor, int(token.tag[1:]), heading, []])
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            made[-1][3].append(_words(token))
        elif token.type in ("fence", "code_block"):
            made[-1][3].append(token.content)
    return tuple(Section(a, level, head, " ".join(text)) for a, level, head, text in made)


def _words(token: Token) -> str:
    """The plain words of a line; pictures by what they show."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_words(child))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _anchor(heading: str, known: set[str]) -> str:
    """The heading as an address; the second of the same name gets a number."""
    wanted = made = slugify(heading) or "section"
    number = 2
    while made in known:
        made, number = f"{wanted}-{number}", number + 1
    known.add(made)
    return made
