"""Parameters that cannot go together are refused in a sentence, before any kernel starts."""

import csv
import re
from pathlib import Path

import nbformat
import pytest
import yaml

from mss_analysis.combinations import RULES, judge
from mss_analysis.press.parameters import check, read

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
EDITIONS = yaml.safe_load((ROOT / "reports" / "editions.yml").read_text(encoding="utf-8"))
IMPOSSIBLE = {
    "casualties": {
        "2019-01-01 is before the reading list": {"as_of": "2019-01-01"},
        "the reading list has no such grade": {"min_grade": "A"},
        "the year has not begun": {"as_of": "2024-07-01", "year": 2025},
        "the latest year has not begun": {"year": 2099},
        "nobody counted": {"year": 1850},
    },
    "deployment": {
        "the timeline starts after its end": {"as_of": "2024-07-01", "since": "2024-08"},
        "since is no date": {"since": "last year"},
        "low above high": {"arrivals_low": 500},
        "fewer than none": {"losses": -1},
        "no such lane": {"kinds": "resolution, deploymnt"},
        "no lane": {"kinds": " , "},
    },
    "funding": {
        "no such donor": {"donor": "United State"},
        "no cost": {"cost_factor": 0.0},
        "endless cost": {"cost_factor": float("inf")},
    },
    "overview": {"changes after the vintage": {"as_of": "2024-11-30", "since": "2024-12-01"}},
    "risks": {
        "no such risk": {"risk": "humanitarian-spaces"},
        "no such file": {"ratings": "my-ratings.csv"},
    },
}
CASES = [(name, *case) for name, cases in IMPOSSIBLE.items() for case in cases.items()]


def check_notebook(name, parameters):
    path = NOTEBOOKS / f"{name}.ipynb"
    return check(path.read_bytes(), parameters, NOTEBOOKS, judge)


@pytest.mark.parametrize(
    ("name", "why", "parameters"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_what_cannot_be_is_refused_in_a_sentence(name, why, parameters):
    said = check_notebook(name, parameters)
    assert said
    assert "\n" not in said
    # It names what to change, and the value that is wrong.
    assert any(parameter in said for parameter in parameters), said
    assert not re.search(r"Error|Traceback|None", said)


def test_every_edition_and_every_default_is_possible():
    for entry in EDITIONS["editions"]:
        given = entry.get("parameters", {})
        for day in entry.get("vintages", [given.get("as_of", "latest")]):
            name = Path(entry["notebook"]).stem
            assert check_notebook(name, given | {"as_of": str(day)}) == ""
    for path in NOTEBOOKS.glob("*.ipynb"):
        assert check(path.read_bytes(), {}, NOTEBOOKS, judge) == "", path.name


def test_what_is_only_unusual_is_let_through():
    assert check_notebook("casualties", {"as_of": "2024-12-31", "year": 2024}) == ""
    assert check_notebook("deployment", {"since": "2024-11-30", "as_of": "2024-11-30"}) == ""
    assert check_notebook("deployment", {"arrivals_low": 0, "losses": 0}) == ""
    assert check_notebook("risks", {"ratings": "ratings-example.csv"}) == ""
    assert check_notebook("overview", {"as_of": "2099-01-01"}) == ""


def test_every_rule_is_about_parameters_that_some_notebook_has():
    declared = []
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        source = [c.source for c in cells if "parameters" in c.metadata.get("tags", [])]
        declared.append({parameter.name for text in source for parameter in read(text)})
    for rule in RULES:
        assert any(names >= {*rule.names} for names in declared), rule.names


def test_the_days_are_those_of_the_data(tmp_path):
    """A month stands for its last day; `latest` is the newest day, and never a year alone."""
    rows = {
        "source_types": [("type", "grade"), ("news", "C")],
        "sources": [
            ("source_id", "type", "published", "corpus"),
            ("a", "news", "2024-06", "seed"),
            ("b", "news", "2024-08-15", "extended"),
            ("c", "news", "2025", "extended"),
        ],
    }
    for name, content in rows.items():
        with open(tmp_path / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(content)

    def ask(**values):
        given = {"as_of": "latest", "corpus": "full", "min_grade": "F"} | values
        return judge(given, tmp_path, tmp_path)

    assert ask(as_of="2024-06-29") != []
    assert ask(as_of="2024-06-30") == []
    assert ask(since="2024-08-15") == []
    assert ask(since="2024-08-16") != []
    assert ask(since="2024-07", corpus="seed") != []
    assert ask(min_grade="B") != []


def test_the_list_names_the_judge_and_the_press_asks_it():
    assert EDITIONS["judge"] == "mss_analysis.combinations:judge"
