"""Casualties: derived numbers against hand-worked ones, and an honest answer to contradictions."""

import math

import pytest

import mss_analysis as mss
from mss_analysis import casualties, displacement, tolls


def test_rates_are_counts_over_days(evidence):
    (first, stop, count, rate), *_ = tolls.daily_rates(evidence, 2024)
    assert (stop - first).days == 91  # 2024 is a leap year: 31 + 29 + 31
    assert count.value == 1660
    assert rate.value == pytest.approx(1660 / 91)
    assert rate.unit == "persons/days"


def test_a_rise_implies_the_period_before(evidence):
    bases = {identity: base for identity, _, _, base in tolls.growth_bases(evidence)}
    quarter = bases["killed-growth-2024q1"]
    assert quarter.low == pytest.approx(1660 / 1.535)
    assert quarter.high == pytest.approx(1660 / 1.525)
    # More than 5,600 after a rise of more than 20 percent says nothing of the year before.
    assert (bases["killed-growth-2024"].low, bases["killed-growth-2024"].high) == (0, math.inf)
    assert bases["killed-growth-2024"].value is None


def test_displaced_in_march_carry_both_bounds(evidence):
    base = displacement.displaced_before(evidence)
    assert (base.low, base.high) == (355_000, 365_000)


def test_hunger_turns_shares_into_people(evidence):
    rows = displacement.compare_hunger(evidence).table.rows
    people = {(round(row["People"].low), round(row["People"].high)) for row in rows}
    assert people == {
        (2_000_000, 2_000_000),
        (4_600_000, 5_750_000),
        (5_175_000, 6_325_000),
    }


def test_contradicting_counts_are_shown_and_read_as_floors(base):
    path = base / "observations.csv"
    text = path.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("killed-2024q1-004-p8"))
    rival = row.replace("killed-2024q1-004-p8", "rival").replace(",1660,", ",1500,")
    path.write_text(text + rival + "\n", encoding="utf-8")
    evidence = mss.load(corpus="seed", data=base)
    (finding, *_) = casualties.findings(evidence)
    assert "cannot all be true" in finding.text.plain
    assert "1,500 (The New Humanitarian, June 2024, p8)" in finding.text.plain
    assert {"rival", "killed-2024q1-004-p8"} <= set(finding.text.observations)
    answer = casualties.accumulate_deaths(evidence, 2024).answer.plain
    assert "every count is therefore read as a floor" in answer
