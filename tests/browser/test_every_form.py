"""The form of every action type and the entrance, light and dark."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from actions import registry
from agents.core.services import ensure_user, make_login_link
from agents.panels import services
from tests.browser.conftest import CheckPage, OpenPage, session_of


@pytest.fixture
def session(transactional_db: None) -> str:
    """An admin who is signed in."""
    call_command("basics")
    return session_of(ensure_user(email="dana@example.com", role="admin"))


@pytest.mark.parametrize("kind", ["voice", "text"])
@pytest.mark.parametrize("look", [("light", 1440), ("dark", 390)], ids=str)
def test_the_form_of_every_type_is_sound(
    browser_page: OpenPage, check_page: CheckPage, session: str, kind: str, look: tuple[str, int]
) -> None:
    agent = services.create_agent(name="Front desk", kind=kind)
    added = [
        services.add_action(panel=agent.panel, slug=one.slug)
        for one in registry.all_types()
        if services.fits(one, agent)
    ]
    scheme, width = look
    page = browser_page(f"/agents/{agent.uuid}/", session=session, scheme=scheme, width=width)
    for action in added:
        page.goto(f"/agents/{agent.uuid}/?open={action.uid}")
        assert page.locator(".action.open").count() == 1, action.type
        check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_entrance_is_sound(
    browser_page: OpenPage, check_page: CheckPage, transactional_db: None, scheme: str
) -> None:
    call_command("basics")
    token = make_login_link(user=ensure_user(email="new@example.com", role="support"))
    page = browser_page("/enter/", scheme=scheme)
    check_page(page)
    page.goto(f"/enter/{token}/")
    check_page(page)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/conversations/")
    check_page(page)
    assert page.get_by_role("link", name="Integrations").count() == 0


def test_raw_records_are_sound(browser_page: OpenPage, check_page: CheckPage, session: str) -> None:
    services.create_agent(name="Front desk", kind="voice", starter="front-desk")
    page = browser_page("/admin/", session=session)
    assert page.get_by_role("link", name="Conversations").count()
