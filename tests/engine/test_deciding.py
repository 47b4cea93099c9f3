"""The table of two keys, cell by cell."""

import pytest

from agents.conversations.reasons import Reason
from agents.engine.deciding import Judging, Then, Weight, decide

ORDINARY, CONSEQUENTIAL, ONE_KEY = Weight.ORDINARY, Weight.CONSEQUENTIAL, Weight.ONE_KEY
CELLS = [
    # proposed, met, weight, confirm, then, code
    (True, True, ORDINARY, "ask", Then.FIRE, Reason.FIRED),
    (True, True, CONSEQUENTIAL, "ask", Then.FIRE, Reason.FIRED),
    (True, True, ONE_KEY, "ask", Then.FIRE, Reason.FIRED),
    (True, False, ORDINARY, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (True, False, CONSEQUENTIAL, "ask", Then.ASK, Reason.CONFIRMING),
    (True, False, CONSEQUENTIAL, "drop", Then.NOTHING, Reason.NOT_CONFIRMED),
    (True, False, ONE_KEY, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (False, True, ORDINARY, "ask", Then.RECHECK, Reason.NOT_CONFIRMED),
    (False, True, CONSEQUENTIAL, "ask", Then.RECHECK, Reason.NOT_CONFIRMED),
    (False, True, ONE_KEY, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (False, False, ORDINARY, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
    (False, False, CONSEQUENTIAL, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
    (False, False, ONE_KEY, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
]


@pytest.mark.parametrize(("proposed", "met", "weight", "confirm", "then", "code"), CELLS)
def test_each_cell(proposed, met, weight, confirm, then, code) -> None:
    """What both keys make of an action."""
    turned = decide(
        proposed=proposed, judging=Judging.ANSWERED, met=met, weight=weight, confirm=confirm
    )
    assert (turned.then, turned.code) == (then, code)


@pytest.mark.parametrize("judging", [Judging.NO_JUDGE, Judging.NOT_ASKED, Judging.LATE])
@pytest.mark.parametrize("weight", list(Weight))
def test_without_a_verdict(judging, weight) -> None:
    """The proposal alone decides and the log says so; a consequential one never on a late judge."""
    proposed = decide(proposed=True, judging=judging, met=False, weight=weight)
    silent = decide(proposed=False, judging=judging, met=False, weight=weight)
    assert (silent.then, silent.code) == (Then.NOTHING, Reason.CONDITION_NOT_MET)
    if judging is not Judging.NO_JUDGE and weight is CONSEQUENTIAL:
        assert (proposed.then, proposed.code) == (Then.NOTHING, Reason.NOT_CONFIRMED)
    else:
        assert proposed.then is Then.FIRE
        late = judging is Judging.LATE
        assert proposed.code == (Reason.FIRED_UNCONFIRMED if late else Reason.FIRED)
    assert judging.value in proposed.note
