"""Casualties: derived numbers against hand-worked ones, and an honest answer to contradictions."""

import json
import math
from datetime import date

import pytest
import vl_convert
from languages import check, unpack

import mss_analysis as mss
from mss_analysis import casualties
from mss_analysis.casualties import (
    breaks,
    children,
    departments,
    displacement,
    hindsight,
    hunger,
    incidents,
    increases,
    perpetrators,
    quarters,
    rates,
    spans,
    tolls,
)
from mss_analysis.casualties.incidents import list_incidents
from mss_analysis.casualties.readings import admit, read_flow
from mss_analysis.claims import choose_rounds, group_claims
from mss_analysis.exhibit import EXHIBIT


@pytest.fixture(scope="module")
def full():
    return mss.load(corpus="full")


def add_rows(base, *changes):
    """Copy the row of the first quarter of 2024, each time with other cells."""
    path = base / "observations.csv"
    text = path.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("killed-2024q1-004-p8"))
    for number, change in enumerate(changes):
        copy = row.replace("killed-2024q1-004-p8", f"rival-{number}")
        for old, new in change.items():
            assert old in copy
            copy = copy.replace(old, new)
        text += copy + "\n"
    path.write_text(text, encoding="utf-8")
    return mss.load(corpus="seed", data=base)


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


def test_counts_refute_a_rise_that_means_something_else(full, evidence):
    # 1,104 were counted in October to December 2023, not 1,660 less 53 percent.
    (row,) = [row for row in increases.imply_earlier(full).table.rows if row["Growth"].value == 53]
    assert row["Counted in the period before"].low == 1104
    assert row["Do the counts refute it?"] == "yes"
    assert not any(
        finding.id.startswith("casualties.before") for finding in casualties.findings(full)
    )
    assert any(
        finding.id.startswith("casualties.before") for finding in casualties.findings(evidence)
    )


def test_displaced_in_march_carry_both_bounds(evidence):
    base = displacement.displaced_before(evidence)
    assert (base.low, base.high) == (355_000, 365_000)


def test_hunger_turns_shares_into_people(evidence):
    rows = hunger.compare_hunger(evidence).table.rows
    people = {(round(row["People"].low), round(row["People"].high)) for row in rows}
    assert people == {
        (2_000_000, 2_000_000),
        (4_600_000, 5_750_000),
        (5_175_000, 6_325_000),
    }


def test_contradicting_counts_are_shown_and_read_as_floors(base):
    evidence = add_rows(base, {",1660,": ",1500,"})
    (finding, *_) = casualties.findings(evidence)
    assert "cannot all be true" in finding.text.plain
    assert "1,500 (The New Humanitarian, June 2024, p8)" in finding.text.plain
    assert {"rival-0", "killed-2024q1-004-p8"} <= set(finding.text.observations)
    answer = casualties.accumulate_deaths(evidence, 2024).answer.plain
    assert "Counts that contradict each other (1 set of counts) are read as floors" in answer
    quarter = read_flow(evidence, "killed").timeline.bounds(date(2024, 1, 1), date(2024, 4, 1))
    assert (quarter.low, quarter.high) == (1660, 1660)


def test_a_ceiling_outside_the_contradiction_still_holds(base):
    evidence = add_rows(
        base,
        {",1660,": ",1500,"},
        {"2024-01-01,2024-03-31": "2023-01-01,2023-03-31", ",1660,": ",700,"},
    )
    timeline = read_flow(evidence, "killed").timeline
    untouched = timeline.bounds(date(2023, 1, 1), date(2023, 4, 1))
    assert (untouched.low, untouched.high) == (700, 700)


def test_evidence_sets_read_what_they_say(full):
    year = date(2025, 1, 1), date(2026, 1, 1)
    counts = {
        name: read_flow(full, "killed", name).timeline.bounds(*year)
        for name in ("all", "firm", "floors")
    }
    assert counts["floors"].high == math.inf
    assert counts["all"].low >= counts["floors"].low
    origins = full.observations.set_index("observation_id")["origin"]
    firm = read_flow(full, "kidnapped", "firm").timeline
    assert {origins[entry] for side in firm.sides for entry in side.observations} == {"BINUH"}
    assert not read_flow(full, "killed", "floors").conflicts
    with pytest.raises(mss.ParameterError, match="firm"):
        read_flow(full, "killed", "some")


@pytest.mark.parametrize("grade", ["B", "C", "F"])
@pytest.mark.parametrize("day", ["2023-01-31", "2024-06-30", "latest"])
def test_every_reading_is_consistent(day, grade):
    evidence = mss.load(day, "full", min_grade=grade)
    for series in (*quarters.VICTIMS, *quarters.PERPETRATORS):
        for name in ("all", "firm", "floors"):
            reading = series.read(evidence, name)
            assert reading.timeline.conflict() == ()
            for quarter, count in quarters.count_quarters(evidence, series, name):
                assert 0 <= count.low <= count.high, quarter.label


