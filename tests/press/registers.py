"""A register for the press's tests: two harbour logs, one dispute, kept in the data as JSON."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from nbformat import NotebookNode
from workshop import LINK, OBSERVATION, Works, code, edition, good_cells

ROW = OBSERVATION | {"group": "observations", "unit": "lamps", "population": "", "status": ""}
SOURCE = {
    "title": "Harbour log",
    "publisher": "Harbour office",
    "type": "report",
    "rule": "Written on the spot",
    "grade": "A",
    "reliability": "completely reliable",
    "published": "2024-06",
    "known": "2024-06-30",
    "url": "https://example.org/log",
    "language": "en",
    "is_seed": False,
    "label": "Harbour office, June 2024",
    "reprint_of": "",
    "reprints": [],
    "note": "",
    "errata": [],
    "stated": [],
}
EVENT = ROW | {
    "group": "events",
    "wording": "Fête of the òdè keepers",
    "translated": False,
    "indicator": "Event",
    "source": "log-two",
    "value": None,
    "low": None,
}
RECORD: dict[str, Any] = {
    "as_of": "2025-01-31",
    "corpus": "all logs",
    "groups": [["observations", "Figures"], ["events", "Events"]],
    "rows": {
        "lamps-a": ROW,
        "lamps-b": ROW
        | {
            "wording": "52 lamps",
            "value": 52,
            "low": 52,
            "high": 52,
            "source": "log-two",
            "superseded": "lamps-a",
            "newer": "more than 40 lamps",
        },
        "fete": EVENT,
    },
    "sources": [
        SOURCE | {"id": "log-one", "stated": ["lamps-a"], "reprints": ["log-two"]},
        SOURCE
        | {
            "id": "log-two",
            "title": "Second log",
            "stated": ["lamps-b", "fete"],
            "reprint_of": "log-one",
            "url": "",
            "errata": [
                {
                    "row": "lamps-b",
                    "column": "value",
                    "was": "25",
                    "is": "52",
                    "date": "2025-01-01",
                    "reason": "digits changed places",
                }
            ],
        },
    ],
    "disputes": [
        {
            "id": "lamps-at-odds",
            "severity": "contradiction",
            "severity_name": "contradiction",
            "kind": "scope",
            "meaning": "The figures differ in where they count.",
            "counted": "Lamps lit",
            "theme": "Light",
            "sentence": {"html": f"{LINK} are not 52 lamps", "plain": "40 lamps are not 52 lamps"},
            "relation": "",
            "reason": "One log leaves out the mole.",
            "author": "A keeper",
            "revision": {"html": LINK, "plain": "12 lamps"},
            "observations": ["lamps-a", "lamps-b"],
            "lead": True,
        }
    ],
    "since": "2024-07-01",
    "changes": [
        {"kind": "revised", "sentence": {"html": f"Now {LINK}", "plain": "Now more than 40 lamps"}}
    ],
}
# What stands in for the analysis: it says what the data say.
FUNCTION = """
import json
from pathlib import Path


class Register:
    def __init__(self, languages):
        self.languages = languages

    def _repr_mimebundle_(self, **_):
        return {"application/vnd.mss.register+json": {"languages": self.languages}}


def describe(languages, since):
    data = Path(__file__).parents[1] / "data"
    record = json.loads(data.joinpath("register.json").read_text(encoding="utf-8"))
    return Register({code: record for code in languages})
"""
ENTRY = {"function": "lampregister:describe"}


def record() -> dict[str, Any]:
    """A register to change."""
    return copy.deepcopy(RECORD)


def write_register(works: Works, content: dict[str, Any] | None = None) -> None:
    """Put a register into a workshop's data, and the function that describes it."""
    works.list.with_name("lampregister.py").write_text(FUNCTION)
    text = json.dumps(RECORD if content is None else content)
    (works.root / "data" / "register.json").write_text(text)


def contest(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    """List the good notebook with a register whose dispute stands at every vintage.

    Only the register knows that `lamps-a` is disputed. Its function is found wherever the site is.
    """
    monkeypatch.setenv("PYTHONPATH", str(works.list.parent))
    content = record()
    content["disputes"][0] |= {"contested": True, "known": "2024-06-30"}
    write_register(works, content)
    plan_site(works)


def copy_to(root: Path, works: Works) -> Works:
    """A copy of a workshop, which can be changed without a new build."""
    shutil.copytree(works.root, root)
    other = Works.__new__(Works)
    for name, path in vars(works).items():
        setattr(other, name, root / path.relative_to(works.root))
    return other


def cells() -> list[NotebookNode]:
    """The good notebook with a parameter for its language, and only with links that lead."""
    found = good_cells()
    found[1] = code('as_of = "latest"\ncorpus = "seed"\nlanguage = "en"', "parameters")
    for cell in found:
        cell.source = cell.source.replace(" See [below](#closer).", "")
    return found


def plan_site(works: Works, *more: dict[str, Any]) -> None:
    """List the good notebook in two languages and two vintages, with a register."""
    works.notebook("good", cells())
    works.plan(
        edition("good", vintages=["latest", "2024-07-01"]),
        edition("good", slug="good-fr", parameters={"language": "fr", "as_of": "latest"}),
        *more,
        front="good",
        description="What lamps are. Who counts them. How they disagree.",
    )
    plan = yaml.safe_load(works.list.read_text())
    works.list.write_text(yaml.safe_dump(plan | {"register": ENTRY}, sort_keys=False))
