"""What Try it plays in the place of what answers: HubSpot, a function, a calendar.

`scene.facts.played` says what each answers in this conversation; it is chosen in Try it.
"""

from __future__ import annotations

from agents.ports.live_answers import LiveAnswers


class PlayedAnswers(LiveAnswers):
    """Scripted answers; our own rows are read, never written."""
