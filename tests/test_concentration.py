"""Sharp bounds of concentration: hand-worked values, and brute force over random boxes."""

import math
import random
from itertools import product

import pytest

import mss_analysis as mss
from mss_analysis.funding.concentration import (
    bound_herfindahl,
    bound_largest,
    bound_share,
    list_weights,
    weigh_donors,
)


def index(shares):
    return sum(part**2 for part in shares)


def fill(amounts, steps):
    """Every point of a grid over the box."""
    return product(
        *([low + (high - low) * step / steps for step in range(steps + 1)] for low, high in amounts)
    )


def test_hand_worked_shares():
    # Two donors, 1 to 4 and 2 to 3: level at 2 and 2, hence half; 3 of 4 at the corner (1, 3).
    assert bound_largest([(1, 4), (2, 3)]) == pytest.approx((1 / 2, 3 / 4))
    # Their index: 1/2 when level; 1 + 9 over 16 at the same corner.
    assert bound_herfindahl([(1, 4), (2, 3)]) == pytest.approx((1 / 2, 10 / 16))
    assert bound_share(0, [(1, 4), (2, 3)]) == pytest.approx((1 / 4, 4 / 6))
    # Four donors of the fund in June 2024, exact: 8.7, 6, 3.2 and 3 of 20.9 million.
    fund = [(8.7, 8.7), (6, 6), (3.2, 3.2), (3, 3)]
    assert bound_largest(fund) == pytest.approx((8.7 / 20.9,) * 2)
    assert bound_herfindahl(fund) == pytest.approx((130.93 / 20.9**2,) * 2)


def test_interval_division_would_be_wider():
    low, high = bound_share(0, [(1, 4), (2, 3)])
    assert low > 1 / (4 + 3)
    assert high < 4 / (1 + 2)


def test_least_is_not_at_a_corner():
    # Corners alone would give 4/7 as the smallest largest share; level sums give one half.
    corners = [max(pair) / sum(pair) for pair in product((1, 4), (2, 3))]
    assert min(corners) == pytest.approx(4 / 7)
    assert bound_largest([(1, 4), (2, 3)])[0] == 1 / 2


def test_a_stated_total_closes_an_open_end():
    open_end = [(60, math.inf), (15, 15)]
    assert bound_largest(open_end, (100, 100)) == pytest.approx((0.60, 0.85))
    # Fragments add nothing: 0.36 + 0.0225; all slack to the first: 0.7225 + 0.0225.
    assert bound_herfindahl(open_end, (100, 100)) == pytest.approx((0.3825, 0.745))
    # What is not told by donor may be one donor, and the largest.
    assert bound_largest([(1, 1), (1, 1)], (10, 10)) == pytest.approx((0.1, 0.8))


@pytest.mark.parametrize("seed", range(40))
def test_bounds_hold_and_are_reached(seed):
    dice = random.Random(seed)
    amounts = []
    for _ in range(dice.choice([2, 3, 3])):
        low = dice.choice([0.5, 1, 2, 3, 5, 8])
        amounts.append((low, low + dice.choice([0, 0, 0.5, 1, 3, 6])))
    top, spread = bound_largest(amounts), bound_herfindahl(amounts)
    points = [tuple(amount / sum(point) for amount in point) for point in fill(amounts, 24)]
    largest, indices = [max(point) for point in points], [index(point) for point in points]
    for (low, high), values in ((top, largest), (spread, indices)):
        assert low <= min(values) + 1e-12
        assert max(values) <= high + 1e-12
        # A grid of this fineness comes near the least value and hits the greatest.
        assert min(values) - low < 0.01
        assert high - max(values) < 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_bounds_hold_under_a_total(seed):
    dice = random.Random(1000 + seed)
    amounts = []
    for _ in range(dice.choice([1, 2, 3])):
        low = dice.choice([1, 2, 5, 9])
        amounts.append((low, dice.choice([low, low + 1, low + 4, math.inf])))
    floor = sum(low for low, _ in amounts)
    least = floor + dice.choice([0, 1, 5])
    total = (least, least + dice.choice([0, 0, 2]))
    top, spread = bound_largest(amounts, total), bound_herfindahl(amounts, total)
    closed = [(low, min(high, low + total[1] - floor)) for low, high in amounts]
    largest, indices = [], []
    for whole in {total[0], sum(total) / 2, total[1]}:
        for point in fill(closed, 16):
            rest = whole - sum(point)
            if rest < -1e-9:
                continue
            shares = [amount / whole for amount in (*point, max(rest, 0.0))]
            largest.append(max(shares))
            indices.append(index(shares))
    assert top[0] <= min(largest) + 1e-9
    assert max(largest) <= top[1] + 1e-9
    assert top[1] - max(largest) < 0.02
    assert spread[0] <= min(indices) + 1e-9
    assert max(indices) <= spread[1] + 1e-9
    assert spread[1] - max(indices) < 0.02


@pytest.mark.parametrize(
    ("amounts", "total", "words"),
    [
        ([], None, "not bounds"),
        ([(2, 1)], None, "not bounds"),
        ([(-1, 1)], None, "not bounds"),
        ([(60, 60), (60, 60)], (100, 100), "exceed"),
        ([(0, 0)], None, "no shares"),
    ],
)
def test_impossible_amounts_are_refused(amounts, total, words):
    with pytest.raises(ValueError, match=words):
        bound_largest(amounts, total)


def test_the_fund_on_all_evidence():
    evidence = mss.load("2025-10-31", corpus="full")
    day, whole, _, donor, part, spread = list_weights(evidence)[-1]
    assert (day, whole.value, donor) == ("2025-09-30", 113e6, "Canada")
    # Canada had paid 63 million by February, others at least 15, 3.2 and 3.
    assert part.low == pytest.approx(63 / 113 * 100)
    assert part.high == pytest.approx((113 - 15 - 3.2 - 3) / 113 * 100)
    assert part.low / 100 < spread.high < 1
    assert "Canada" in weigh_donors(evidence).answer.plain
