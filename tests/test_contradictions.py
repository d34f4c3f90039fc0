"""Contradictions: the obvious ones are found, and agreement is not called one."""

import json

import pytest

import mss_analysis as mss
from mss_analysis.cli import main
from mss_analysis.contradictions import find_conflicts


@pytest.fixture(scope="module")
def conflicts(evidence):
    return {conflict.id: conflict for conflict in find_conflicts(evidence)}


@pytest.fixture(scope="module")
def everything():
    return {conflict.id: conflict for conflict in find_conflicts(mss.load())}


@pytest.mark.parametrize(
    ("identity", "severity", "kind"),
    [
        ("trust-fund-donors", "contradiction", "rounding"),
        ("kenya-400-plus-217-faq", "contradiction", "definition"),
        ("displaced-2024-to-november", "tension", "scope"),
        ("kenya-deployed-003", "tension", "definition"),
    ],
)
def test_the_obvious_ones_appear(conflicts, identity, severity, kind):
    assert (conflicts[identity].severity, conflicts[identity].kind) == (severity, kind)


def test_a_persons_explanation_stands_with_its_author(conflicts):
    assert "the planned strength of the whole mission" in conflicts["kenya-deployed-003"].note
    assert conflicts["kenya-deployed-003"].note.endswith("editors)")


def test_figures_that_read_alike_tell_their_difference(everything):
    assert "(they differ by $3,000)" in everything["minustah-2005-06-budget"].sentence.plain
    alike = [
        conflict.sentence.plain
        for conflict in everything.values()
        if "$7.21 million and $7.21 million are both stated" in conflict.sentence.plain
    ]
    assert alike
    assert all("(they differ by $8)" in sentence for sentence in alike)


def test_figures_of_people_miss_each_other_by_whole_people(everything):
    gaps = [conflict.revision for conflict in everything.values() if conflict.revision]
    people = [gap.value for gap in gaps if gap.unit == "persons"]
    assert len(people) > 20
    assert all(gap >= 1 and gap == int(gap) for gap in people)


def test_a_large_gap_is_never_put_down_to_rounding(everything):
    for conflict in everything.values():
        if conflict.kind == "rounding" and conflict.revision and len(conflict.observations) == 2:
            stated = mss.load().estimates(conflict.observations)
            assert conflict.revision.high <= min(abs(figure.value) for figure in stated) / 10


@pytest.mark.parametrize("identity", ["kenya-217-repeated", "kenya-400-plus-217", "gang-minors"])
def test_what_agrees_is_silent(conflicts, identity):
    assert identity not in conflicts


def test_sentences_name_figures_and_places(conflicts):
    words = conflicts["trust-fund-donors"].sentence
    assert "$20.9 million" in words.plain
    assert "$21 million" in words.plain
    assert "The New Humanitarian, June 2024, p26" in words.plain
    assert "trust-fund-total-2024-06-004-p26" in words.observations


def test_command_prints_json(capsys):
    assert main(["contradictions", "--corpus", "seed", "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    expected = {"id", "severity", "kind", "observations", "sentence", "note", "revision", "shares"}
    assert expected == set(records[0])


def test_command_prints_a_table(capsys):
    assert main(["contradictions", "--corpus", "seed", "--as-of", "2024-07-01"]) == 0
    assert "conflicts known on 2024-07-01" in capsys.readouterr().out