def test_told_contradictions_are_short(full):
    reading = read_flow(full, "kidnapped")
    assert len(reading.conflicts) > 3
    told = admit(full, reading)
    assert len(told.plain.split()) < 60
    assert set(reading.conflicts[0]) <= set(told.observations)


def test_silence_is_not_zero(evidence):
    counts = dict(quarters.count_quarters(evidence, quarters.KILLED))
    silent = next(count for quarter, count in counts.items() if quarter.label == "Jan–Mar 2022")
    assert (silent.low, silent.high) == (0, math.inf)
    chart = quarters.show_victims(evidence)
    assert all(row["People"].low > 0 or row["People"].high < math.inf for row in chart.table.rows)


def test_quarters_end_on_their_last_day():
    labels = [quarter.label for quarter in quarters.list_quarters(mss.load("2023-03-31"))]
    assert labels[-1] == "Jan–Mar 2023"
    labels = [quarter.label for quarter in quarters.list_quarters(mss.load("2023-03-30"))]
    assert labels[-1] == "Oct–Dec 2022"


def test_the_toll_grows_as_figures_are_published(full):
    grown = dict(tolls.grow_toll(full, 2024))
    for day in ("2024-04-30", "2024-10-31", "2025-02-28"):
        then = tolls.whole_year(mss.load(day, "full"), 2024)
        now = grown[date.fromisoformat(day)]
        assert (now.low, now.high) == (then.low, then.high)
    lows = [toll.low for toll in grown.values()]
    assert lows == sorted(lows)
    assert grown[date(2024, 3, 31)].low < grown[date(2025, 2, 28)].low


def test_repeated_numbers_are_one_claim(full):
    claims = tolls.killed_in(full, 2024)
    statements = sum(len(claim.ids) for claim in claims)
    assert len(claims) < statements
    keys = [(c.moment.plain, c.row["party"], c.figure.value, c.figure.low) for c in claims]
    assert len(keys) == len(set(keys))


def test_rounds_are_one_a_month(full):
    claims = group_claims(
        full, full.select("idp_total", place="Haiti", population="", origin="IOM")
    )
    rounds = choose_rounds(claims)
    months = [f"{claim.day:%Y-%m}" for claim in rounds]
    assert months == sorted(set(months))
    (june,) = [claim for claim in rounds if f"{claim.day:%Y-%m}" == "2024-06"]
    assert june.figure.value == 578_074  # dated to the day; the others stand in for one


def test_shares_leave_no_more_than_there_is(full):
    victims = perpetrators.attribute_victims(full)
    assert victims
    for _, quarter, share, people in victims:
        others = [
            other for row, when, other, _ in victims if when == quarter and other is not share
        ]
        assert share.high <= 100 - sum(other.low for other in others) + 1e-9 or not others
        assert people.low <= people.high


def test_incidents_name_no_place_finer_than_a_commune(full):
    for incident in list_incidents(full):
        assert full.lies_within(incident.place, "Haiti")
        assert max(claim.figure.low for claim in incident.claims) >= 10


def find_incident(evidence, *words):
    (found,) = [
        each for each in list_incidents(evidence) if all(word in each.label.plain for word in words)
    ]
    return found


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        (("Cité Soleil", "6 December 2024"), 207, math.inf),  # Wharf Jérémie, the final toll
        (("Kenscoff", "January 2025"), 262, math.inf),
        (("Port-au-Prince", "February 2023"), 70, math.inf),  # Bel-Air: 60, a day later 70
        (("Port-au-Prince", "November 2024"), 150, math.inf),  # one statement is enough
        (("Cité Soleil", "July 2022"), 263, 263),  # 95 on the first day
        (("metropolitan area", "April 2022"), 191, math.inf),  # 92 are the civilians
        (("Saint-Marc", "October 2024"), 54, math.inf),  # 54 to 65, and 115: from low to high
        (("Port-au-Prince", "August 2023"), 30, math.inf),  # residents alone: a floor
    ],
)
def test_the_largest_attacks_are_listed_with_what_all_statements_imply(full, words, low, high):
    toll = find_incident(full, *words).toll
    assert (toll.low, toll.high) == (low, high)


def test_a_group_among_the_killed_is_named_and_no_toll(full):
    incident = find_incident(full, "metropolitan area", "April 2022")
    (civilians,) = [claim for claim in incident.claims if claim.figure.value == 92]
    assert civilians not in incident.wholes
    rows = incidents.show_incidents(full).table.rows
    (row,) = [row for row in rows if row["Killed"].value == 92]
    assert row["Who is counted"].plain == "civilians"


def test_first_tolls_are_parts_of_later_ones(full):
    incident = find_incident(full, "Cité Soleil", "6 December 2024")
    values = {claim.figure.low: claim in incident.wholes for claim in incident.claims}
    assert values == {100: False, 110: False, 184: False, 207: True}
    assert incident.agree
    assert not find_incident(full, "Saint-Marc", "October 2024").agree


def test_sums_of_several_attacks_are_no_incident(full):
    told = {claim.figure.low for each in list_incidents(full) for claim in each.claims}
    assert not {170, 300} & told


