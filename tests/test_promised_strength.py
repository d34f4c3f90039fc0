"""Levels, pledges, delays, scenarios and ratios, against values worked out by hand."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import mss_analysis as mss
from mss_analysis import deployment
from mss_analysis.deployment import delays, fill, levels, pledges, ratios, scenarios
from mss_analysis.deployment.levels import AGREE, ALONE, APART, OPEN, settle
from mss_analysis.deployment.moments import Moment, find_end, find_horizon
from mss_analysis.deployment.strength import Strength
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import ParameterError
from mss_analysis.prose import Text

FULL = mss.load(corpus="full")


def told(low: float, high: float, name: str = "a", value: float | None = None) -> Estimate:
    return Estimate(value, low, high, "persons", (name,), name)


@pytest.mark.parametrize(
    ("statements", "bounds", "verdict"),
    [
        ([(980, 980)], (980, 980), ALONE),
        ([(500, 1500), (980, 980)], (980, 980), AGREE),
        ([(500, 1500), (700, 900)], (700, 900), AGREE),
        ([(617, 617), (2500, 2500)], (617, 2500), APART),
        ([(600, math.inf), (617, 617)], (617, 617), AGREE),
        ([(600, math.inf), (2500, 2500)], (600, 2500), OPEN),
        ([(800, math.inf), (600, 600)], (600, 800), APART),
        ([(0, 1000), (980, 980)], (980, 980), AGREE),
        ([(0, 5550), (5500, 5500)], (5500, 5550), OPEN),
        ([(0, 40), (50, 60)], (40, 60), APART),
        ([(600, math.inf), (700, math.inf)], (700, math.inf), AGREE),
        ([(600, math.inf), (0, 800)], (600, 800), AGREE),
    ],
)
def test_statements_are_settled(statements: list, bounds: tuple, verdict: str) -> None:
    figures = [told(low, high, str(at)) for at, (low, high) in enumerate(statements)]
    figure, said = settle(figures)
    assert ((figure.low, figure.high), said) == (bounds, verdict)
    assert figure.observations == tuple(str(at) for at in range(len(statements)))
    assert settle(figures[::-1])[1] == verdict


def test_a_landing_parts_the_statements_of_one_month() -> None:
    january = [
        level
        for level in levels.read_levels(FULL)
        if (level.party, level.rung) == ("Kenya", "deployed")
        and (level.day.year, level.day.month) == (2025, 1)
    ]
    # The contingent of 18 January 2025 came between the two.
    assert len(january) == 2
    assert january[0].figure.high < 500 < january[1].figure.low


def test_waits_are_counted_from_the_day_or_the_whole_month() -> None:
    pledged = Moment("X", date(2024, 8, 1), date(2024, 8, 31), ("p",))
    arrived = Moment("X", date(2025, 1, 3), date(2025, 1, 3), ("a",))
    last = Moment("last", date(2025, 3, 1), date(2025, 3, 1), ("l",))
    wait = pledges.Pledge("X", pledged, arrived, last).wait
    # 31 August to 3 January: 125 days; 1 August to 3 January: 155 days.
    assert (wait.low, wait.high, wait.observations) == (125, 155, ("p", "a"))
    open_wait = pledges.Pledge("X", pledged, None, last).wait
    # 31 August to 1 March is 182 days, and no end is known.
    assert (open_wait.low, open_wait.high) == (182, math.inf)


def test_pledges_are_censored_at_the_last_word_and_not_at_the_vintage() -> None:
    found = {pledge.party: pledge for pledge in pledges.list_pledges(FULL)}
    horizon = find_horizon(FULL)
    assert horizon.end <= FULL.as_of
    # Kenya offered on 30 July 2023 and landed on 25 June 2024.
    assert found["Kenya"].wait.low == found["Kenya"].wait.high == 331
    # Chad offered on 29 February 2024 to the MSS and in December 2025 again, to its successor.
    assert found["Chad"].arrived is None
    assert found["Chad"].shortest == (horizon.end - date(2024, 2, 29)).days
    assert all(pledge.shortest <= pledge.longest for pledge in found.values())
    assert not {"Haiti", "other countries"} & set(found)


def test_offers_to_the_mss_alone_are_awaited_until_it_ended() -> None:
    found = {pledge.party: pledge for pledge in pledges.list_pledges(FULL)}
    # Offered on 26 February 2024; the authorisation ended on 2 October 2025: 584 days.
    assert find_end(FULL).end == date(2025, 10, 2)
    assert found["Benin"].longest == found["Benin"].shortest == 584
    lapsed = {pledge.party for pledge in pledges.list_lapsed(FULL)}
    assert {"Benin", "Barbados", "Senegal", "Seychelles"} <= lapsed
    assert not {"Burundi", "Chad", "Argentina", "Kenya"} & lapsed
    assert "none by 2 October 2025" in pledges.time_arrivals(FULL).table.to_plain()
    before = mss.load("2025-06-30", corpus="full")
    assert find_end(before) is None
    assert not pledges.list_lapsed(before)


def test_pledges_of_a_vintage_know_nothing_later() -> None:
    evidence = mss.load("2024-06-30", corpus="full")
    found = pledges.list_pledges(evidence)
    assert [pledge.party for pledge in found if pledge.arrived] == ["Kenya"]
    assert all(pledge.pledged.end <= date(2024, 6, 30) for pledge in found)


def test_delays_are_days_from_the_promise_to_the_next_landing() -> None:
    kept = {
        (entry.due.label, entry.due.start, entry.due.end): entry
        for entry in delays.list_promises(FULL)
    }
    day = date(2024, 5, 26)
    late = kept["Kenya", day, day].delay
    assert (late.low, late.high) == (30, 30)
    november = kept["Kenya", date(2024, 11, 1), date(2024, 11, 30)].delay
    # From 30 or from 1 November 2024 to 18 January 2025.
    assert (november.low, november.high) == (49, 78)
    target = kept["MSS", date(2025, 1, 1), date(2025, 1, 31)]
    assert target.is_strength
    assert target.outcome is None
    assert target.delay.high == math.inf


def test_a_promise_not_yet_due_has_no_delay() -> None:
    ahead = [entry for entry in delays.list_promises(FULL) if entry.delay is None]
    assert ahead
    assert all(entry.due.end > find_horizon(FULL).end for entry in ahead)
    evidence = mss.load("2024-06-30", corpus="full")
    assert all(entry.due.end <= evidence.as_of for entry in delays.list_promises(evidence))


def test_months_to_a_strength_by_hand() -> None:
    there, aim = told(900, 1100), told(5500, 5500, "b")
    # (5,500 - 1,100) / 200 = 22 and (5,500 - 900) / 200 = 23 months.
    assert scenarios.count_months(there, aim, 250, 50) == scenarios.Reach(22, 23)
    assert scenarios.count_months(told(1000, 1000), told(1001, 1001), 50, 0).earliest == 1
    assert scenarios.count_months(told(2000, 2000), aim, 50, 50) == scenarios.Reach(None, None)
    assert scenarios.count_months(told(6000, 6000), aim, 0, 10) == scenarios.Reach(0, 0)
    assert scenarios.count_months(told(500, math.inf), aim, 100, 0) == scenarios.Reach(0, 50)
    assert scenarios.count_months(there, told(0, 5500), 250, 50) == scenarios.Reach(22, 23)
    assert scenarios.count_months(told(0, 0), told(0.3, 0.3), 0.1, 0).earliest == 3


@pytest.mark.parametrize("paces", [(-1, 0, 1, 0), (3, 2, 4, 0), (1, 3, 2, 0), (1, 2, 3, -1)])
def test_impossible_paces_are_refused(paces: tuple) -> None:
    with pytest.raises(ParameterError):
        scenarios.project_strength(FULL, *paces)


def test_a_pace_of_nothing_never_gets_there() -> None:
    shown = scenarios.project_strength(FULL, 0, 10, 20, 20)
    cells = [str(cell) for row in shown.table.rows for cell in list(row.values())[1:]]
    assert set(cells) == {"never at this pace"}


def test_months_of_a_scenario_are_told_from_the_day_of_the_count() -> None:
    shown = scenarios.project_strength(mss.load(corpus="seed"), 50, 150, 400, 20)
    (row,) = shown.table.rows
    # 350 to 450 people on 30 November 2024, 2,500 planned: (2,500 - 450) / 380 and
    # (2,500 - 350) / 380 are both six months; at 130 a month they are 16 and 17.
    assert [str(cell) for cell in list(row.values())[2:]] == [
        "March 2026 to April 2026",
        "May 2025",
    ]


def test_the_last_exact_count_stands_beside_a_round_one() -> None:
    lead = fill.find_lead_fill(FULL)
    assert (lead.ground.figure.low, lead.ground.figure.high) == (500, 1500)
    exact = fill.find_exact_count(FULL, lead.ground)
    # 980 by five statements of December 2025; 980 of 5,550 and of 5,500 people.
    assert (exact.figure.value, len(exact.figure.observations)) == (980, 5)
    found = {finding.id: finding.estimate for finding in deployment.findings(FULL)}
    share, pace = found["deployment.fill-exact"], found["deployment.pace-exact"]
    assert (share.low, share.high) == pytest.approx((98000 / 5550, 98000 / 5500))
    # From 25 June 2024 to 10 December 2025, the last of the five, are 533 days.
    assert pace.value == pytest.approx(980 / (533 / (365.25 / 12)))
    assert "980 people" in deployment.compare_strengths(FULL).answer.plain


def test_a_narrow_count_needs_no_other_beside_it() -> None:
    day = pd.Timestamp("2026-03-01")
    words = Text("", "")
    near = Strength("GSF", "deployed", told(950, 1000), day, words, True)
    assert fill.find_exact_count(FULL, near) is None
    assert fill.find_exact_count(FULL, replace(near, figure=told(500, 1500))) is not None


def test_a_scenario_is_a_finding_with_its_own_paces() -> None:
    seed = mss.load(corpus="seed")
    found = {finding.id: finding for finding in deployment.findings(seed, 400, 20)}
    # (2,500 - 450) / 380 and (2,500 - 350) / 380 months are both six, rounded up.
    assert found["deployment.scenario"].estimate.value == 6
    assert "May 2025" in found["deployment.scenario"].text.plain
    never = {finding.id: finding for finding in deployment.findings(seed, 20, 20)}
    assert never["deployment.scenario"].estimate.low == 600
    assert never["deployment.scenario"].estimate.high == math.inf


def test_ratios_by_hand() -> None:
    people, inhabitants = told(900, 1100), told(11_500_000, 11_500_000, "b")
    ratio = ratios.rate(people, inhabitants)
    assert (ratio.low, ratio.high) == pytest.approx((0.0782608, 0.0956521))
    gangs = ratios.outnumber(told(12000, 12000), people)
    assert (gangs.low, gangs.high) == pytest.approx((12000 / 1100, 12000 / 900))


def test_benchmarks_per_hundred_thousand_are_told_per_thousand() -> None:
    rows = ratios.rate_forces(FULL).table.rows
    (median,) = [row for row in rows if "median of countries" in row["Force"].plain]
    assert median["Per thousand inhabitants"].low == pytest.approx(3.033)
    both = [row for row in rows if ", with active HNP" in row["Force"].plain]
    assert len(both) == 2


def test_benchmarks_say_what_they_are_and_poor_ones_are_left_out() -> None:
    words = [row["Force"].plain for row in ratios.rate_forces(FULL).table.rows]
    # Quinlivan's 20 per thousand is advice for stability operations, no average of the world.
    assert "Soldiers and police, advised for stability operations (RAND)" in words
    assert not any("World" in each for each in words)
    # Of grade D or E, and a figure that a page took from Wikipedia.
    gone = ("StrategyPage", "Marginal Revolution", "Wikipedia", "Developing countries")
    assert not [each for each in words for name in gone if name in each]


def test_rival_counts_of_the_police_are_named() -> None:
    rolls = ratios.list_police(FULL, "hnp_strength", "HNP on the rolls")
    counts = {force.who: force.figure.value for force in rolls}
    assert counts == {
        "US State Department": 6000,
        "Haitian National Police": 12000,
        "Government of Haiti": 14253,
    }
    words = ratios.rate_forces(FULL).answer.plain
    assert "rivals" in words
    assert "active and on the rolls: about 6,000 people (US State Department)" in words
    assert ratios.tell_rivals(mss.load(corpus="seed")) is None


def test_horizon_is_the_last_day_of_which_anything_is_said() -> None:
    horizon = find_horizon(mss.load(corpus="seed"))
    assert horizon.end == pd.Timestamp("2025-01-31").date()
    assert find_horizon(mss.load("2023-01-31", corpus="seed")) is None
