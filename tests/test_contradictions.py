"""Contradictions: the obvious ones are found, and agreement is not called one."""

import json

import pytest

import mss_analysis as mss
from mss_analysis.cli import main
from mss_analysis.contradictions import find_conflicts


@pytest.fixture(scope="module")
def conflicts(evidence):
    return {conflict.id: conflict for conflict in find_conflicts(evidence)}


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


def test_totals_that_read_alike_tell_their_difference():
    found = {conflict.id: conflict for conflict in find_conflicts(mss.load())}
    assert "(they differ by $3,000)" in found["minustah-2005-06-budget"].sentence.plain


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
    assert {"id", "severity", "kind", "observations", "sentence", "note"} == set(records[0])


def test_command_prints_a_table(capsys):
    assert main(["contradictions", "--corpus", "seed", "--as-of", "2024-07-01"]) == 0
    assert "conflicts known on 2024-07-01" in capsys.readouterr().out