def test_no_attack_is_in_two_departments(full):
    grouped = departments.group_by_department(full)
    ids = [incident.id for found in grouped.values() for incident in found]
    assert len(ids) == len(set(ids))


def lane(evidence, label):
    (series,) = [series for series in quarters.PERPETRATORS if series.label == label]
    told = quarters.tell_quarters(evidence, series)
    return {quarter.label: (count.low, count.high) for quarter, count in told}


def test_a_part_is_at_most_its_whole(full):
    whole = dict(quarters.count_quarters(full, quarters.KILLED))
    for series in quarters.PERPETRATORS:
        for quarter, count in quarters.count_quarters(full, series):
            assert count.high <= max(whole[quarter].high, count.low), quarter.label


def test_drones_are_a_floor_for_security_operations(full):
    operations, drones = lane(full, "Killed in security operations"), lane(full, "Killed by drones")
    assert (operations["Apr–Jun 2025"][0], drones["Apr–Jun 2025"][0]) == (236, 236)
    # 39 are a part: the running totals are far higher.
    assert operations["Jul–Sep 2025"][0] == drones["Jul–Sep 2025"][0] == 39
    assert drones["Jul–Sep 2025"][1] > 39


def test_a_ceiling_of_a_longer_span_alone_tells_nothing_of_a_quarter(full):
    unknown = (0, math.inf)
    assert lane(full, "Killed by gangs")["Jan–Mar 2025"] == unknown
    # CARDH has 847 for nine months of 2023.
    assert lane(full, "Killed by gangs")["Apr–Jun 2023"] == unknown


def test_counts_across_quarters_are_shown_as_stated(full):
    told = {
        (series.label, claim.moment.plain, claim.figure.low)
        for series, claim in spans.list_spans(full)
    }
    # Human Rights Watch, March 2026.
    assert ("Killed by drones", "1 March 2025 to 21 January 2026", 1243) in told
    assert ("Killed in security operations", "1 January 2025 to 30 May 2025", 1448) in told
    assert not any("1 April 2025 to 30 June 2025" in period for _, period, _ in told)


def test_a_projection_is_called_one(full):
    (finding,) = hunger.conclude(full)
    assert "projection" in finding.text.plain
    (finding,) = hunger.conclude(mss.load("2025-12-31", "full"))
    assert "projection" not in finding.text.plain


def test_every_section_that_concludes_has_a_finding(full):
    ids = {finding.id.removeprefix("casualties.") for finding in casualties.findings(full)}
    assert ids >= {
        "quarter-most",
        "perpetrator-most",
        "drones-most",
        "rate-2024",
        "rate-by-people",
        "incident-most",
        "department-most",
        "children-most",
        "children-in-gangs",
        "refuted-killed-growth-2024q1",
    }


def show_all(evidence, evidence_set="all"):
    return [
        casualties.compare_tolls(evidence, 2024, evidence_set),
        casualties.accumulate_deaths(evidence, 2024, evidence_set),
        increases.imply_earlier(evidence, evidence_set),
        hindsight.show_hindsight(evidence, 2024, evidence_set),
        quarters.show_victims(evidence, evidence_set),
        quarters.show_perpetrators(evidence, evidence_set),
        spans.show_spans(evidence, evidence_set),
        perpetrators.show_shares(evidence, evidence_set),
        rates.show_rates(evidence, evidence_set),
        breaks.show_breaks(evidence, evidence_set),
        incidents.show_incidents(evidence),
        departments.map_incidents(evidence),
        displacement.trace_displacement(evidence),
        hunger.compare_hunger(evidence),
        children.count_children(evidence),
        children.compare_minors(evidence),
    ]


@pytest.mark.parametrize(
    ("corpus", "day", "evidence_set"),
    [
        ("full", "latest", "all"),
        ("full", "latest", "floors"),
        ("full", "2023-01-31", "firm"),
        ("seed", "latest", "all"),
        ("seed", "latest", "firm"),
    ],
)
def test_every_exhibit_is_drawn_or_says_that_nothing_is_known(corpus, day, evidence_set):
    evidence = mss.load(day, corpus)
    for exhibit in show_all(evidence, evidence_set):
        spec = unpack(exhibit)[EXHIBIT]["spec"]
        assert exhibit.answer.plain
        assert exhibit.subtitle
        assert (spec is None) == (not exhibit.table.rows)
        if spec:
            assert not exhibit.headline.plain.endswith(".")
            assert vl_convert.vegalite_to_vega(spec)["marks"]


@pytest.mark.parametrize("corpus", ["seed", "full"])
@pytest.mark.parametrize("language", ["fr", "ht"])
def test_all_is_told_in_every_language_with_the_same_figures(corpus, language):
    english = ("killed", "people", "January", "statement", "not named", "upper limit")
    check(corpus, language, show_all, casualties.findings, english)


def test_floors_alone_leave_no_number_that_a_browser_cannot_read():
    shown = unpack(casualties.accumulate_deaths(mss.load(), 2024, "floors"))[EXHIBIT]
    json.dumps(shown["spec"], allow_nan=False)
