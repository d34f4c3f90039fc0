"""Changes between vintages: each names the figure that moved another."""

import json

import pytest

import mss_analysis as mss
from mss_analysis.changes import find_changes
from mss_analysis.cli import main


def changes_between(earlier, later):
    found = find_changes(mss.load(earlier, "seed"), mss.load(later, "seed"))
    return {change.observation: change for change in found}


def test_a_longer_count_supersedes_a_shorter_one():
    change = changes_between("2024-12-01", "latest")["killed-2024-003-p10"]
    assert change.kind == "superseded"
    assert change.moved == ("killed-2024-to-nov-001-p1",)
    assert "after more than 4,000 people" in change.sentence.plain


def test_restatements_are_no_change():
    changes = changes_between("2024-12-01", "latest")
    assert "gang-control-2025-01-003-p11" not in changes  # 85 percent, as before
    assert "killed-2024-003-p28" not in changes  # the same as p10 of one document


def test_a_revision_comes_first_and_names_what_it_revised(base):
    path = base / "observations.csv"
    text = path.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("killed-2024q1-004-p8"))
    new = old.replace("killed-2024q1-004-p8,004_ecda221a58dc764e", "new-q1,003_f6935b50a0fc12fc")
    path.write_text(text + new.replace(",1660,", ",1700,") + "\n", encoding="utf-8")
    earlier, later = (mss.load(day, "seed", data=base) for day in ("2024-12-01", "latest"))
    first = find_changes(earlier, later)[0]
    assert (first.kind, first.observation, first.moved) == (
        "revised",
        "new-q1",
        ("killed-2024q1-004-p8",),
    )


def test_nothing_changes_within_a_day():
    assert changes_between("2024-12-01", "2024-12-01") == {}


def test_the_order_of_days_matters():
    with pytest.raises(mss.ParameterError, match="lies before"):
        changes_between("2024-12-01", "2024-07-01")


def test_command(capsys):
    arguments = ["changes", "--from", "2024-07-01", "--to", "2024-12-31", "--corpus", "seed"]
    assert main([*arguments, "--format", "json"]) == 0
    assert {"kind", "observation", "moved", "sentence"} == set(
        json.loads(capsys.readouterr().out)[0]
    )
    assert main(arguments) == 0
    assert "changes from 2024-07-01 to 2024-12-31" in capsys.readouterr().out
