"""What rules understand of a condition in plain language, where no model is asked."""

from __future__ import annotations

from actions.practice.conditions import Understanding, expected_response, understand

__all__ = ["Understanding", "expected_response", "understand"]
