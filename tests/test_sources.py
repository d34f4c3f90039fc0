"""Sources: one origin is one witness, counts add up, and gaps stay gaps."""

import pandas as pd
import pytest
from languages import check

import mss_analysis as mss
from mss_analysis import sources
from mss_analysis.contradictions import find_conflicts
from mss_analysis.language import is_translated, spoken
from mss_analysis.register import describe_register
from mss_analysis.sources import coverage, disputes, holdings, origins
from mss_analysis.themes import OTHER, THEMES, name_theme


@pytest.fixture(scope="module")
def full():
    return mss.load(corpus="full")


def test_offices_that_share_a_count_are_one_origin(full):
    found = {origin.name: origin for origin in origins.read_origins(full)}
    assert "OHCHR" not in found
    assert "OHCHR" in found["BINUH"].aliases
    assert sum(len(origin.figures) for origin in found.values()) == len(full.observations)


def test_parties_are_marked(full):
    sides = {origin.name: origin.side for origin in origins.read_origins(full)}
    assert sides["Haitian National Police"] == "conflict"
    assert sides["Government of Kenya"] == "mission"
    assert sides["BINUH"] == ""


def test_who_repeats_whom_adds_up(full):
    widest = origins.read_origins(full)[0]
    rows = [
        row for row in origins.draw_repeats(full).table.rows if row["Origin"].plain == widest.name
    ]
    assert sum(row["Documents"].value for row in rows) == len(widest.sources)
    assert widest.publishers <= len(widest.sources)


@pytest.mark.parametrize("corpus", ["seed", "full"])
def test_counts_by_year_and_kind_leave_nothing_out(corpus):
    evidence = mss.load(corpus=corpus)
    years = holdings.count_years(evidence).table.rows
    for column, table in (("Documents", "sources"), ("Figures", "observations")):
        counted = sum(row[column].value for row in years if row[column])
        assert counted == len(evidence.tables[table])
    kinds = holdings.count_kinds(evidence).rows
    assert sum(row["Documents"].value for row in kinds) == len(evidence.sources)
    assert sum(row["Figures"].value for row in kinds if row["Figures"]) == len(
        evidence.observations
    )


@pytest.mark.parametrize("language", ["en", "fr", "ht"])
def test_kinds_of_documents_go_by_their_names(language):
    with spoken(language):
        evidence = mss.load(corpus="full", language=language)
        kinds, ties = holdings.count_kinds(evidence).rows, origins.draw_repeats(evidence).table.rows
        shown = [row["Kind of document"].plain for row in kinds]
        shown += [row["Reaches us through"].plain for row in ties]
        # In a list the kind stands before its grade.
        listed = sources.list_documents(evidence).table.rows
        shown += [row["Kind"].plain.partition(",")[0] for row in listed]
        told = evidence.provenance(evidence.statements)["sources"].values()
        told = [*told, *describe_register([language]).languages[language]["sources"]]
        shown += [source["type"] for source in told]
        assert set(shown) == {evidence.type_labels[kind] for kind in evidence.sources["type"]}


@pytest.mark.parametrize("language", ["fr", "ht"])
def test_kinds_of_origins_are_named_in_the_language(full, language):
    found = {origin.kind for origin in origins.read_origins(full) if origin.kind}
    with spoken(language):
        assert [kind for kind in found if not is_translated(origins._KINDS[kind])] == []


def test_every_indicator_has_a_theme_and_few_have_none(full):
    themes = full.indicators["indicator"].map(name_theme)
    assert set(themes) <= set(THEMES)
    assert (themes == OTHER).mean() < 0.1


def test_no_chart_has_more_than_thirty_rows(full):
    for shown in (
        sources.count_contributions(full),
        origins.trace_origins(full),
        origins.count_reprints(full),
        sources.show_repeats(full),
        holdings.count_indicators(full),
        disputes.map_conflicts(full),
    ):
        spec = shown.chart.to_dict()
        (data,) = spec["datasets"].values()
        field = spec["encoding"]["y"]["field"]
        assert len({row[field] for row in data}) <= 30, shown.id


def test_a_month_without_a_figure_is_drawn_as_a_gap(full):
    shown = coverage.map_coverage(full)
    filled = {
        (row["Month"].plain, theme)
        for row in shown.table.rows
        for theme, cell in row.items()
        if theme != "Month" and cell is not None
    }
    themes = len(shown.table.rows[0]) - 1
    gaps = [
        row
        for rows in shown.chart.to_dict()["datasets"].values()
        for row in rows
        if "no figure" in row["says"]
    ]
    assert len(gaps) + len(filled) == len(shown.table.rows) * themes


def test_freshness_is_counted_from_the_vintage():
    early, late = (
        coverage.measure_freshness(mss.load(day, "seed")).table.rows[0]
        for day in ("2024-07-01", "2024-07-11")
    )
    gap = late["Days since the last figure"].value - early["Days since the last figure"].value
    assert gap == 10


def test_the_reading_list_alone_is_checked_word_by_word(full):
    checked = [
        entry for entry in full.observations["observation_id"] if coverage.is_checked(full, entry)
    ]
    seed = mss.load(corpus="seed").observations["observation_id"]
    assert set(checked) == set(seed)


