"""Takes the pictures of every page: `python docs/screenshots/take.py` in the environment.

Starts the product in a folder of its own, begins with the demo business, holds a test call with its
front desk in practice mode, and saves each page in light and dark, wide and narrow.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.aloai.running import Running  # noqa: E402
from tests.aloai.visitor import run_inside  # noqa: E402

HERE = Path(__file__).resolve().parent
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FORMS = """
import json
from actions import registry
from agents.panels.services import ActionDraft, add_action, create_agent, fits, save_action
from agents.demo.services import remove
from tests.catalog import showcase
remove()
for model in showcase.MODELS.values():
    model.objects.all().delete()
showcase.furnish()
opened = {}
for kind in ("voice", "text"):
    agent = create_agent(name=f"Every action, {kind}", kind=kind)
    for one in registry.all_types():
        if fits(one, agent) and one.slug not in opened:
            action = add_action(panel=agent.panel, slug=one.slug)
            draft = ActionDraft(when=one.when_hint, config=showcase.config_of(one),
                moment=action.moment, repeat=action.repeat)
            save_action(action=action, draft=draft)
            opened[one.slug] = f"/agents/{agent.uuid}/?open={action.uid}"
print(json.dumps(opened))
"""


class Camera:
    """Saves a page in every form."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def take(self, name: str, *, narrow: bool = True) -> None:
        """Wide light and dark, narrow light and dark; the wide light one has the plain name."""
        self.page.wait_for_timeout(700)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width, height in ((1440, 900), (390, 844)) if narrow else ((1440, 900),):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.wait_for_timeout(250)
                parts = [name]
                parts += ["dark"] if scheme == "dark" else []
                parts += ["narrow"] if width == 390 else []
                self.page.screenshot(path=str(HERE / f"{'-'.join(parts)}.png"))
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1440, "height": 900})


def forms(page: Page, base: str, opened: dict[str, str]) -> None:
    """The form of every action type: wide and light, narrow and dark."""
    (HERE / "forms").mkdir(exist_ok=True)
    looks = (("light", 1440, ""), ("dark", 390, "-dark-narrow"))
    for scheme, width, ending in looks:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 3000})
        for slug, path in opened.items():
            page.goto(base + path)
            card = page.locator(".action.open")
            card.wait_for()
            page.wait_for_timeout(400)
            card.screenshot(path=str(HERE / "forms" / f"{slug}{ending}.png"))


def say(page: Page, text: str) -> None:
    """A line of the test call."""
    page.locator(".composer textarea, .composer input").last.fill(text)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1200)


def test_call(page: Page, camera: Camera) -> None:
    """A caller who wants a price."""
    page.get_by_role("button", name="Call", exact=True).last.click()
    page.wait_for_timeout(1200)
    say(page, "Hi, my name is Maria Lopez and my new email is maria.lopez@example.com")
    say(page, "My heater is out. Could you text me your address in writing?")
    say(page, "How much would a new one cost? I would like a quote.")
    camera.take("tryit", narrow=False)
    page.get_by_role("button", name="answers").first.click()
    page.wait_for_timeout(1500)
    camera.take("tryit-ended", narrow=False)


def welcome(page: Page, camera: Camera) -> list[str]:
    """The first page, and the demo business made from it; the addresses of its agents."""
    camera.take("welcome")
    page.get_by_role("button", name="Start with the demo business").click()
    page.locator(".demo-notice").wait_for(timeout=60_000)
    page.get_by_role("link", name="Agents", exact=True).first.click()
    links = page.locator("main .card h2 a")
    links.first.wait_for()
    return [str(link.get_attribute("href")) for link in links.all()]


def tour(page: Page, base: str) -> None:
    """Every page once."""
    camera = Camera(page)
    agent = base + welcome(page, camera)[0]
    page.goto(f"{base}/agents/")
    camera.take("agents")
    page.goto(agent)
    camera.take("instructions")
    page.locator("#actions").get_by_role("button", name="Transfer call", exact=True).first.click()
    page.locator(".action.open").scroll_into_view_if_needed()
    camera.take("action")
    page.goto(agent)
    page.get_by_role("button", name="Add action").click()
    camera.take("palette")
    page.keyboard.press("Escape")
    test_call(page, camera)
    page.goto(agent)
    page.get_by_text("Publish…").first.click()
    camera.take("publish")
    for name, path in (
        ("home", "/home/"),
        ("report", "/home/report/"),
        ("help", "/help/instructions/"),
        ("settings", f"{agent.removeprefix(base)}settings/"),
        ("versions", f"{agent.removeprefix(base)}versions/"),
        ("conversations", "/conversations/"),
        ("tests", "/conversations/?show=tests"),
        ("library", "/library/"),
        ("integrations", "/integrations/"),
        ("contacts", "/contacts/"),
        ("new-agent", "/agents/new/"),
    ):
        page.goto(base + path)
        camera.take(name)
    page.goto(f"{base}/contacts/?q=Claire+Fontaine")
    page.locator("main table a").first.click()
    camera.take("contact")
    page.goto(f"{base}/conversations/?q=gas+in+the+basement")
    page.locator("main table a").first.click()
    camera.take("conversation")


def shelves(page: Page, base: str, camera: Camera) -> None:
    """What actions refer to: the first entry of the larger shelves."""
    for name in ("people", "calendars", "sequences", "functions"):
        page.goto(f"{base}/library/{name}/")
        page.locator("main").get_by_role("button", name="Edit").first.click()
        page.locator("#dialog[open]").wait_for()
        camera.take(name)


def main() -> None:
    """Start, show, end."""
    folder = Path(tempfile.mkdtemp(prefix="pictures-")) / "var"
    with Running(folder) as product, sync_playwright() as driver:
        product.wait_for("AloAi is ready")
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(product.base + product.link())
        page.get_by_role("button", name="Sign in").click()
        tour(page, product.base)
        shelves(page, product.base, Camera(page))
        opened: Any = run_inside(folder, FORMS)
        forms(page, product.base, opened)
        browser.close()


if __name__ == "__main__":
    main()
