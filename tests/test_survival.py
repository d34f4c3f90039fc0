"""Survival: against a textbook table, on simulated waits, and on the edges of the data."""

import math

import numpy as np
import pytest

from mss_analysis.deployment.survival import Curve, estimate_survival

# Weeks of remission of 21 leukaemia patients on 6-mercaptopurine (Freireich et al., Blood 21,
# 1963, 699-716), as tabulated by Kleinbaum and Klein, Survival Analysis, ch. 2.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
# Time, at risk, share and Greenwood's standard error by that table.
TABLE = [
    (6, 21, 0.8571, 0.0764),
    (7, 17, 0.8067, 0.0869),
    (10, 15, 0.7529, 0.0963),
    (13, 12, 0.6902, 0.1068),
    (16, 11, 0.6275, 0.1141),
    (22, 7, 0.5378, 0.1282),
    (23, 6, 0.4482, 0.1346),
]


def fit_remission() -> Curve:
    outcomes = [True] * len(RELAPSED) + [False] * len(CENSORED)
    return estimate_survival(RELAPSED + CENSORED, outcomes)


def test_textbook_table_is_reproduced() -> None:
    curve = fit_remission()
    assert curve.durations == tuple(row[0] for row in TABLE)
    assert curve.at_risk == tuple(row[1] for row in TABLE)
    assert curve.share == pytest.approx([row[2] for row in TABLE], abs=5e-5)
    assert curve.median() == 23


def test_intervals_follow_from_the_standard_errors_of_the_table() -> None:
    curve = fit_remission()
    for (_, _, share, error), low, high in zip(TABLE, curve.low, curve.high, strict=True):
        # Log-log scale: share ** exp(+-1.96 x error / (share x ln share)).
        spread = 1.959964 * error / (share * math.log(share))
        assert low == pytest.approx(share ** math.exp(-spread), abs=1e-3)
        assert high == pytest.approx(share ** math.exp(spread), abs=1e-3)


def test_share_is_read_between_the_steps() -> None:
    curve = fit_remission()
    assert curve.after(5.9) == (1.0, 1.0, 1.0)
    assert curve.after(12)[0] == pytest.approx(0.7529, abs=5e-5)
    assert curve.after(400)[0] == pytest.approx(0.4482, abs=5e-5)
    assert curve.risk_after(12) == 15


def test_nobody_censored_gives_the_share_that_is_left() -> None:
    curve = estimate_survival([10, 20, 30, 40], [True] * 4)
    assert curve.share == pytest.approx((0.75, 0.5, 0.25, 0.0))
    # Nothing left has no interval on the log-log scale: the bound before is kept, not [0, 0].
    assert curve.low[-1] == 0.0
    assert curve.high[-1] == curve.high[-2] > 0


def test_a_wait_that_is_not_over_is_neither_an_arrival_nor_ignored() -> None:
    waiting = estimate_survival([100, 400, 400], [True, False, False])
    assert waiting.share == pytest.approx((2 / 3,))
    assert waiting.median() is None
    assert estimate_survival([100, 400], [False, False]).durations == ()
    assert estimate_survival([], []).after(10) == (1.0, 1.0, 1.0)


def test_median_needs_enough_who_are_still_waiting() -> None:
    curve = estimate_survival([1, 2, 3], [True] * 3)
    assert curve.median() == 2
    assert curve.median(fewest=3) is None


@pytest.mark.parametrize("wrong", [[-1.0], [math.inf], [math.nan]])
def test_impossible_durations_are_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="duration"):
        estimate_survival(wrong, [True])


# The second are as few as the contributors, of whom about a third has come.
@pytest.mark.parametrize(("people", "mean", "at"), [(40, 300.0, 250.0), (20, 1200.0, 365.0)])
def test_intervals_cover_the_truth_about_as_often_as_they_say(
    people: int, mean: float, at: float
) -> None:
    random = np.random.default_rng(1958)
    trials, inside = 400, 0
    truth = math.exp(-at / mean)
    for _ in range(trials):
        waits = random.exponential(mean, people)
        watched = random.uniform(100, 930, people)
        curve = estimate_survival(np.minimum(waits, watched), waits <= watched)
        _, low, high = curve.after(at)
        inside += low <= truth <= high
    # 95 percent of 400 trials, give or take three standard errors of the simulation.
    assert abs(inside / trials - 0.95) < 3 * math.sqrt(0.95 * 0.05 / trials)
