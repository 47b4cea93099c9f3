"""What the number in a threshold field means, said for the judge that is in use."""

from __future__ import annotations

from integrations.llm.judge import DEFAULT_THRESHOLDS
from integrations.services import judge_in_use

ASKED = {
    "decisions": "with a decisions endpoint",
    "chat": "with yes or no questions to a chat model",
}
TRADE = "A higher number means fewer wrong actions, but also fewer right ones."


def _default(kind: str) -> str:
    return f"{DEFAULT_THRESHOLDS[kind]:.0%} {ASKED[kind]}".replace("%", " %", 1)


def help_for_agent() -> str:
    """Below an agent's threshold: what it means, and what counts where it is empty."""
    kind = judge_in_use()
    if kind not in ASKED:
        both = ", ".join(_default(known) for known in ASKED)
        return f"Changes nothing now, because no model judges. Leave empty for {both}."
    only = " Only actions with consequences, such as a transfer, are judged." * (kind == "chat")
    return (
        "How sure the judge must be before an action fires; an action may have its own. "
        f"Leave empty for the judge’s default, {_default(kind)}. {TRADE}{only}"
    )


def help_for_action(agents_own: int | None) -> str:
    """Below an action's threshold: what counts where it is empty."""
    kind = judge_in_use()
    if agents_own is not None:
        own = f"Leave empty for the agent’s own, {agents_own} %."
    elif kind in ASKED:
        own = f"Leave empty for the agent’s own, which is the judge’s default: {_default(kind)}."
    else:
        own = "Leave empty for the agent’s own."
    return f"{own} {TRADE}" if kind in ASKED else f"{own} Changes nothing now: no model judges."
