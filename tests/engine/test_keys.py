"""The table of two keys, cell by cell."""

import pytest

from agents.conversations.reasons import Reason
from agents.engine.keys import Judging, Then, Weight, turn_keys

O, C, K = Weight.ORDINARY, Weight.CONSEQUENTIAL, Weight.ONE_KEY
CELLS = [
    # proposed, met, weight, confirm, then, code
    (True, True, O, "ask", Then.FIRE, Reason.FIRED),
    (True, True, C, "ask", Then.FIRE, Reason.FIRED),
    (True, True, K, "ask", Then.FIRE, Reason.FIRED),
    (True, False, O, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (True, False, C, "ask", Then.ASK, Reason.CONFIRMING),
    (True, False, C, "drop", Then.NOTHING, Reason.NOT_CONFIRMED),
    (True, False, K, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (False, True, O, "ask", Then.RECHECK, Reason.NOT_CONFIRMED),
    (False, True, C, "ask", Then.RECHECK, Reason.NOT_CONFIRMED),
    (False, True, K, "ask", Then.FIRE, Reason.FIRED_UNCONFIRMED),
    (False, False, O, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
    (False, False, C, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
    (False, False, K, "ask", Then.NOTHING, Reason.CONDITION_NOT_MET),
]


@pytest.mark.parametrize(("proposed", "met", "weight", "confirm", "then", "code"), CELLS)
def test_each_cell(proposed, met, weight, confirm, then, code) -> None:
    """What both keys make of an action."""
    turned = turn_keys(
        proposed=proposed, judging=Judging.ANSWERED, met=met, weight=weight, confirm=confirm
    )
    assert (turned.then, turned.code) == (then, code)


@pytest.mark.parametrize("judging", [Judging.NO_JUDGE, Judging.NOT_ASKED, Judging.LATE])
@pytest.mark.parametrize("weight", list(Weight))
def test_without_a_verdict(judging, weight) -> None:
    """The proposal alone decides and the log says so; a consequential one never on a late judge."""
    proposed = turn_keys(proposed=True, judging=judging, met=False, weight=weight)
    silent = turn_keys(proposed=False, judging=judging, met=False, weight=weight)
    assert (silent.then, silent.code) == (Then.NOTHING, Reason.CONDITION_NOT_MET)
    if judging is Judging.LATE and weight is C:
        assert (proposed.then, proposed.code) == (Then.NOTHING, Reason.NOT_CONFIRMED)
    else:
        assert proposed.then is Then.FIRE
        late = judging is Judging.LATE
        assert proposed.code == (Reason.FIRED_UNCONFIRMED if late else Reason.FIRED)
    assert judging.value in proposed.note
