"""What Try it simulates in the place of whoever answers, as the tester chooses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from actions import registry
from agents.panels.freeze import settings_of
from agents.panels.models import Agent


@dataclass(frozen=True, slots=True)
class Simulation:
    """One who answers; the first of its ways is what it does where nothing was chosen."""

    what: str
    label: str
    ways: Mapping[str, str]


SIMULATIONS = {
    simulation.what: simulation
    for simulation in (
        Simulation(
            "hubspot",
            "HubSpot",
            {
                "": "the deal has an owner",
                "contact_owner": "only the contact has an owner",
                "nobody": "nobody is the owner",
                "unknown_owner": "the owner is not one of our people",
                "down": "does not answer",
            },
        ),
        Simulation(
            "function",
            "Function",
            {
                "": "gives its sample answer",
                "fails": "answers with an error",
                "slow": "does not answer in time",
                "real": "is really called",
            },
        ),
        Simulation(
            "calendar",
            "Calendar",
            {
                "": "has its free times",
                "full": "is full",
                "taken": "has just given the time away",
                "down": "does not answer",
            },
        ),
        Simulation(
            "colleague",
            "Colleague",
            {
                "": "I decide",
                "answered": "accepts",
                "declined": "declines",
                "no_answer": "does not answer",
                "busy": "is busy",
                "machine": "voicemail answers",
            },
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A simulation and what it does in this test."""

    simulation: Simulation
    how: str

    @property
    def words(self) -> str:
        """As it stands between the turns."""
        return f"{self.simulation.label}: {self.simulation.ways[self.how]}"


def known(what: str, how: str) -> bool:
    """Whether this can be simulated."""
    return what in SIMULATIONS and how in SIMULATIONS[what].ways


def read_choices(data: Mapping[str, str]) -> dict[str, str]:
    """From the pane's form; what is not chosen is left out."""
    chosen = {what: data.get(f"simulate-{what}", "") for what in SIMULATIONS}
    return {what: how for what, how in chosen.items() if how and known(what, how)}


def choices(agent: Agent, simulated: Mapping[str, str]) -> list[Choice]:
    """Whoever answers to the actions that are switched on, and to the agent's own settings."""
    needed = set(_needed(agent))
    return [
        Choice(simulation, simulated.get(simulation.what, ""))
        for simulation in SIMULATIONS.values()
        if simulation.what in needed
    ]


def _needed(agent: Agent) -> Iterator[str]:
    for slug in agent.panel.actions.filter(enabled=True).values_list("type", flat=True):
        kind = registry.get(slug)
        yield from kind.answered_by if kind else ()
    settings = settings_of(agent.panel)
    if agent.kind == Agent.Kind.VOICE and (settings.fallback_ref or settings.outside_ref):
        yield "colleague"
