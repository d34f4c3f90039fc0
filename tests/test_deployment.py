"""Deployment: days, landings, strengths and relations, against values worked out by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from languages import check

import mss_analysis as mss
from mss_analysis import deployment
from mss_analysis.deployment import (
    chronology,
    delays,
    earlier_missions,
    fill,
    moments,
    pledges,
    promises,
    ratios,
    scenarios,
    strength,
    trajectory,
)
from mss_analysis.deployment.moments import Moment, days_between, merge_reports
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import deployment as lessons

LATEST, DECEMBER, JULY, NOTHING = "latest", "2024-12-01", "2024-07-01", "2023-01-01"


def read(as_of: str = LATEST) -> Evidence:
    return mss.load(as_of, corpus="seed")


def with_observations(evidence: Evidence, **changes: dict) -> Evidence:
    """Copy rows under new ids (``copy="original"``) with some columns changed."""
    table = evidence.observations
    rows = [
        table[table["observation_id"] == change.pop("copy")].assign(observation_id=name, **change)
        for name, change in changes.items()
    ]
    return replace(evidence, tables=evidence.tables | {"observations": pd.concat([table, *rows])})


def test_delay_counts_from_the_resolution_to_the_first_landing() -> None:
    delay = moments.measure_delay(read())
    assert (delay.low, delay.high, delay.unit) == (267, 267, "days")
    assert (date(2024, 6, 25) - date(2023, 10, 2)).days == 267


def test_partial_dates_leave_a_range_of_days() -> None:
    approval = Moment("approved", date(2023, 10, 1), date(2023, 10, 31), ("a",))
    landing = Moment("landed", date(2024, 6, 25), date(2024, 6, 25), ("b",))
    days = days_between(approval, landing)
    assert (days.low, days.high, days.value) == (238, 268, None)
    assert days.observations == ("a", "b")


def test_wider_date_is_the_same_event_and_another_day_is_not() -> None:
    day = Moment("landed", date(2024, 6, 25), date(2024, 6, 25), ("a",))
    again = replace(day, ids=("b",))
    month = Moment("landed", date(2024, 6, 1), date(2024, 6, 30), ("c",))
    later = Moment("landed", date(2024, 7, 16), date(2024, 7, 16), ("d",))
    assert [entry.ids for entry in merge_reports([month, later, day, again])] == [
        ("a", "b"),
        ("d",),
    ]


def test_undated_events_are_counted_and_not_drawn() -> None:
    evidence = read()
    shown = chronology.lay_out_events(evidence)
    undated = evidence.events[evidence.events["note"].str.startswith("undated:")]
    drawn = set(shown.table.observations)
    assert drawn.isdisjoint(undated["event_id"])
    assert set(shown.note.observations) <= set(undated["event_id"])


def test_term_was_nearly_three_quarters_over_at_the_first_landing() -> None:
    spent = moments.measure_spent_term(read())
    assert spent.low == pytest.approx(100 * 267 / 366)


def test_plan_of_the_mission_is_added_up_from_one_document() -> None:
    lead = fill.measure_fill(read())[0]
    assert lead.yardstick.figure.low == lead.yardstick.figure.high == 2500
    assert (lead.share.low, lead.share.high) == pytest.approx((14, 18))
    assert (lead.missing.low, lead.missing.high) == (2050, 2150)


def test_arrivals_stand_in_where_no_stock_is_known() -> None:
    (present,) = fill.find_present(read(JULY))
    assert (present.party, present.figure.low, present.figure.high) == ("Kenya", 200, 999)


def test_later_count_of_a_contingent_is_told_beside_the_share() -> None:
    (ground, *_) = fill.find_present(read())
    later = fill.find_later_count(read(), ground)
    # One document gives more than 600 and 2,500 for the same day: neither is preferred.
    assert (later.party, later.figure.low, later.figure.high) == ("Kenya", 600, 2500)
    assert len(later.figure.observations) == 2
    words = "A later count of Kenya alone is between 600 and 2,500 people (by 31 January 2025)."
    assert words in deployment.compare_strengths(read()).answer.plain
    assert "later count" not in deployment.compare_strengths(read(DECEMBER)).answer.plain
    (arrived,) = fill.find_present(read(JULY))
    assert fill.find_later_count(read(JULY), arrived) is None


def test_reports_of_one_landing_are_not_added() -> None:
    assert strength.count_arrived(read(DECEMBER), "Kenya")[-1][1].high == 999
    assert len(moments.find_landings(read())) == 2
    arrived = strength.count_arrived(read(), "Kenya")
    bounds = [(figure.low, figure.high) for _, figure in arrived]
    assert (bounds[0], bounds[-1]) == ((200, 400), (617, 617))


def test_contradicting_arrivals_leave_a_floor_of_landings_told_twice() -> None:
    landing = "kenya-arrival-2025-01-003-p14"
    day = {"period_start": pd.Timestamp("2025-01-10"), "period_end": pd.Timestamp("2025-01-10")}
    evidence = with_observations(read(), another={"copy": landing, **day})
    # January now holds two landings, each told by one document, where a report of the whole month
    # has 217; only the landing of June is told by two documents.
    assert strength.count_arrived(evidence, "Kenya")[-1][1].low == 200
    assert strength.count_arrived(evidence, "Kenya")[-1][1].high == float("inf")
    witness = {"copy": landing, "source_id": "004_5e7a", "value": 217.0}
    told_twice = with_observations(evidence, witness=witness)
    assert strength.count_arrived(told_twice, "Kenya")[-1][1].low == 200 + 217


def test_declared_reports_of_one_landing_share_their_days() -> None:
    evidence = mss.load(LATEST, corpus="full")
    february = [
        entry
        for entry in moments.find_landings(evidence)
        if entry.label == "Kenya" and entry.start == date(2025, 2, 6)
    ]
    # Pages date the contingent of 144 to the 6th or the 7th: one landing, counted once.
    assert [(entry.end, entry.figure.low) for entry in february] == [(date(2025, 2, 7), 144)]
    days = {day for day, _ in strength.count_arrived(evidence, "Kenya")}
    assert date(2025, 2, 6) not in days
    assert date(2025, 2, 7) in days


def test_parts_and_sums_over_countries_are_no_strength_of_a_contingent() -> None:
    stated = strength.read_statements(mss.load(LATEST, corpus="full"))
    assert not {entry.party for entry in stated if ";" in entry.party}
    assert all("support-staff" not in entry.figure.observations[0] for entry in stated)
    assert {entry.party for entry in stated if entry.is_whole} == {"MSS", "GSF"}


def test_mission_goes_before_a_contingent_counted_the_same_day() -> None:
    stock = "mission-deployed-2024-11-001-p4"
    day = {"as_of": pd.Timestamp("2025-01-31")}
    evidence = with_observations(read(), mission={"copy": stock, **day})
    latest = strength.find_latest_stock(evidence)
    assert (latest.low, latest.high, latest.observations) == (350, 450, (stock, "mission"))


def test_a_said_2500_is_shown_against_what_others_count() -> None:
    evidence = mss.load(LATEST, corpus="full")
    answer = trajectory.trace_contingents(evidence).answer.plain
    assert "From Kenya, 2,500 people are said to have been in Haiti" in answer
    assert "They cannot both be true of the same days." in answer
    assert any(
        finding.id == "deployment.disputed" and finding.estimate.high == 2500
        for finding in trajectory.findings(evidence)
    )


def test_announced_departures_are_no_departures() -> None:
    moves = trajectory.list_moves(mss.load(LATEST, corpus="full"))
    left = [move for move in moves if move.kind == "departure"]
    assert left
    assert not any("announced" in entry for move in left for entry in move.ids)
    rows = mss.load(LATEST, corpus="full").observations.set_index("observation_id")
    assert {rows.loc[entry, "status"] for move in left for entry in move.ids} == {"withdrawn"}


def test_no_ceiling_is_said_plainly_until_a_document_states_one() -> None:
    words = "states an authorised ceiling"
    assert words in deployment.compare_strengths(read()).answer.plain
    ceiling = {
        "copy": "mission-deployed-2024-11-001-p4",
        "indicator": "mission_authorised_ceiling",
        "status": "authorised",
        "value": 5500.0,
        "low": 5500.0,
        "high": 5500.0,
    }
    evidence = with_observations(read(), ceiling=ceiling)
    assert words not in deployment.compare_strengths(evidence).answer.plain
    assert "authorised" in {entry.yardstick.rung for entry in fill.measure_fill(evidence)}


def test_deployed_plan_is_told_from_what_arrived() -> None:
    rows = promises.confront_statements(read()).table.rows
    broken = {row["Verdict"]: (row["Stated"].low, row["Gap"].low) for row in rows}
    # The first is a plan told as a fact, which an explanation says; nobody explained the second.
    assert broken["cannot hold as worded, explained"] == (2500, 1883)
    assert broken["cannot hold"] == (1000, 1500)


def test_a_ceiling_with_civilians_is_explained() -> None:
    shown = promises.confront_statements(mss.load(corpus="full"))
    rows = shown.table.rows
    (row,) = [row for row in rows if row["Relation"].plain.startswith("GSF authorised, 2025")]
    assert (row["Stated"].low, row["Held against it"].low) == (5500, 5550)
    assert row["Verdict"] == promises.EXPLAINED
    # Resolution 2793 (2025), paragraph 1: 5,500 uniformed personnel and 50 civilians.
    assert "50 civilians" in row["Explanation"].plain
    explained = [row for row in rows if row["Verdict"] == promises.EXPLAINED]
    assert f"For {len(explained)} of them the evidence base explains why" in shown.answer.plain


def test_relations_say_what_is_held_against_what() -> None:
    words = {row["Relation"].plain for row in promises.confront_statements(read()).table.rows}
    assert words >= {
        "Kenya deployed (African Elements p66), against the sum of its arrivals",
        "Kenya planned (African Elements p23), against the sum of its parts",
        "Kenya planned, two statements",
        "Kenya deployed (African Elements p66), within planned (p23)",
        "Kenya: landing of the day (The New Humanitarian p3), within arrivals of the month "
        "(African Elements p17)",
    }
    assert promises.confront_statements(read(JULY)).answer.plain.startswith("No two figures")


@pytest.mark.parametrize("as_of", [NOTHING, JULY, DECEMBER, LATEST])
@pytest.mark.parametrize("corpus", ["seed", "full"])
def test_every_vintage_is_told(as_of: str, corpus: str) -> None:
    evidence = mss.load(as_of, corpus=corpus)
    for shown in (
        chronology.lay_out_events(evidence),
        chronology.compare_milestones(evidence),
        deployment.compare_strengths(evidence),
        deployment.list_contingents(evidence),
        deployment.add_up_arrivals(evidence),
        promises.confront_statements(evidence),
        trajectory.trace_strength(evidence),
        trajectory.trace_contingents(evidence),
        pledges.time_arrivals(evidence),
        delays.time_promises(evidence),
        scenarios.project_strength(evidence, 50, 150, 400, 20),
        ratios.rate_forces(evidence),
        ratios.weigh_gangs(evidence),
        earlier_missions.compare_missions(evidence),
    ):
        assert shown.answer.plain
        assert bool(shown.table.rows) is (shown.chart is not None)
        assert shown._repr_mimebundle_()
    assert bool(deployment.findings(evidence)) is (as_of != NOTHING)


def test_exercises_know_the_answer_and_the_traps() -> None:
    evidence = read()
    assert lessons.replace_stock(evidence).check((600, None)).is_right
    assert "stocks" in lessons.replace_stock(evidence).check(1000).words
    assert lessons.fill_plan(evidence).check((14, 18)).is_right
    assert "whole plan" in lessons.fill_plan(evidence).check(40).words
    assert lessons.count_landing(evidence).check((200, 999)).is_right
    assert "one contingent" in lessons.count_landing(evidence).check((400, 1998)).words


def test_exercises_hold_on_days_when_less_was_known() -> None:
    assert lessons.replace_stock(read(JULY)).check("nothing").is_right
    assert lessons.replace_stock(read(DECEMBER)).check((350, 450)).is_right
    assert "leaves room" in lessons.replace_stock(read(DECEMBER)).check(400).words
    assert lessons.fill_plan(read(JULY)).check((20, 99.9)).is_right
    assert lessons.count_landing(read(JULY)).check((200, 999)).is_right


def test_exercises_stay_quiet_where_nothing_is_known() -> None:
    evidence = read(NOTHING)
    for ask in (lessons.replace_stock, lessons.fill_plan, lessons.count_landing):
        assert ask(evidence).check("nothing").is_right


def show_all(evidence: Evidence) -> list:
    return [
        trajectory.trace_strength(evidence),
        trajectory.trace_contingents(evidence),
        deployment.compare_strengths(evidence),
        deployment.list_contingents(evidence),
        deployment.add_up_arrivals(evidence),
        pledges.time_arrivals(evidence),
        delays.time_promises(evidence),
        chronology.lay_out_events(evidence),
        chronology.compare_milestones(evidence),
        scenarios.project_strength(evidence, 50, 150, 400, 20),
        ratios.rate_forces(evidence),
        ratios.weigh_gangs(evidence),
        earlier_missions.compare_missions(evidence),
        promises.confront_statements(evidence),
    ]


@pytest.mark.parametrize("corpus", ["seed", "full"])
@pytest.mark.parametrize("language", ["fr", "ht"])
def test_all_is_told_in_every_language_with_the_same_figures(corpus, language) -> None:
    check(corpus, language, show_all, deployment.findings)
