"""Which pages there are, in which order, and which one belongs to which screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from agents.help.rendering import Rendered, render

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start", ("start", "concepts", "home")),
    ("Agents", ("agents", "instructions", "actions", "try-it", "publishing")),
    ("Day to day", ("conversations", "contacts")),
    ("Library", ("library", "functions", "calendars", "sequences")),
    ("Set-up", ("integrations", "users", "keys")),
    ("For developers", ("engine", "adding-an-action-type", "adding-a-language")),
)
SLUGS = tuple(slug for _, slugs in GROUPS for slug in slugs)
FIRST = "start"
PICTURE = re.compile(r"screenshots/((?:forms/)?[a-z0-9_-]+\.png)")
# The page of a room, and what differs by route or by shelf of the library.
ROOMS = {
    "home": "home",
    "demo": "home",
    "panels": "agents",
    "tryit": "try-it",
    "conversations": "conversations",
    "contacts": "contacts",
    "routing": "library",
    "functions": "functions",
    "integrations": "integrations",
    "admin": "users",
    "help": "start",
}
ROUTES = {
    "panels:instructions": "instructions",
    "panels:publish": "publishing",
    "panels:versions": "publishing",
    "panels:restore_version": "publishing",
    "tryit:trail": "conversations",
}
SHELVES = {"sequences": "sequences", "calendars": "calendars", "functions": "functions"}


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page under its address."""

    slug: str
    rendered: Rendered

    @property
    def title(self) -> str:
        """Its heading."""
        return self.rendered.title

    @property
    def url(self) -> str:
        """Where it is served."""
        return reverse("help:page", args=[self.slug])


def folder() -> Path:
    """Where the documents lie: beside the code, in a clone and in an image alike."""
    return Path(settings.BASE_DIR) / "docs"


@cache
def pages() -> dict[str, HelpPage]:
    """Every page by its slug, read once: documents change with the code."""
    return {
        slug: HelpPage(slug, render((folder() / f"{slug}.md").read_text("utf-8"), address))
        for slug in SLUGS
    }


def address(written: str) -> str:
    """`concepts.md#turn` as it is served; what leads out of the documents leads nowhere."""
    if written.startswith(("#", "https://")):
        return written
    if found := PICTURE.fullmatch(written):
        there = (folder() / "screenshots" / found[1]).is_file()
        return reverse("help:picture", args=[found[1]]) if there else ""
    name, _, anchor = written.partition("#")
    slug = name.removesuffix(".md")
    if not name.endswith(".md") or slug not in SLUGS:
        return ""
    return reverse("help:page", args=[slug]) + (f"#{anchor}" if anchor else "")


def page_for(route: str, shelf: str = "") -> str:
    """The page that explains a screen."""
    room = route.partition(":")[0]
    return SHELVES.get(shelf) or ROUTES.get(route) or ROOMS.get(room, FIRST)
