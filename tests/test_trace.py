"""`mss trace`: from any figure down to the paragraph."""

import pytest

from mss_analysis.cli import main


def run(capsys, *arguments):
    code = main(["trace", *arguments, "--corpus", "seed"])
    return code, capsys.readouterr()


def test_an_observation_leads_to_its_paragraph(capsys):
    code, said = run(capsys, "killed-2024q1-004-p8")
    assert code == 0
    assert "1,660 people" in said.out
    assert "The New Humanitarian, June 2024), p8" in said.out
    assert "origin: UN" in said.out


def test_a_finding_leads_to_its_inputs(capsys):
    code, said = run(capsys, "casualties.displaced-before")
    assert code == 0
    assert "= displaced-2024-06-004-p8 - displaced-change-2024-03-06-004-p8" in said.out
    assert said.out.count("stated in") == 2


@pytest.mark.parametrize("kind", ["events", "passages", "mitigations"])
def test_other_rows_lead_to_their_paragraph(capsys, evidence, kind):
    identifier = getattr(evidence, kind).iloc[0, 0]
    code, said = run(capsys, identifier)
    assert code == 0
    assert "stated in" in said.out


def test_an_unknown_id_is_one_sentence_with_advice(capsys):
    code, said = run(capsys, "killed-2024q1-004-p9")
    assert code == 2
    assert "did you mean killed-2024q1-004-p8" in said.err
    assert said.err.count("\n") == 1


def test_what_was_not_known_yet_cannot_be_traced(capsys):
    code, said = run(capsys, "killed-2024-003-p10", "--as-of", "2024-07-01")
    assert code == 2
    assert "was known on 2024-07-01" in said.err


def test_a_figure_of_the_overview_leads_to_its_paragraph(capsys):
    code, said = run(capsys, "overview.mission")
    assert code == 0
    assert "Mission personnel in Haiti: about 400 people" in said.out
    assert "Interview, November 2024), p4" in said.out
