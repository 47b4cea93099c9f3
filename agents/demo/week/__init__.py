"""The conversations of the demo week, in the order of their times."""

from __future__ import annotations

from agents.demo.story import Story
from agents.demo.week import chats, office, sales, service, texts


def _when(story: Story) -> tuple[int, int]:
    hours, minutes = story.time.split(":")
    return story.day, int(hours) * 60 + int(minutes)


TRIED_ON_THE_DRAFT = frozenset(
    {
        "heat-pump-visit",
        "where-is-my-order",
        "wrong-extension",
        "water-on-the-floor",
        "not-a-sales-call",
        "voicemail-beth",
        "is-my-plan-valid",
        "quote-in-three-steps",
        "remind-me",
        "no-thanks",
    }
)
"""Stories that were also tried on the draft, so that a part of it is validated."""


WEEK: tuple[Story, ...] = tuple(
    sorted(
        (
            *sales.STORIES,
            *service.STORIES,
            *office.STORIES,
            *texts.STORIES,
            *chats.STORIES,
        ),
        key=_when,
    )
)
TRIED: tuple[Story, ...] = tuple(story for story in WEEK if story.slug in TRIED_ON_THE_DRAFT)
