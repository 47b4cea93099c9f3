"""Takes the pictures of every page: `python docs/screenshots/take.py` in the environment.

Starts the product in a folder of its own, makes a demonstration agent, holds a test call with it
in practice mode, and saves each page in light and dark, wide and narrow.
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
DEMO = """
import json
from agents.contacts.models import Contact, ContactDisposition, Disposition, Tag
from agents.contacts.services import add_note, set_property
from agents.contacts.status import change_labels, set_contact_disposition
from agents.panels.services import ActionDraft, add_action, create_agent, save_action, save_instructions
from agents.panels.services import save_settings
from agents.panels.schema import AgentSettings
from agents.routing.models import GroupMember, Inbox, Person, RingGroup
ana = Person.objects.create(name="Ana Ruiz", phone="+14155550111", extension="204")
ben = Person.objects.create(name="Ben Cole", phone="+14155550112", extension="205")
sales = RingGroup.objects.create(name="Sales")
for n, person in enumerate((ben, ana)):
    GroupMember.objects.create(group=sales, person=person, position=n)
quote, _ = Disposition.objects.get_or_create(name="Quote")
lost, _ = Disposition.objects.get_or_create(name="No Answer")
urgent, _ = Tag.objects.get_or_create(name="Urgent")
agent = create_agent(name="Front desk", kind="voice")
save_settings(agent=agent, settings=AgentSettings(business="Hartwell Heating",
    greeting="Hartwell Heating, this is the front desk. Who am I speaking with?",
    disclosure="I am an AI assistant."))
save_instructions(panel=agent.panel, text="You are the front desk of Hartwell Heating. Be brief and "
    "friendly. Ask for the name first. Opening hours are 8 am to 6 pm, Monday to Saturday. If the "
    "boiler is leaking or there is a smell of gas, tell the caller to shut the main valve, then "
    "transfer the call at once.")
def put(slug, when="", **more):
    action = add_action(panel=agent.panel, slug=slug)
    save_action(action=action, draft=ActionDraft(when=when, **more))
put("update_contact_property", "the caller gives a name, an e-mail address or a phone number", config={
    "fields": [{"id": str(n), "property": f"property:{key}"} for n, key in enumerate(
        ("first_name", "last_name", "email"))]})
put("call_disposition", config={"dispositions": [
    {"id": "1", "disposition": f"disposition:{quote.pk}", "when": "the caller asks about a “price” or a “quote”"},
    {"id": "2", "disposition": f"disposition:{lost.pk}", "event": "not_answered"}]})
put("communication_tag", config={"tags": [
    {"id": "1", "tag": f"tag:{urgent.pk}", "when": "the caller says “leaking” or “gas”"}]})
put("transfer_call", "the caller asks about pricing or a quote", config={"warm": True, "destinations": [
    {"id": "1", "ref": f"ring_group:{sales.pk}"}, {"id": "2", "ref": f"person:{ana.pk}", "ring_seconds": 15}]})
put("create_ticket", "", moment="before_handoff", config={"pipeline": "hubspot_pipeline:practice-support",
    "status": "hubspot_status:practice-support-new", "priority": "HIGH"})
put("send_sms", "the caller asks for the address “in writing”", config={
    "text": "Hi [FirstName|there], we are at 12 Mill Street, open 8 am to 6 pm."})
put("summarize_note", "", moment="after_end", config={})
put("end_call", "the caller says “goodbye”", config={})
text = create_agent(name="Service by text", kind="text", starter="leads")
mail = "maria@lopez.example"
maria = Contact.objects.create(phone="+14155550142", email=mail, time_zone="America/Los_Angeles",
    values={"first_name": "Maria", "last_name": "Lopez", "phone": "+14155550142", "email": mail})
by = {"actor": "Front desk"}
change_labels(contact=maria, kind="tag", refs=[f"tag:{urgent.pk}"], **by)
waiting = ContactDisposition.objects.create(name="Waits for an offer")
set_contact_disposition(contact=maria, ref=f"contact_disposition:{waiting.pk}", **by)
set_property(contact=maria, key="address", value="7 Oak Lane, Fresno", **by)
add_note(contact=maria, text="Wants an offer for a condensing boiler, 120 square metres.", **by)
print(json.dumps([str(agent.uuid), str(text.uuid)]))
"""
FORMS = """
import json
from actions import registry
from agents.panels.services import ActionDraft, add_action, create_agent, fits, save_action
from tests.catalog import showcase
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


def tour(page: Page, base: str, agents: list[str]) -> None:
    """Every page once."""
    camera = Camera(page)
    page.goto(f"{base}/agents/")
    camera.take("agents")
    page.goto(f"{base}/agents/{agents[0]}/")
    camera.take("instructions")
    page.locator("#actions").get_by_role("button", name="Transfer call", exact=True).click()
    page.locator(".action.open").scroll_into_view_if_needed()
    camera.take("action")
    page.goto(f"{base}/agents/{agents[0]}/")
    page.get_by_role("button", name="Add action").click()
    camera.take("palette")
    page.keyboard.press("Escape")
    test_call(page, camera)
    page.goto(f"{base}/agents/{agents[0]}/")
    page.get_by_text("Publish…").first.click()
    camera.take("publish")
    for name, path in (
        ("home", "/home/"),
        ("report", "/home/report/"),
        ("help", "/help/instructions/"),
        ("settings", f"/agents/{agents[0]}/settings/"),
        ("versions", f"/agents/{agents[0]}/versions/"),
        ("conversations", "/conversations/?show=tests"),
        ("library", "/library/"),
        ("integrations", "/integrations/"),
        ("contacts", "/contacts/"),
        ("new-agent", "/agents/new/"),
    ):
        page.goto(base + path)
        camera.take(name)
    page.goto(f"{base}/contacts/")
    page.locator("main table a").first.click()
    camera.take("contact")
    page.goto(f"{base}/conversations/?show=tests")
    page.locator("main table a").first.click()
    camera.take("conversation")


def shelves(page: Page, base: str, camera: Camera) -> None:
    """What actions refer to: the first entry of the larger shelves."""
    for name in ("persons", "calendars", "sequences", "functions"):
        page.goto(f"{base}/library/{name}/")
        page.locator("#rows").get_by_role("button", name="Edit").first.click()
        page.locator("#dialog[open]").wait_for()
        camera.take(name)


def main() -> None:
    """Start, show, end."""
    folder = Path(tempfile.mkdtemp(prefix="pictures-")) / "var"
    with Running(folder) as product, sync_playwright() as driver:
        product.wait_for("AloAi is ready")
        agents: Any = run_inside(folder, DEMO)
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(product.base + product.link())
        page.get_by_role("button", name="Sign in").click()
        tour(page, product.base, agents)
        opened: Any = run_inside(folder, FORMS)
        shelves(page, product.base, Camera(page))
        forms(page, product.base, opened)
        browser.close()


if __name__ == "__main__":
    main()
