"""From observations to claims: what a row bounds, and what it must not."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from mss_analysis.contradictions import find_conflicts
from mss_analysis.evidence import ParameterError
from mss_analysis.overlaps import judge_flows
from mss_analysis.sides import read_flows, read_timeline

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


PLAN = {"indicator": "hrp_required", "unit": "USD", "status": "required"}


def test_money_of_two_currencies_and_rungs_is_set_apart(state):
    span = "2024-01-01/2024-12-31"
    told = state(
        {"value": 600, "span": span} | PLAN,
        {"value": 90_000, "span": span} | PLAN | {"unit": "HTG"},
        {"value": 500, "span": span} | PLAN | {"status": "appropriated"},
    )
    timeline = read_timeline(told, "hrp_required", unit="USD", status="required")
    figure = timeline.bounds(*YEAR)
    assert (figure.value, figure.unit) == (600, "USD")
    assert list(judge_flows(told)) == []
    with pytest.raises(ParameterError, match=r"name the unit of its figures \(HTG, USD\)"):
        read_timeline(told, "hrp_required")


@pytest.mark.parametrize("part", [{"party": "gangs"}, {"place": "Artibonite"}, {"place": "Kenya"}])
def test_conflicts_within_a_part_are_found_and_named_by_it(state, part):
    span = "2024-01-01/2024-12-31"
    told = state({"value": 400, "span": span} | part, {"value": 607, "span": QUARTERS[1]} | part)
    (conflict,) = judge_flows(told)
    assert conflict.id.startswith(f"killed-{next(iter(part.values())).lower()}-2024-01-01")
    assert conflict.revision.value == 207


def test_two_attacks_at_one_place_are_two(state):
    at = {"span": "2024-03-01/2024-03-01", "place": "Artibonite", "indicator": "incident_deaths"}
    told = state({"value": 40} | at, {"value": 60} | at)
    assert list(judge_flows(told)) == []


def test_what_only_repeats_a_conflict_merges_with_it(state):
    """40 on a day of March say 40 in March, too."""
    told = state(
        {"value": 45, "span": "2024-01-01/2024-12-31"},
        {"value": 40, "span": "2024-03-01/2024-03-31", "high": OPEN},
        {"value": 40, "span": "2024-03-05/2024-03-05", "high": OPEN},
        {"value": 20, "span": QUARTERS[1], "high": OPEN},
    )
    assert len(read_timeline(told, "killed").conflicts().sets) == 2
    (conflict,) = judge_flows(told)
    assert conflict.observations == ("row-0", "row-1", "row-3")


def test_what_a_relation_at_odds_tells_is_not_told_again(state):
    """Of three counts that differ, the relation shows those furthest apart; the rest stay."""
    rows = [{"value": value, "span": "2024-01-01/2024-12-31"} for value in (203, 505, 607)]
    terms = [("count", "same", "term", f"row-{at}", "one count") for at in range(3)]
    told = [conflict.observations for conflict in find_conflicts(state(*rows, identities=terms))]
    assert sorted(told) == [("row-0", "row-1"), ("row-0", "row-2"), ("row-1", "row-2")]


def test_the_gap_of_a_conflict_counts_on_parts_that_add_up(state):
    """With 46 others until August, 395 gang members are more than 401 people."""
    rows = [
        {"value": 401, "span": "2023-01-01/2023-09-30"},
        {"value": 357, "span": "2023-04-24/2023-08-15"},
        {"value": 311, "span": "2023-04-24/2023-08-15", "population": "gang members"},
        {"value": 46, "span": "2023-04-24/2023-08-15", "population": "civilians"},
        {"value": 395, "span": "2023-04-24/2023-09-30", "population": "gang members"},
    ]
    ids = [("by-group", "total", "total", "row-1", "")]
    ids += [("by-group", "total", "part", f"row-{at}", "") for at in (2, 3)]
    conflicts = {
        conflict.observations: conflict for conflict in judge_flows(state(*rows, identities=ids))
    }
    assert conflicts["row-0", "row-3", "row-4"].revision.value == 40


def test_each_figures_share_of_the_smallest_revision_is_told(state):
    """The year gives way to both counts of a quarter, or to the smaller, and the larger by 43."""
    told = state(
        {"value": 300, "span": "2024-01-01/2024-12-31"},
        {"value": 407, "span": QUARTERS[0], "high": OPEN},
        {"value": 450, "span": QUARTERS[0], "high": OPEN},
    )
    records = [conflict.to_dict() for conflict in judge_flows(told)]
    revisions = [record["revision"] for record in records]
    assert revisions == [{"total": gap, "unit": "persons"} for gap in (107, 150)]
    shares = [[tuple(share.values()) for share in record["shares"]] for record in records]
    year = ("row-0", 107, 150)
    assert shares == [[year, ("row-1", 0, 0)], [year, ("row-2", 0, 43)]]


def test_flows_are_read_whole_and_in_each_part(evidence):
    things = [tuple(thing.values()) for thing, _ in read_flows(evidence)]
    assert len(set(things)) == len(things)
    assert ("contingent_arrival", "Haiti", "Kenya", "officers", "deployed", "persons") in things
