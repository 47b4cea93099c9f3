"""A customer system to practise with: two pipelines with statuses, for the sandbox only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline and its statuses by key."""

    key: str
    label: str
    statuses: dict[str, str]


PIPELINES = {
    pipeline.key: pipeline
    for pipeline in (
        Pipeline(
            "practice-support",
            "Support (practice)",
            {
                "practice-support-new": "New",
                "practice-support-waiting": "Waiting on contact",
                "practice-support-working": "Waiting on us",
                "practice-support-closed": "Closed",
            },
        ),
        Pipeline(
            "practice-installs",
            "Installations (practice)",
            {
                "practice-installs-requested": "Requested",
                "practice-installs-scheduled": "Scheduled",
                "practice-installs-done": "Done",
            },
        ),
    )
}
STATUSES = {
    key: (pipeline, label)
    for pipeline in PIPELINES.values()
    for key, label in pipeline.statuses.items()
}
