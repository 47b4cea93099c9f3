"""Help: a page for every screen, every link alive, every page found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from agents.help.pages import (
    FIRST,
    GROUPS,
    ROUTES,
    SHELVES,
    SLUGS,
    address,
    folder,
    page_for,
    pages,
)
from agents.help.rendering import render
from agents.help.searching import excerpt, search, words_of
from agents.panels.services import create_agent
from agents.routing.views.shelves import SHELVES as LIBRARY

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(client_for: Any) -> Client:
    client: Client = client_for("support")
    return client


# --- the pages -----------------------------------------------------------------------------------


def test_every_document_is_a_page_and_every_page_a_document() -> None:
    assert {path.stem for path in folder().glob("*.md")} == set(SLUGS)
    assert len(set(SLUGS)) == len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_is_served_whole(slug: str, support: Client) -> None:
    page = pages()[slug]
    assert page.title and page.rendered.dead == ()
    body = support.get(page.url).content.decode()
    assert f'aria-current="page">{page.title}' in body
    anchors = {section.anchor for section in page.rendered.sections}
    for anchor in anchors - {""}:
        assert f'id="{anchor}"' in body
    for other in SLUGS:
        assert f'href="{pages()[other].url}"' in body, "every page leads to every other"


def _links() -> Iterator[tuple[str, str]]:
    for slug, page in pages().items():
        for found in re.findall(r'(?:href|src)="([^"]+)"', str(page.rendered.html)):
            yield slug, found


def test_every_link_and_picture_leads_somewhere(support: Client) -> None:
    seen = set()
    for slug, link in _links():
        target, _, anchor = link.partition("#")
        page = re.fullmatch(r"/help/([a-z-]+)/", target)
        if page or not target:
            sections = pages()[page[1] if page else slug].rendered.sections
            assert not anchor or anchor in {one.anchor for one in sections}, (slug, link)
        elif target.startswith("/"):
            seen.add(target)
        else:
            assert target.startswith("https://"), (slug, link)
    assert seen
    for target in seen:
        answer = support.get(target)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), target


@pytest.mark.parametrize(
    "name",
    ["take.py", "../../manage.png", "..%2f..%2fx.png", "forms/../take.png", "no-such.png", "x.svg"],
)
def test_pictures_are_all_that_is_served(name: str, support: Client) -> None:
    assert support.get(f"/help/pictures/{name}").status_code == 404


@pytest.mark.parametrize(
    "slug", ["no-such-page", "readme", "make_actions_page", "..", "screenshots"]
)
def test_no_other_page_is_served(slug: str, support: Client) -> None:
    assert support.get(f"/help/{slug}/").status_code == 404


# --- which page for which screen -----------------------------------------------------------------


def _routes() -> Iterator[str]:
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace not in (None, "core", "admin"):
            for pattern in resolver.url_patterns:
                yield f"{resolver.namespace}:{pattern.name}"


def test_every_route_has_a_page_of_its_room() -> None:
    routes = list(_routes())
    assert len(routes) > 40
    for route in routes:
        assert page_for(route) in SLUGS, route
        room = route.partition(":")[0]
        assert page_for(route) != FIRST or room == "help", route
    assert set(ROUTES) <= set(routes)


def test_shelves_with_a_page_of_their_own() -> None:
    assert set(SHELVES) <= set(LIBRARY)
    assert page_for("routing:shelf", "sequences") == "sequences"
    assert page_for("routing:entry", "tags") == "library"


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/home/", "home"),
        ("/home/report/", "home"),
        ("/agents/", "agents"),
        ("/agents/{agent}/", "instructions"),
        ("/agents/{agent}/settings/", "agents"),
        ("/agents/{agent}/versions/", "publishing"),
        ("/conversations/", "conversations"),
        ("/contacts/", "contacts"),
        ("/library/", "library"),
        ("/library/calendars/", "calendars"),
        ("/library/functions/new/", "functions"),
        ("/integrations/", "integrations"),
        ("/help/keys/", "start"),
    ],
)
def test_a_screen_links_its_page(path: str, slug: str, client_for: Any) -> None:
    agent = create_agent(name="Front desk", kind="voice")
    body = client_for("admin").get(path.format(agent=agent.uuid), follow=True).content.decode()
    assert body.count(f'href="/help/{slug}/"') >= 3  # the side bar, the menu, the list of keys
    assert f'href="/help/{slug}/" data-key="h"' in body


# --- rendering ---------------------------------------------------------------------------------


def test_html_in_a_document_is_shown_and_not_run() -> None:
    made = render("# A\n\n<script>x()</script> <b onclick=x()>b</b>\n\n[a](javascript:x)", address)
    assert "<script" not in made.html and "<b " not in made.html and "href" not in made.html


def test_headings_get_anchors_of_their_own() -> None:
    made = render(
        "# T\n\nIn front.\n\n## One `two`\n\nWords *here*.\n\n## One two\n\n## ???", address
    )
    assert [(one.anchor, one.title, one.text) for one in made.sections] == [
        ("", "T", "In front."),
        ("one-two", "One two", "Words here."),
        ("one-two-2", "One two", ""),
        ("section", "???", ""),
    ]


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("concepts.md", "/help/concepts/"),
        ("concepts.md#two-keys", "/help/concepts/#two-keys"),
        ("#here", "#here"),
        ("https://example.com/", "https://example.com/"),
        ("screenshots/tryit.png", "/help/pictures/tryit.png"),
        ("screenshots/missing.png", ""),
        ("../README.md", ""),
        ("no-such.md", ""),
        ("/etc/passwd", ""),
        ("http://example.com/", ""),
    ],
)
def test_addresses(written: str, served: str) -> None:
    assert address(written) == served


# --- searching ---------------------------------------------------------------------------------


def test_a_page_is_found_by_its_words() -> None:
    assert search("ring group")
    assert search("practice mode")[0].page.slug in ("integrations", "try-it", "concepts")
    assert search("lift block")[0].section.title == "Lifting a block"
    assert search("INVITING")[0].url == "/help/users/#inviting-somebody"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_is_found_by_its_title(slug: str) -> None:
    assert slug in {hit.page.slug for hit in search(pages()[slug].title)}


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "zzzznothing", "agent zzzz", "\x00", "(", "a" * 9999]
)
def test_nothing_is_found_without_words(query: str, support: Client) -> None:
    assert search(query) == [] or query == "\x00"
    assert support.get("/help/search/", {"q": query}).status_code == 200


def test_all_words_must_be_there_and_begin_there() -> None:
    assert words_of("Ring-Group, please") == ["ring", "group", "please"]
    assert all("gate" in f"{h.section.text} {h.section.title} {h.page.title}".lower()
               for h in search("gate"))  # fmt: skip
    assert not search("ublishin")


def test_an_excerpt_is_marked_and_escaped() -> None:
    text = "before " * 40 + "<b>Ring</b> the group & go" + " after" * 40
    made = excerpt(text, ["ring", "group"])
    assert "&lt;b&gt;<mark>Ring</mark>&lt;/b&gt; the <mark>group</mark> &amp; go" in made
    assert made.startswith("… ") and made.endswith(" …") and len(made) < 400


def test_the_part_is_what_the_page_includes(support: Client) -> None:
    page = support.get("/help/search/?q=consent").content.decode()
    headers = {"HX-Request": "true", "HX-Target": "help-content"}
    part = support.get("/help/search/?q=consent", headers=headers).content.decode()
    assert '<div class="help-content" id="help-content">' in part and "<html" not in part
    assert part.count("row-link") == page.count("row-link") > 0


# --- the words ---------------------------------------------------------------------------------

OURS = [slug for title, slugs in GROUPS if title != "For developers" for slug in slugs]
NOT_OURS = re.compile(
    r"\b(bot|workflow|trigger(?:ed|s)?|persons|click here|oops|simply|just)\b|!\s",
    re.IGNORECASE,
)


@pytest.mark.parametrize("slug", [slug for slug in OURS if slug not in ("actions", "concepts")])
def test_the_pages_keep_to_the_words_of_the_product(slug: str, project: Path) -> None:
    text = (project / "docs" / f"{slug}.md").read_text()
    assert NOT_OURS.findall(text) == []


def test_every_word_of_the_product_is_explained() -> None:
    everything = " ".join(
        f"{section.title} {section.text}"
        for slug in OURS
        for section in pages()[slug].rendered.sections
    ).lower()
    for word in ("agent", "instruction panel", "action type", "action", "version", "conversation",
                 "turn", "decision", "ledger", "effect", "delivery", "hold", "gate", "person",
                 "ring group", "inbox", "sequence", "enroll", "moment", "shadow", "draft",
                 "consent", "dnc", "disengaged", "practice mode", "validate"):  # fmt: skip
        assert word in everything, word