def test_errata_say_what_was_and_what_is(full):
    rows = sources.list_errata(full).rows
    assert len(rows) == len(full.corrections)
    households = next(row for row in rows if row["Was"].plain == "1020")
    assert households["Is"].plain == "4972"
    assert "households" in households["Reason"].plain


def test_the_list_of_disputes_is_bounded_and_shows_the_obvious(full):
    picked = disputes.pick_conflicts(full)
    assert len(picked) <= 40
    told = " | ".join(conflict.sentence.plain for conflict in picked)
    period = "1 January 2024 to no later than 30 November 2024"
    gangs, all_parties = f"700,000 people (gangs, {period})", f"500,000 people ({period})"
    assert f"more than {gangs} and more than {all_parties}" in told
    assert "where the stated total is $21 million" in told
    (deployed,) = full.select("country_personnel_deployed", locator="p66")["observation_id"]
    assert any(deployed in conflict.observations for conflict in picked)  # 2,500 deployed
    severities = [conflict.severity for conflict in picked]
    assert severities == sorted(severities)  # contradictions before tensions


def test_all_conflicts_stand_in_the_data(full):
    every = disputes.order_conflicts(full)
    assert len(disputes.map_conflicts(full).table.rows) == len(every)
    groups = disputes.group_conflicts(full).rows
    counted = sum(
        row[column].value
        for row in groups
        for column in ("Contradictions", "Tensions")
        if row[column]
    )
    assert counted == len(every)


def test_the_smallest_revision_of_a_flow_is_its_gap(base):
    """Two exact counts of one quarter, seven apart: one of them gives way by seven."""
    path = base / "observations.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    own = rows[rows["observation_id"] == "injured-2024q1-004-p8"].iloc[0].copy()
    own["observation_id"], own["value"] = "injured-2024q1-other", "852"
    pd.concat([rows, own.to_frame().T]).to_csv(path, index=False)
    evidence = mss.load(corpus="seed", data=base)
    conflicts = [
        conflict
        for conflict in disputes.order_conflicts(evidence)
        if "injured-2024q1-other" in conflict.observations
    ]
    assert conflicts
    assert disputes.revise(evidence, "injured", conflicts).value == 7


def show_all(evidence):
    return [
        holdings.count_kinds(evidence),
        sources.list_documents(evidence),
        sources.count_contributions(evidence),
        holdings.count_indicators(evidence),
        origins.trace_origins(evidence),
        origins.draw_repeats(evidence),
        origins.count_reprints(evidence),
        sources.show_repeats(evidence),
        sources.show_publication(evidence),
        coverage.map_coverage(evidence),
        coverage.measure_freshness(evidence),
        coverage.show_verification(evidence),
        sources.list_errata(evidence),
        disputes.map_conflicts(evidence),
        disputes.group_conflicts(evidence),
        disputes.list_conflicts(evidence),
    ]


@pytest.mark.parametrize("corpus", ["seed", "full"])
@pytest.mark.parametrize("language", ["fr", "ht"])
def test_all_is_told_in_every_language_with_the_same_figures(corpus, language):
    check(corpus, language, show_all, sources.findings)


def test_a_revision_is_told_in_the_unit_of_what_is_counted(full):
    """People are whole, money has its currency, and no growth lends its percent."""
    rows = disputes.group_conflicts(full).rows
    told = [str(row["Smallest total revision"]) for row in rows if row["Smallest total revision"]]
    assert len(told) > 3
    shares = [row["Gives way in any case"] for row in rows if row["Gives way in any case"]]
    assert any("1,660 people (106 people)" in words.plain for words in shares)
    told += [words.plain for words in shares]
    assert not any("currency" in words or "%" in words for words in told)
    assert not any("." in words for words in told if "people" in words)


def test_records_of_counts_hold_all_that_was_counted(full):
    found = {finding.id: finding for finding in sources.findings(full)}
    named = [origin for origin in origins.read_origins(full) if origin.name]
    counted = {entry for origin in named for entry in origin.figures}
    # A page's number leads to a dozen of them, the record to each.
    assert len(found["sources.origins"].estimate.observations) == 12
    assert counted <= set(found["sources.origins"].to_dict()["observations"])
    conflicts = find_conflicts(full)
    hard = [entry for entry in conflicts if entry.severity == "contradiction"]
    members = {entry for conflict in hard for entry in conflict.observations}
    assert set(found["sources.contradictions"].observations) == members


@pytest.mark.parametrize("corpus", ["seed", "full"])
def test_what_is_covered_fresh_checked_and_corrected_is_a_finding(corpus):
    evidence = mss.load(corpus=corpus)
    found = {finding.id: finding.estimate for finding in sources.findings(evidence)}
    table = coverage.map_coverage(evidence).table.rows
    empty = sum(cell is None for row in table for cell in row.values())
    assert found["sources.coverage"].value == empty
    fresh = coverage.measure_freshness(evidence).table.rows
    ages = [row["Days since the last figure"].value for row in fresh]
    assert found["sources.freshness"].value == max(ages)
    paged = ~evidence.observations["locator"].str.match("p[0-9]")
    assert found["sources.verification"].value == paged.sum()
    corrected = {row for row in evidence.corrections["row"] if evidence.states(row)}
    assert ("sources.errata" in found) is bool(corrected)
    if corrected:
        assert found["sources.errata"].value == len(corrected)
