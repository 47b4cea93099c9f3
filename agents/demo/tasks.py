"""Background tasks of the demo business; may run twice."""

from __future__ import annotations

from agents.demo.making import Maker


def make() -> None:
    """Create, unless somebody is at it."""
    Maker().run()
