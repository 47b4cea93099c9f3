"""How the data files refer to what the demo business makes: `@person:nora` is a person's row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings


@dataclass
class Names:
    """What every name of the data files stands for."""

    refs: dict[str, str] = field(default_factory=lambda: {"@zone": settings.TIME_ZONE})

    def put(self, name: str, ref: str) -> None:
        """From now on `@name` is this reference."""
        self.refs[f"@{name}"] = ref

    def key(self, name: str) -> str:
        """The key of what is called so."""
        return self.refs[f"@{name}"].partition(":")[2]

    def resolve(self, value: Any) -> Any:
        """JSON with every name replaced; rows of a list get the ids that a form gives them."""
        if isinstance(value, dict):
            return {name: self.resolve(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._row(number, inner) for number, inner in enumerate(value, 1)]
        if isinstance(value, str) and value.startswith("@"):
            return self.refs[value]
        return value

    def _row(self, number: int, value: Any) -> Any:
        resolved = self.resolve(value)
        return {"id": str(number), **resolved} if isinstance(resolved, dict) else resolved


def action_uid(agent: UUID, key: str) -> UUID:
    """The uid of an action of a demo agent, the same wherever it is named."""
    return uuid5(agent, key)
