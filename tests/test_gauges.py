"""Gauges: a direction is said only where the bounds allow it."""

import pandas as pd
import pytest

import mss_analysis as mss
from mss_analysis.gauges import read_gauges
from mss_analysis.overview import findings


def read(evidence):
    return {gauge.dial.id: gauge for gauge in read_gauges(evidence)}


@pytest.fixture
def with_rows(base):
    """Load the seed corpus with copies of one row, each with some cells changed."""

    def load(identifier, *changes):
        path = base / "observations.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        own = rows[rows["observation_id"] == identifier].iloc[0]
        added = [
            own.to_dict() | {"observation_id": f"new-{at}"} | cells
            for at, cells in enumerate(changes)
        ]
        pd.concat([rows, pd.DataFrame(added)]).to_csv(path, index=False)
        return mss.load(corpus="seed", data=base)

    return load


QUARTER = "injured-2024q1-004-p8"
BEFORE = {"period_start": "2023-01-01", "period_end": "2023-03-31"}


@pytest.mark.parametrize(
    ("value", "qualifier", "direction"),
    [
        ("395", "exact", "higher"),
        ("900", "exact", "lower"),
        ("845", "exact", "the same"),
        ("800", "more_than", "can’t tell"),
        ("900", "more_than", "lower"),
    ],
)
def test_direction_against_the_same_days_a_year_before(with_rows, value, qualifier, direction):
    evidence = with_rows(QUARTER, BEFORE | {"value": value, "qualifier": qualifier})
    gauge = read(evidence)["injured"]
    assert gauge.row["observation_id"] == QUARTER
    assert gauge.direction == direction


def test_without_a_figure_a_year_before_nothing_is_compared(evidence):
    gauge = read(evidence)["injured"]
    assert gauge.before is None
    assert gauge.direction == "no figure"


def test_exactly_in_one_outlet_and_at_least_in_another_is_at_least(with_rows):
    evidence = with_rows(QUARTER, {"qualifier": "at_least"})
    gauge = read(evidence)["injured"]
    assert gauge.figure.qualifier == "at_least"
    assert set(gauge.figure.observations) == {QUARTER, "new-0"}


def test_the_eight_figures_of_the_wide_base():
    found = read(mss.load(corpus="full"))
    assert len(found) == 8
    killed = found["killed"]
    assert (killed.figure.value, killed.before.low) == (1523, 1732)
    assert killed.direction == "lower"
    assert killed.before.qualifier == "at_least"  # BINUH's floor, which one outlet gives as exact


def test_a_disputed_base_is_told_by_the_bounds_of_all_figures():
    injured = read(mss.load(corpus="full"))["injured"]
    assert (injured.figure.value, injured.before.value) == (806, 411)
    # The counts of the year leave up to 834 for the quarter that one statement puts at 411.
    assert (injured.base.low, injured.base.high) == (411, 834)
    assert injured.direction == "can’t tell"


def test_a_newer_figure_of_a_lower_grade_is_named():
    evidence = mss.load(corpus="full")
    displaced = read(evidence)["displaced"]
    grades = evidence.sources.set_index("source_id")["grade"]
    assert displaced.newer["as_of"] > displaced.row["as_of"]
    assert grades[displaced.newer["source_id"]] > grades[displaced.row["source_id"]]
    told = next(found for found in findings(evidence) if found.id == "overview.displaced")
    assert displaced.newer["observation_id"] in told.text.observations


def test_a_projection_says_so():
    found = read(mss.load(corpus="full"))
    assert [gauge.dial.id for gauge in found.values() if gauge.is_projection] == ["hungry"]
    assert "projection" in found["hungry"].label
