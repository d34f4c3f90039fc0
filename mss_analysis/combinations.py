"""Values that the notebooks' parameters cannot have together, said before a notebook is run.

One rule a meaning that is impossible; a rule holds wherever a notebook has all its parameters.
Read with the standard library alone: an edition that is refused should cost nothing.
"""

import csv
import math
import re
from calendar import monthrange
from collections.abc import Callable
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.schema import locate_data

LATEST = "latest"
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class Case:
    """The values of a notebook's parameters, and what they are held against."""

    def __init__(self, values: dict[str, Any], folder: Path, data: Path) -> None:
        """``folder`` is the notebook's, ``data`` that of the tables."""
        self.values, self.folder, self.data = values, folder, data

    def __getitem__(self, name: str) -> Any:
        """Give the value of a parameter."""
        return self.values[name]

    def read(self, table: str) -> list[dict[str, str]]:
        """Read a table as text."""
        with open(self.data / f"{table}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def sources(self) -> list[dict[str, str]]:
        """Documents of the corpus, each with the day from which it is known."""
        found = [row for row in self.read("sources") if self["corpus"] in ("full", row["corpus"])]
        return [row | {"known": _last_day(row["published"])} for row in found]

    @property
    def day(self) -> str:
        """The day of the vintage; the newest day of publication where it is the latest."""
        if self["as_of"] != LATEST:
            return self["as_of"]
        return max((row["known"] for row in self.sources if len(row["published"]) > 4), default="")


class Rule(NamedTuple):
    """Parameters, and a function that says in a sentence what is impossible, or nothing."""

    names: tuple[str, ...]
    object_to: Callable[[Case], str]


def judge(values: dict[str, Any], folder: Path, data: Path | None = None) -> list[str]:
    """Say what cannot be meant by values of a notebook's parameters, a sentence each.

    ``folder`` is the notebook's, where a path starts; ``data`` that of the tables, by default the
    project's own. Tables that cannot be read raise OSError.

    >>> judge({"cost_factor": 0.0}, Path())
    ['cost_factor (0.0) must be finite and above zero: money is reckoned with it']
    """
    case = Case(values, folder, data or locate_data())
    rules = (rule for rule in RULES if values.keys() >= {*rule.names})
    return [sentence for rule in rules if (sentence := rule.object_to(case))]


def _nothing_known(case: Case) -> str:
    corpus, grade, day = case["corpus"], case["min_grade"], case["as_of"]
    grades = {row["type"]: row["grade"] for row in case.read("source_types")}
    days = [row["known"] for row in case.sources if grades.get(row["type"], "F") <= grade]
    words = f"the corpus {corpus!r}" + (f" of grade {grade} or better" if grade != "F" else "")
    if not days:
        return f"no document of {words} exists; admit a lesser min_grade, or another corpus"
    if day != LATEST and day < min(days):
        return f"no document of {words} was known on {day}; the first is of {min(days)}"
    return ""


def _since_after(case: Case) -> str:
    since = str(case["since"])
    if not _PARTIAL.fullmatch(since):
        return f"since ({since}) must be a day, month or year, such as 2024-11-30, 2024-11 or 2024"
    if since > case.day:
        return (
            f"since ({since}) lies after the day that as_of shows ({case.day}): nothing is between"
        )
    return ""


def _year_outside(case: Case) -> str:
    year, last = case["year"], int(case.day[:4])
    if year > last:
        return f"the year {year} begins after the day that as_of shows ({case.day})"
    counts = (row for row in case.read("observations") if row["indicator"] == "killed")
    first = min(
        (int(row["period_start"][:4]) for row in counts if row["period_start"]), default=year
    )
    return f"the year {year} lies before the first count, of {first}" if year < first else ""


def _arrivals_unordered(case: Case) -> str:
    given = [case[f"arrivals_{name}"] for name in ("low", "central", "high")]
    if min(*given, case["losses"]) < 0:
        names = "arrivals_low, arrivals_central, arrivals_high and losses"
        return f"{names} are people: none can be less than zero"
    if given != sorted(given):
        words = ", ".join(str(number) for number in given)
        return f"arrivals_low, arrivals_central and arrivals_high must not fall ({words})"
    return ""


def _kinds_unknown(case: Case) -> str:
    kinds = [kind.strip() for kind in case["kinds"].split(",") if kind.strip()]
    known = {row["kind"] for row in case.read("events")}
    if not kinds:
        return "kinds is empty: a timeline needs a lane"
    return "; ".join(_unknown("kinds", kind, known) for kind in kinds if kind not in known)


def _donor_unknown(case: Case) -> str:
    known = {row["party"] for row in case.read("parties")}
    return "" if case["donor"] in known else _unknown("donor", case["donor"], known)


def _risk_unknown(case: Case) -> str:
    known = {row["risk_id"] for row in case.read("risks")}
    return "" if case["risk"] in known else _unknown("risk", case["risk"], known)


def _factor_not_positive(case: Case) -> str:
    factor = case["cost_factor"]
    if factor > 0 and math.isfinite(factor):
        return ""
    return f"cost_factor ({factor}) must be finite and above zero: money is reckoned with it"


def _ratings_missing(case: Case) -> str:
    path = case["ratings"]
    if not path or (case.folder / path).is_file():
        return ""
    return f"ratings names {path}, which is no file (paths start at the notebook's folder)"


def _last_day(published: str) -> str:
    """The last day of a partial date; a document without any date comes after all others.

    >>> _last_day("2024-06")
    '2024-06-30'
    """
    year, month, day = (*published.split("-"), "", "")[:3]
    if not year:
        return "9999-12-31"
    month = month or "12"
    return f"{year}-{month}-{day or monthrange(int(year), int(month))[1]}"


def _unknown(parameter: str, value: str, known: set[str]) -> str:
    near = get_close_matches(value, known, 1)
    advice = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{parameter} names {value!r}, which the data do not know{advice}"


RULES = (
    Rule(("as_of", "corpus", "min_grade"), _nothing_known),
    Rule(("since", "as_of", "corpus"), _since_after),
    Rule(("year", "as_of", "corpus"), _year_outside),
    Rule(("arrivals_low", "arrivals_central", "arrivals_high", "losses"), _arrivals_unordered),
    Rule(("kinds",), _kinds_unknown),
    Rule(("donor",), _donor_unknown),
    Rule(("cost_factor",), _factor_not_positive),
    Rule(("risk",), _risk_unknown),
    Rule(("ratings",), _ratings_missing),
)
