"""A custom function of the library."""

from __future__ import annotations

from typing import Any

from django.db import models


class Function(models.Model):
    """A request that agents may make. `settings` is the JSON of `forms.FunctionForm`.

    The secret is encrypted and kept apart; it is written and read through services only.
    """

    name = models.CharField(max_length=120, unique=True)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name

    @property
    def url(self) -> str:
        """Its address, empty where nobody has entered one."""
        return str(self.settings.get("url", ""))

    @property
    def lacks(self) -> str:
        """What must be entered before it can be called, empty where nothing is missing."""
        if not self.url:
            return "address"
        signs_in = self.settings.get("auth", "none") != "none"
        return "secret" if signs_in and not self.secret else ""

    def details(self) -> dict[str, Any]:
        """What a version keeps of it: parameters, words, whether it is_consequential."""
        kept = ("about", "parameters", "starts", "consequential")
        return {name: self.settings.get(name) for name in kept}
