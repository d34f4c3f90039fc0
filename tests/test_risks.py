"""Risks: origins, gaps and ties, against values worked out by hand."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import pandas as pd
import pytest
from languages import unpack

import mss_analysis as mss
from mss_analysis import risks
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.exercises import risks as lessons
from mss_analysis.language import LANGUAGES, speak
from mss_analysis.risks import (
    interactions,
    matrix,
    measures,
    ordering,
    register,
    stances,
    vocabulary,
)
from mss_analysis.risks.interactions import lay_out
from mss_analysis.risks.register import (
    attribute,
    count_fewest,
    count_origins,
    count_risks,
    find_gaps,
    read_risks,
    tie_actors,
)
from mss_analysis.risks.tally import NOTHING

NOTHING_KNOWN, JULY, LATEST = "2023-01-01", "2024-07-01", "latest"
EXHIBITS = [
    risks.list_risks,
    risks.weigh_origins,
    measures.balance_measures,
    measures.list_gaps,
    matrix.cross_documents,
    matrix.cross_speakers,
    interactions.map_interactions,
    interactions.count_affected,
    interactions.weigh_actors,
    stances.trace_stances,
    ordering.order_risks,
]


VINTAGES = ["2023-01-31", "2023-10-31", "2024-06-30", "2025-06-30"]


def read(as_of: str = LATEST) -> Evidence:
    return mss.load(as_of, corpus="seed")


def build(
    *passages: tuple[str, str, str, str],
    measures: tuple[str, ...] = (),
    status: str = "reported",
    titles: tuple[str, ...] = ("harm",),
) -> Evidence:
    """Build evidence: passages as (id, source, actor, note) on each risk, measures by status.

    Measures go to the risks in turn; the passages on a further risk carry its title in their id.
    """
    frame = pd.DataFrame(
        [
            {
                "evidence_id": identifier if title == titles[0] else f"{identifier}-{title}",
                "source_id": source,
                "locator": "p1",
                "risk_id": title,
                "actor": actor,
                "actor_group": "media",
                "stance": "raises",
                "status": status,
                "date": "2024",
                "paraphrase": "Somebody says that 3 people came to harm.",
                "note": note,
            }
            for title in titles
            for identifier, source, actor, note in passages
        ]
    )
    known = pd.Timestamp("2024-12-31")
    sources = pd.DataFrame(
        [
            {"source_id": source, "publisher": f"{source} Press", "type": "news"}
            | {"published": "2024", "known": known, "grade": "C", "reprint_of": ""}
            for source in frame["source_id"].unique()
        ]
    )
    risk = {"statement": "Because of 2 things, harm follows", "affected": "civilians; children"}
    risk |= {"interaction": "mission-civil; civil-mission; gang-civil"}
    mitigations = pd.DataFrame(
        [
            {"mitigation_id": f"measure-{rung}", "risk_id": title, "status": rung}
            | {"source_id": sources["source_id"].iloc[0], "locator": "p2"}
            for title, rung in zip(cycle(titles), measures, strict=False)
        ],
        columns=["mitigation_id", "risk_id", "status", "source_id", "locator"],
    )
    tables = {"sources": sources, "evidence": frame, "mitigations": mitigations}
    tables["risks"] = pd.DataFrame(
        [risk | {"risk_id": title, "title": title.capitalize()} for title in titles]
    )
    evidence = read(NOTHING_KNOWN)
    return replace(evidence, tables=evidence.tables | tables)


def bounds(evidence: Evidence) -> tuple[float, float]:
    origins = read_risks(evidence)[0].origins
    return origins.low, origins.high


def test_speakers_of_one_outlet_are_one_origin_at_fewest() -> None:
    evidence = build(("a", "one", "Anna", ""), ("b", "one", "Bea", ""), ("c", "one", "Anna", ""))
    assert bounds(evidence) == (1, 2)


def test_a_copy_adds_no_origin() -> None:
    evidence = build(("a", "one", "Anna", ""), ("b", "two", "Two Press", "repeats: a; copied"))
    assert bounds(evidence) == (1, 1)


def test_a_copy_of_a_copy_goes_back_to_the_first() -> None:
    evidence = build(
        ("c", "three", "Three Press", "repeats: b"),
        ("b", "two", "Two Press", "repeats: a"),
        ("a", "one", "Anna, as cited by One Press", ""),
    )
    assert set(attribute(evidence)["voice"]) == {"Anna"}
    assert bounds(evidence) == (1, 1)


def test_copies_of_an_unknown_passage_share_its_origin() -> None:
    evidence = build(("a", "one", "Anna", "repeats: z"), ("b", "two", "Bea", "repeats: z"))
    assert bounds(evidence) == (1, 1)


def reprint(evidence: Evidence, **reprinted: str) -> Evidence:
    """Say of documents what they reprint."""
    sources = evidence.sources.copy()
    sources["reprint_of"] = sources["source_id"].map(reprinted).fillna("")
    return replace(evidence, tables=evidence.tables | {"sources": sources})


def test_reprints_of_one_agency_are_one_outlet_and_not_their_own_publishers() -> None:
    evidence = build(
        ("a", "one", "Anna", ""),
        ("b", "two", "Bea", ""),
        ("c", "three", "Cleo", ""),
    )
    assert bounds(evidence) == (3, 3)
    assert bounds(reprint(evidence, one="Reuters", two="Reuters")) == (2, 3)
    # A reprint of the third document's publisher, by another spelling, and of that document.
    assert bounds(reprint(evidence, one="The three Press", two="three")) == (1, 3)


def test_a_reprint_that_speaks_itself_has_the_voice_of_what_it_reprints() -> None:
    evidence = build(
        ("a", "one", "One Press (the document itself)", ""),
        ("b", "two", "The document itself", ""),
    )
    assert bounds(evidence) == (2, 2)
    assert bounds(reprint(evidence, one="Reuters", two="Reuters")) == (1, 1)


def test_all_who_speak_for_one_body_are_one_origin_at_fewest() -> None:
    """OHCHR counts with BINUH, since both publish one count."""
    evidence = build(
        ("a", "one", "Volker Türk, OHCHR", ""),
        ("b", "two", "BINUH, as cited by Two Press", ""),
        ("c", "three", "MSS spokesperson Ombaka", ""),
        ("d", "four", "MSS (statement)", ""),
    )
    assert bounds(evidence) == (2, 4)


def test_a_count_of_risks_rests_on_a_passage_of_each() -> None:
    evidence = build(("a", "one", "Anna", ""), ("b", "two", "Bea", ""), titles=("harm", "loss"))
    found = read_risks(evidence)
    assert count_risks(found, found).observations == ("a", "a-loss")


def test_strength_counts_origins_by_hand() -> None:
    """Two origins raise it and report it as fact, none in a document of grade A or B."""
    evidence = build(("a", "one", "Anna", ""), ("b", "two", "Bea", ""))
    (entry,) = ordering.weigh(read_risks(evidence))
    assert [part.low for part in entry.parts] == [2, 2, 0]
    assert (entry.score.low, entry.score.high) == (4, 4)
    good = evidence.sources.assign(grade=["A", "C"])
    evidence = replace(evidence, tables=evidence.tables | {"sources": good})
    (entry,) = ordering.weigh(read_risks(evidence))
    assert [part.low for part in entry.parts] == [2, 2, 1]


def test_ranks_hold_without_any_one_of_the_counts() -> None:
    """The better attested is first by every rule; the intervals of the others overlap."""
    assert ordering.rank_intervals([(9, 9), (3, 6), (5, 5)]) == [(1, 1), (2, 3), (2, 3)]
    for entry in ordering.weigh(read_risks(read())):
        assert 1 <= entry.rank.low <= entry.rank.high <= len(read_risks(read()))


def test_ranks_are_those_of_some_reading() -> None:
    """Scores drawn at random within their bounds never leave the ranks given."""
    generator = np.random.default_rng(0)
    spans = [(0, 4), (2, 3), (3, 9), (5, 5), (1, 8)]
    ranks = ordering.rank_intervals(spans)
    seen = [set() for _ in spans]
    for _ in range(3000):
        drawn = [generator.integers(low, high + 1) for low, high in spans]
        for place, score in enumerate(drawn):
            least = 1 + sum(other > score for other in drawn)
            seen[place] |= {least, sum(other >= score for other in drawn)}
    for (best, worst), found in zip(ranks, seen, strict=True):
        assert (best, worst) == (min(found), max(found))


def test_a_passage_of_a_whole_year_stands_in_no_quarter() -> None:
    evidence = build(("a", "one", "Anna", ""))
    shown = stances.trace_stances(evidence)
    assert shown.table.rows == ()
    assert "No passage known on this day is dated to a quarter" in shown.answer.plain


def test_a_risk_seen_again_is_dated_by_its_last_passage() -> None:
    evidence = build(("a", "one", "Anna", ""), ("b", "two", "Bea", ""), ("c", "two", "Cleo", ""))
    dated = evidence.passages.assign(date=["2024-03-05", "2023", "2024-05"])
    (risk,) = read_risks(replace(evidence, tables=evidence.tables | {"evidence": dated}))
    assert (risk.first["evidence_id"], risk.last["evidence_id"]) == ("b", "c")


@pytest.mark.parametrize("min_grade", ["A", "F"])
@pytest.mark.parametrize("as_of", [*VINTAGES, LATEST])
def test_every_exhibit_stands_at_every_vintage(as_of: str, min_grade: str) -> None:
    evidence = mss.load(as_of, corpus="full", min_grade=min_grade)
    for make in EXHIBITS:
        bundle = make(evidence)._repr_mimebundle_()
        assert "unfounded" not in bundle["text/html"]
    for finding in [*risks.findings(evidence), *interactions.findings(evidence)]:
        assert finding.estimate.observations


def test_passages_that_repeat_each_other_end_somewhere() -> None:
    evidence = build(("a", "one", "Anna", "repeats: b"), ("b", "one", "Anna", "repeats: a"))
    assert bounds(evidence) == (1, 1)


def test_outlets_that_quote_one_speaker_are_linked() -> None:
    evidence = build(
        ("a", "one", "Anna (spokesperson)", ""),
        ("b", "two", "Anna, as reported by Two Press", ""),
        ("c", "two", "Bea", ""),
        ("d", "three", "The document itself", ""),
        ("e", "four", "The document itself", ""),
    )
    # Anna, Bea and two nameless documents; one and two hang together by Anna.
    assert bounds(evidence) == (3, 4)


def test_a_note_that_restates_an_article_shares_its_voices() -> None:
    evidence = build(
        ("a", "one", "Anna", ""),
        ("b", "one", "Bea", ""),
        ("c", "one", "The document itself", ""),
        ("d", "two", "Anna, as cited by two", "repeats: a; restates the article"),
        ("e", "two", "The document itself", "repeats: c"),
    )
    passages = attribute(evidence)
    assert (len(passages), passages["source_id"].nunique()) == (5, 2)
    origins = count_origins(passages)
    assert (origins.low, origins.high) == (1, 3)
    assert set(origins.observations) == set(passages["evidence_id"])


@pytest.mark.parametrize(
    ("measures", "closed_by", "gaps"),
    [
        ((), "implemented", 1),
        (("proposed", "absent"), "implemented", 1),
        (("proposed", "absent"), "proposed", 0),
        (("adopted",), "implemented", 1),
        (("adopted",), "adopted", 0),
        (("implemented",), "adopted", 0),
    ],
)
def test_only_a_measure_in_place_closes_a_gap(
    measures: tuple[str, ...], closed_by: str, gaps: int
) -> None:
    evidence = build(("a", "one", "Anna", ""), measures=measures)
    assert len(find_gaps(read_risks(evidence), closed_by)) == gaps


def test_an_absent_measure_closes_nothing() -> None:
    with pytest.raises(ParameterError, match="closed_by must be one of implemented"):
        find_gaps([], "absent")


def test_no_gap_is_a_finding_with_a_base() -> None:
    evidence = build(("a", "one", "Anna", ""), measures=("implemented",))
    found = {finding.id: finding for finding in risks.findings(evidence)}
    assert found["risks.gaps"].estimate.value == 0
    assert found["risks.gaps"].estimate.observations == ("a",)


def test_a_risk_that_is_only_foreseen_is_not_reported_as_fact() -> None:
    evidence = build(("a", "one", "Anna", ""), status="foreseen")
    assert risks.list_risks(evidence).answer.plain == "No passage reports any of 1 risk as fact."
    assert "reports a risk as fact" in measures.list_gaps(evidence).answer.plain
    assert "risks.gaps" not in {finding.id for finding in risks.findings(evidence)}


def test_an_absent_measure_is_not_among_the_measures_named() -> None:
    evidence = build(("a", "one", "Anna", ""), measures=("implemented", "proposed", "absent"))
    shown = measures.balance_measures(evidence)
    assert shown.headline.plain == "Documents name 2 measures; they report 1 as in place"
    assert shown.answer.plain == "Measures by status: 1 implemented, 1 proposed and 1 absent."
    named = measures.balance_measures(build(("a", "one", "Anna", ""), measures=("adopted",)))
    assert named.headline.plain == "Documents name 1 measure; they report none as in place"


def test_all_who_are_named_most_often_are_named() -> None:
    shown = interactions.count_affected(build(("a", "one", "Anna", "")))
    assert shown.headline.plain == "Named in most risks: children and civilians, in 1 of 1 risk"


def test_ties_have_no_direction_and_count_a_risk_once() -> None:
    ties = tie_actors(read_risks(build(("a", "one", "Anna", ""))))
    assert {pair: len(found) for pair, found in ties.items()} == {
        ("civil", "gang"): 1,
        ("civil", "mission"): 1,
    }


def test_actors_always_stand_in_the_same_places() -> None:
    first, second = lay_out(list(interactions.ACTORS)), lay_out(list(interactions.ACTORS))
    assert first.equals(second)
    assert first[["x", "y"]].stack().between(0, 1).all()


def test_a_tie_names_its_risks_and_its_sources() -> None:
    chart = interactions.map_interactions(read()).chart.to_dict()
    ties = next(rows for rows in chart["datasets"].values() if "says" in rows[0])
    strongest = max(ties, key=lambda tie: tie["count"])
    assert "Language barrier" in strongest["says"]
    assert "CPM-I, 22 October 2024" in strongest["source"]
    assert strongest["observation"]


def test_first_mention_is_the_day_it_was_known() -> None:
    """The note of October is first in the file; the article of June came earlier."""
    rows = {row["Risk"]: row for row in risks.list_risks(read()).table.rows}
    assert rows["Language barrier"]["First raised"].plain == "The New Humanitarian, June 2024"


@pytest.mark.parametrize("make", EXHIBITS)
def test_nothing_is_shown_before_anything_was_known(make) -> None:
    shown = make(read(NOTHING_KNOWN))
    assert (shown.chart, shown.table.rows, shown.answer.plain) == (None, (), NOTHING)
    assert risks.findings(read(NOTHING_KNOWN)) == []
    assert interactions.findings(read(NOTHING_KNOWN)) == []


@pytest.mark.parametrize(
    "lesson", [lessons.weigh_attention, lessons.find_witnesses, lessons.bound_measures]
)
def test_exercises_have_an_answer_before_anything_was_known(lesson) -> None:
    assert lesson(read(NOTHING_KNOWN)).check("nothing").is_right


def test_an_unknown_risk_shows_nothing() -> None:
    shown = risks.read_passages(read(), "no-such-risk")
    assert shown.chart is None
    assert "no-such-risk" not in shown.title


def test_every_statement_is_told() -> None:
    evidence = read(JULY)
    told = {row["Risk"] for row in risks.tell_statements(evidence).rows}
    assert told == {risk.title for risk in read_risks(evidence)}
    assert risks.tell_statements(read(NOTHING_KNOWN)).paragraphs[0].plain == NOTHING


@pytest.mark.parametrize("as_of", [JULY, LATEST])
def test_every_count_leads_to_rows(as_of: str) -> None:
    evidence = read(as_of)
    for finding in [*risks.findings(evidence), *interactions.findings(evidence)]:
        assert evidence.provenance(finding.text.observations)["observations"]
    for make in EXHIBITS:
        assert "unfounded" not in make(evidence).answer.html


def test_attention_is_no_likelihood() -> None:
    exercise = lessons.weigh_attention(read())
    assert exercise.check("unknown").is_right
    times = exercise.check(max(len(risk.raising) for risk in read_risks(read())))
    assert not times.is_right
    assert "written" in times.words


def test_a_restating_note_is_no_second_witness() -> None:
    evidence = build(
        ("a", "one", "Anna", ""),
        ("b", "one", "Bea", ""),
        ("c", "two", "Anna", "repeats: a"),
        ("d", "two", "Bea", "repeats: b"),
        ("e", "two", "Cleo", ""),
    )
    exercise = lessons.find_witnesses(evidence)
    assert exercise.check(1).is_right
    assert "counted all" in exercise.check(3).words
    assert "that it repeats" in exercise.check(2).words


@pytest.mark.parametrize("as_of", [NOTHING_KNOWN, JULY])
def test_one_document_alone_restates_nobody(as_of: str) -> None:
    assert lessons.find_witnesses(read(as_of)).check("nothing").is_right


def test_silence_leaves_the_ceiling_open() -> None:
    evidence = build(
        ("a", "one", "Anna", ""),
        measures=("implemented", "proposed"),
        titles=("harm", "loss", "fear"),
    )
    exercise = lessons.bound_measures(evidence)
    assert exercise.check((1, 3)).is_right
    assert "No report of a measure" in exercise.check((1, 1)).words
    assert "only proposed" in exercise.check((2, 3)).words


def test_what_is_only_foreseen_has_no_measures_to_bound() -> None:
    evidence = build(("a", "one", "Anna", ""), status="foreseen")
    assert lessons.bound_measures(evidence).check("nothing").is_right


def test_exhibits_state_a_finding_and_what_is_shown() -> None:
    evidence = read()
    for make in EXHIBITS:
        shown = make(evidence)
        assert shown.headline.plain
        assert shown.headline.plain not in shown.answer.plain
        assert shown.subtitle


def test_words_of_the_tables_have_words_on_a_page() -> None:
    """A group, a kind or an actor that nobody labelled would stand on a page in raw data."""
    evidence = mss.load(corpus="full")
    affected = {words for risk in read_risks(evidence) for words in risk.affected}
    assert affected <= set(vocabulary.AFFECTED)
    passages = attribute(evidence)
    assert set(passages["group"]) <= vocabulary.GROUPS.keys()
    assert set(passages["kind"]) <= vocabulary.KINDS.keys()
    actors = {actor for pair in tie_actors(read_risks(evidence)) for actor in pair}
    assert actors <= vocabulary.ACTORS.keys()


@pytest.fixture
def back_to_english():
    yield
    speak("en")


@pytest.mark.usefixtures("back_to_english")
@pytest.mark.parametrize("corpus", ["full", "seed"])
def test_all_languages_say_the_same_figures(corpus: str) -> None:
    makers = [*EXHIBITS, lambda evidence: risks.read_passages(evidence, "humanitarian-space")]
    ids = {}
    for code in LANGUAGES:
        evidence = mss.load(corpus=corpus, language=code)
        shown = [make(evidence) for make in makers]
        found = [*risks.findings(evidence), *interactions.findings(evidence)]
        pages = [str(unpack(exhibit)) for exhibit in shown]
        assert not [page for page in pages if 'class="untranslated"' in page]
        assert not [each for each in found if "untranslated" in each.text.html]
        ids[code] = [set(exhibit.observations) for exhibit in shown] + [
            set(each.estimate.observations) for each in found
        ]
    assert ids["en"] == ids["fr"] == ids["ht"]


def test_a_report_since_the_landing_is_told_from_earlier_and_elsewhere():
    evidence = mss.load(corpus="full")
    reach = {risk.id: risk.reach for risk in read_risks(evidence)}
    # Kenyan police killed in Nairobi; MINUSTAH brought cholera: neither is this mission in Haiti.
    assert reach["use-of-force-accountability"] == register.EARLIER
    assert reach["health-environment-legacy"] == register.EARLIER
    assert reach["civilian-harm-operations"] == register.SEVERAL
    assert reach["language-barrier"] == register.SINGLE
    assert reach["mandate-militarisation"] == register.FORESEEN
    for risk in read_risks(evidence):
        assert (risk.reach == register.FORESEEN) is (risk.status == register.FORESEEN)
        # The first contingent landed on 25 June 2024.
        assert (risk.since["said_from"] >= pd.Timestamp("2024-06-25")).all()
    assert all(risk.since.empty for risk in read_risks(mss.load("2024-06-01", corpus="full")))


def test_several_origins_are_several_by_all_ties_known():
    # Two outlets quote Anna and Bea; a third passage of one outlet quotes both.
    first, second = ("a", "s1", "Anna", ""), ("b", "s2", "Bea", "")
    (apart,) = read_risks(build(first, second))
    assert count_fewest(apart.raising, apart.raising) == 2
    (tied,) = read_risks(build(first, second, ("c", "s1", "Bea", "")))
    chosen = tied.raising[tied.raising["evidence_id"].isin(["a", "b"])]
    assert count_origins(chosen).low == 2
    assert count_fewest(tied.raising, chosen) == 1


def test_the_record_of_a_finding_holds_what_its_sentence_leads_to():
    evidence = mss.load(corpus="full")
    found = {finding.id: finding for finding in risks.findings(evidence)}
    single = found["risks.single-origin"]
    recorded = single.to_dict()["observations"]
    # One risk may rest on one origin, of all that are raised: each of them stands behind it.
    assert len(recorded) == len(read_risks(evidence)) > len(single.estimate.observations)
    assert set(single.text.observations) == set(recorded)
