"""Who may try agents."""

from agents.core.models import Role

TESTERS = (Role.ADMIN, Role.BUILDER)
