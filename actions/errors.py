"""What a run raises when it cannot do its work."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """For whom an error is."""

    CONTACT = "contact"
    ADMIN = "admin"
    OPERATOR = "operator"


class ActionError(Exception):
    """Something a run could not do; says for whom it is and whether trying again may help.

    `sentence` is what staff read; `to_model`, where given, is what the model is told.
    """

    def __init__(
        self,
        sentence: str,
        *,
        audience: Audience = Audience.ADMIN,
        permanent: bool = True,
        to_model: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.audience, self.permanent = sentence, audience, permanent
        self.to_model = to_model
