"""From observations to claims: what a row bounds, and what it must not."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from mss_analysis.overlaps import judge_flows
from mss_analysis.sides import read_timeline

YEAR = (date(2024, 1, 1), date(2025, 1, 1))
QUARTERS = ["2024-01-01/2024-03-31", "2024-04-01/2024-06-30", "2024-07-01/2024-09-30"]
OPEN = float("inf")


@pytest.fixture
def state(evidence):
    """Evidence that holds nothing but the killed that a test states."""

    def build(*rows, identities=()):
        template = evidence.select("killed", party="").iloc[0].to_dict()
        blank = {
            "party": "",
            "population": "",
            "place": "Haiti",
            "date_precision": "day",
            "qualifier": "exact",
        }
        stated = []
        for at, row in enumerate(rows):
            span = dict(
                zip(("period_start", "period_end"), row.pop("span").split("/"), strict=True)
            )
            bounds = {"low": row["value"], "high": row["value"]}
            identifier = {"observation_id": f"row-{at}", "origin": ""}
            stated.append(template | blank | identifier | bounds | row | span)
        frame = pd.DataFrame(stated)
        for column in ("period_start", "period_end"):
            frame[column] = pd.to_datetime(frame[column])
        columns = ["identity_id", "kind", "role", "observation_id", "note"]
        tables = evidence.tables | {
            "observations": frame.astype({"value": float, "low": float, "high": float}),
            "identities": pd.DataFrame(identities, columns=columns),
        }
        return replace(evidence, tables=tables)

    return build


def killed(evidence, **where):
    figure = read_timeline(evidence, "killed", **where).bounds(*YEAR)
    return figure.low, figure.high


def test_exact_in_one_outlet_and_at_least_in_another_is_at_least(state):
    span = "2024-01-01/2024-12-31"
    told = state({"value": 900, "span": span}, {"value": 900, "span": span, "high": OPEN})
    assert killed(told) == (900, OPEN)
    assert len(read_timeline(told, "killed").sides) == 1


def test_nearly_yields_to_the_number_stated_flat(state):
    span = "2024-01-01/2024-12-31"
    told = state({"value": 900, "span": span}, {"value": 900, "span": span, "low": 800})
    assert killed(told) == (900, 900)


def test_a_day_on_which_somebody_spoke_is_no_cut_off(state):
    told = state({"value": 900, "span": "2024-01-01/2024-12-31", "date_precision": "publication"})
    assert killed(told) == (900, OPEN)


def test_places_within_are_parts_and_places_outside_are_not(state):
    told = state(
        {"value": 50, "span": "2024-01-01/2024-12-31", "place": "Artibonite"},
        {"value": 70, "span": "2024-01-01/2024-12-31", "place": "Kenya"},
    )
    assert killed(told) == (50, OPEN)
    assert killed(told, place="Artibonite") == (50, 50)


def test_only_the_figures_of_one_origin(state):
    told = state(
        {"value": 50, "span": "2024-01-01/2024-12-31", "origin": "BINUH"},
        {"value": 70, "span": "2024-01-01/2024-12-31", "origin": "CARDH", "high": OPEN},
    )
    assert killed(told, origin="BINUH") == (50, 50)
    assert read_timeline(told, "killed").conflict()


@pytest.mark.parametrize(
    ("role", "base"), [("change_before", QUARTERS[0]), ("change_year", "2023-04-01/2023-06-30")]
)
def test_growth_bounds_the_period_before_or_a_year_before(state, role, base):
    told = state(
        {"value": 300, "span": QUARTERS[1]},
        {"value": 50, "span": QUARTERS[1], "indicator": "killed_change_pct", "unit": "percent"},
        identities=[
            ("rise", "growth", "level", "row-0", ""),
            ("rise", "growth", role, "row-1", ""),
        ],
    )
    start, end = (date.fromisoformat(day) for day in base.split("/"))
    figure = read_timeline(told, "killed").bounds(start, date.fromordinal(end.toordinal() + 1))
    assert (figure.low, figure.high) == (200, 200)
    assert set(figure.observations) == {"row-0", "row-1"}


def test_parts_that_are_declared_to_add_up_bound_each_other(state):
    span = "2024-01-01/2024-12-31"
    told = state(
        {"value": 100, "span": span},
        {"value": 60, "span": span, "party": "gangs"},
        {"value": 45, "span": span, "party": "police", "low": 0, "high": 45},
        identities=[
            ("by-party", "total", "total", "row-0", ""),
            ("by-party", "total", "part", "row-1", ""),
            ("by-party", "total", "part", "row-2", ""),
        ],
    )
    figure = read_timeline(told, "killed").bounds(*YEAR, part="police")
    assert (figure.low, figure.high) == (40, 40)


def test_conflicts_say_who_by_how_much_and_what_would_do(state):
    told = state(
        {"value": 1003, "span": "2024-01-01/2024-12-31"},
        {"value": 707, "span": QUARTERS[0]},
        {"value": 808, "span": QUARTERS[1]},
    )
    (conflict,) = judge_flows(told)
    assert set(conflict.observations) == {"row-0", "row-1", "row-2"}
    assert "they miss each other by 512 people" in conflict.sentence.plain
    assert conflict.kind == "time"


def test_what_differs_by_its_rounding_says_so(state):
    told = state(
        {"value": 1010, "span": "2024-01-01/2024-12-31"},
        {"value": 1006, "span": "2024-01-01/2024-12-31"},
    )
    (conflict,) = judge_flows(told)
    assert conflict.kind == "rounding"
