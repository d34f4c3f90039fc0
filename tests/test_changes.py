"""Changes between vintages: each names the figure that moved another."""

import json
from collections import Counter

import pytest

import mss_analysis as mss
from mss_analysis.changes import find_changes
from mss_analysis.cli import main
from mss_analysis.overview import list_changes


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


def test_a_currency_never_supersedes_another():
    later = mss.load("latest", "full")
    for change in find_changes(mss.load("2024-06-30", "full"), later):
        units = {later.row(entry)["unit"] for entry in (change.observation, *change.moved)}
        assert len(units) == 1, change.observation


def test_a_wider_statement_for_the_same_time_says_nothing_new(base):
    """ "More than 1,600" adds nothing to 1,660 for the same quarter."""
    path = base / "observations.csv"
    text = path.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("killed-2024q1-004-p8"))
    new = old.replace("killed-2024q1-004-p8,004_ecda221a58dc764e", "new-q1,003_f6935b50a0fc12fc")
    new = new.replace(",1660,", ",1600,").replace(",exact,", ",more_than,")
    path.write_text(text + new + "\n", encoding="utf-8")
    earlier, later = (mss.load(day, "seed", data=base) for day in ("2024-12-01", "latest"))
    assert "new-q1" not in {change.observation for change in find_changes(earlier, later)}


def test_on_the_wide_base_every_change_names_what_it_moved():
    earlier, later = mss.load("2024-07-01", "full"), mss.load("2024-12-31", "full")
    changes = find_changes(earlier, later)
    kinds = Counter(change.kind for change in changes)
    assert kinds["new"] > 100
    assert kinds["superseded"] > 30
    known = set(earlier.observations["observation_id"])
    for change in changes:
        assert change.observation not in known
        assert bool(change.moved) == (change.kind != "new")
        assert set(change.moved) <= known
    identifiers = [change.observation for change in changes]
    assert len(set(identifiers)) == len(identifiers)


def test_announcements_one_by_one_supersede_nothing():
    later = mss.load("latest", "full")
    for change in find_changes(mss.load("2023-01-31", "full"), later):
        if later.row(change.observation)["indicator"] == "humanitarian_aid_announced":
            assert change.kind != "superseded"


def test_the_overview_lists_a_bounded_number():
    table = list_changes(mss.load("latest", "full"), "2024-07-01")
    assert len(table.rows) <= 40
    kinds = [str(next(iter(row.values()))) for row in table.rows]
    assert {"revised", "superseded", "new"} <= set(kinds)


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
