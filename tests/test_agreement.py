"""Agreement and ranks from ratings, against published values and simulated truth."""

import math

import numpy as np
import pandas as pd
import pytest

from mss_analysis.risks.agreement import bootstrap_alpha, krippendorff_alpha
from mss_analysis.risks.ranking import rank, simulate_ranks, vary_choices
from mss_analysis.risks.ratings import Ratings

NONE = math.nan
# Four observers, twelve units, values missing: Krippendorff (2011), Computing Krippendorff's
# Alpha-Reliability; the same values come from the package krippendorff 0.9.0.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]


def rate(likelihood: list[list[float]], impact: list[list[float]] | None = None) -> Ratings:
    raters = [f"Rater {place}" for place, _ in enumerate(likelihood)]
    risks = [f"risk-{place}" for place, _ in enumerate(likelihood[0])]
    tables = [
        pd.DataFrame(rows, index=raters, columns=risks, dtype=float)
        for rows in (likelihood, impact or likelihood)
    ]
    return Ratings("ratings.csv", *tables)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_the_published_example(level: str, alpha: float) -> None:
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(alpha, abs=5e-4)


def test_alpha_by_hand() -> None:
    """Two coders, units (0,0), (0,1), (1,1): coincidences 2, 1, 1, 2; alpha = 1 - 5*2/18."""
    assert krippendorff_alpha([[0, 0, 1], [0, 1, 1]], "nominal") == pytest.approx(1 - 10 / 18)


def test_nothing_to_compare_has_no_alpha() -> None:
    assert math.isnan(krippendorff_alpha([[1, 1], [1, 1]]))
    assert math.isnan(krippendorff_alpha([[1, NONE], [NONE, 2]]))
    assert all(map(math.isnan, bootstrap_alpha([[1, NONE], [NONE, NONE]])))


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="level must be one of nominal"):
        krippendorff_alpha([[1, 2], [1, 2]], "cardinal")


def test_raters_who_guess_agree_by_chance_only() -> None:
    generator = np.random.default_rng(3)
    assert abs(krippendorff_alpha(generator.integers(1, 6, size=(3, 3000)))) < 0.03


def test_the_interval_covers_the_alpha_of_all_units() -> None:
    """Raters err by one step half the time; alpha of a huge sample stands for the truth."""

    def draw(generator: np.random.Generator, units: int) -> np.ndarray:
        truth = generator.integers(1, 6, size=units)
        slips = generator.integers(-1, 2, size=(3, units)) * (generator.random((3, units)) < 0.5)
        return np.clip(truth + slips, 1, 5)

    truth = krippendorff_alpha(draw(np.random.default_rng(0), 100_000))
    generator = np.random.default_rng(1)
    found = [bootstrap_alpha(draw(generator, 40), draws=200, seed=run) for run in range(100)]
    covered = sum(low <= truth <= high for _, low, high in found)
    assert 85 <= covered <= 100


def test_the_same_seed_gives_the_same_interval_and_ranks() -> None:
    assert bootstrap_alpha(PUBLISHED, seed=5) == bootstrap_alpha(PUBLISHED, seed=5)
    ratings = rate([[5, 4, 3], [4, 5, 1]])
    first, second = simulate_ranks(ratings, 200, 7), simulate_ranks(ratings, 200, 7)
    assert (first.middle == second.middle).all()
    assert (first.top == second.top).all()


def test_what_all_rate_higher_on_both_scales_is_always_first() -> None:
    ranks = simulate_ranks(rate([[5, 3, 1], [5, 4, 2], [4, 3, 1]]), 500)
    assert ranks.low.tolist() == [1, 2, 3]
    assert ranks.high.tolist() == [1, 2, 3]


def test_the_unknown_spacing_of_a_scale_leaves_ranks_open() -> None:
    """Rated (5, 1) and (3, 3): which product is larger depends on how the steps are read."""
    ranks = simulate_ranks(rate([[5, 3, 1]], [[1, 3, 1]]), 2000)
    assert ranks.low[0] == ranks.low[1] == 1
    assert ranks.high[0] == ranks.high[1] == 2


def test_a_risk_that_few_rated_keeps_its_rank() -> None:
    ranks = simulate_ranks(rate([[5, NONE], [5, 1], [5, NONE]]), 300)
    assert ranks.high.tolist() == [1, 2]
    assert not np.isnan(ranks.middle).any()


def test_equal_scores_share_their_rank() -> None:
    assert rank(np.array([3.0, 3.0, 3.0])).tolist() == [2, 2, 2]


def test_one_choice_is_changed_at_a_time() -> None:
    likelihood = [[5, 4, 4, 3, 3, 2], [1, 4, 4, 3, 3, 5]]
    impact = [[5, 4, 4, 3, 3, 1], [1, 4, 4, 3, 3, 5]]
    variants = {entry.choice: entry.top for entry in vary_choices(rate(likelihood, impact))}
    assert next(iter(variants)) == "plain reading"
    # Products: risk-0 (25 + 1) / 2 = 13, risk-5 (2 + 25) / 2 = 13.5, risk-1 and risk-2 16.
    assert variants["plain reading"] == ["risk-1", "risk-2", "risk-5", "risk-0", "risk-3"]
    assert variants["without Rater 0"][0] == "risk-5"
    assert variants["without Rater 1"][0] == "risk-0"
    # Means of the two ends are also their medians.
    assert variants["median in place of mean"] == variants["plain reading"]


def test_a_single_rater_is_not_left_out() -> None:
    variants = vary_choices(rate([[5, 4, 3, 2, 1, 1]]))
    assert not any(entry.choice.startswith("without") for entry in variants)
