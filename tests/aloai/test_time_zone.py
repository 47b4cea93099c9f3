"""The site's time zone comes from the environment, else from the machine."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from aloai import settings


@pytest.mark.parametrize(
    ("told", "machine", "zone"),
    [
        ("Europe/Berlin", "America/New_York", "Europe/Berlin"),
        ("", "America/New_York", "America/New_York"),
        ("", "XYZ-3", "UTC"),
        ("", "", "UTC"),
    ],
)
def test_as_told_else_the_machine_s_else_utc(
    monkeypatch: pytest.MonkeyPatch, told: str, machine: str, zone: str
) -> None:
    monkeypatch.setenv("SITE_TIME_ZONE", told)
    monkeypatch.setenv("TZ", machine)
    assert settings._zone() == zone


def test_a_zone_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_TIME_ZONE", "Mars/North")
    with pytest.raises(ImproperlyConfigured, match="SITE_TIME_ZONE: there is no time zone Mars"):
        settings._zone()
