"""`mss verify`: a figure stands where it is said to stand, in any usual spelling."""

import csv
import os
from pathlib import Path

import pytest

import mss_analysis as mss
from mss_analysis.cli import main
from mss_analysis.verify import contains, verify


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("more than 4,000 Haitians", 4000, "persons"),
        ("some 4000 people", 4000, "persons"),
        ("four thousand people", 4000, "persons"),
        ("around $600 million", 600e6, "USD"),
        ("a $600m bill", 600e6, "USD"),
        ("cost $241.4 million", 241.4e6, "USD"),
        ("a population of 11.5 million", 11.5e6, "persons"),
        ("two million Haitians", 2e6, "persons"),
        ("about half the population", 50, "percent"),
        ("one in two members", 50, "percent"),
        ("30-50% of members", 30, "percent"),
        ("a 19-year occupation", 19, "years"),
        ("conceived as year-long", 1, "years"),
        ("a month and a half", 1.5, "months"),
        ("twenty-four flights", 24, "flights"),
        ("dozens of planes", 24, "flights"),
        ("1 660 killed", 1660, "persons"),
        ("1\u202f660 killed", 1660, "persons"),
    ],
)
def test_usual_spellings_are_understood(text, value, unit):
    assert contains(text, value, unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,660 people", 660, "persons"),
        ("1,660 people", 1, "persons"),
        ("$6 million", 6, "persons"),
        ("15 planes", 15e6, "USD"),
        ("3.2 million", 2e6, "USD"),
        ("in 2024", 202, "persons"),
        ("half the people", 50, "persons"),
    ],
)
def test_parts_of_other_numbers_do_not_count(text, value, unit):
    assert not contains(text, value, unit)


@pytest.fixture
def corpus(base, tmp_path):
    """Small texts of our own: each figure in the paragraph that the tables name."""
    folder = tmp_path / "texts"
    folder.mkdir()
    path = base / "observations.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["locator"] in {"p8", "p10"}]
    for source in {row["source_id"] for row in rows}:
        paragraphs = [f"Paragraph {'x' * count}" for count in range(1, 12)]
        for row in rows:
            if row["source_id"] == source:
                number = int(row["locator"][1:]) - 1
                stated = row["value"] or f"{row['low']} to {row['high']}"
                paragraphs[number] += f" states {stated} {row['unit']} "
        (folder / f"{source}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (base / "identities.csv").write_text(
        (base / "identities.csv").read_text(encoding="utf-8").splitlines()[0] + "\n"
    )
    return folder


def run(base, corpus):
    return [str(fault) for fault in verify(mss.load(data=base), corpus).faults]


def change(base, old, new):
    path = base / "observations.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_is_well(base, corpus):
    assert run(base, corpus) == []


def test_a_wrong_number_is_reported(base, corpus):
    change(base, ",killed,1660,", ",killed,1661,")
    (fault,) = run(base, corpus)
    assert "killed-2024q1-004-p8" in fault
    assert "1,661 does not stand in that paragraph" in fault


def test_a_wrong_paragraph_is_reported_with_the_right_one(base, corpus):
    change(base, "killed-2024q1-004-p8,004_ecda221a58dc764e,p8", "killed,004_ecda221a58dc764e,p9")
    (fault,) = run(base, corpus)
    assert "it stands in p8" in fault


def test_a_paragraph_beyond_the_end_is_reported(base, corpus):
    change(base, "killed-2024q1-004-p8,004_ecda221a58dc764e,p8", "killed,004_ecda221a58dc764e,p99")
    (fault,) = run(base, corpus)
    assert "the document has only 11 paragraphs" in fault


def test_a_missing_file_is_reported(base, corpus):
    (corpus / "004_ecda221a58dc764e.txt").unlink()
    faults = run(base, corpus)
    assert faults
    assert all("there is no file 004_ecda221a58dc764e.txt" in fault for fault in faults)


def test_command_counts_and_fails(base, corpus, capsys):
    change(base, ",killed,1660,", ",killed,1661,")
    assert main(["verify", "--corpus", str(corpus), "--data", str(base)]) == 1
    assert "stand where they are said to stand" in capsys.readouterr().out
    assert main(["verify", "--corpus", str(corpus / "nowhere")]) == 2


@pytest.mark.skipif("MSS_CORPUS" not in os.environ, reason="the documents are not at hand")
def test_every_seed_figure_stands_in_its_paragraph():
    result = verify(mss.load(corpus="seed"), Path(os.environ["MSS_CORPUS"]))
    assert [str(fault) for fault in result.faults] == []
    assert result.checked > 100
