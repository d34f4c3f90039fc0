"""A user's own ratings of risks: reading them, and saying plainly what is wrong with them.

Ratings are opinions, not evidence. They never enter the data and carry no observation.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mss_analysis.evidence import ParameterError

COLUMNS = ("rater", "risk", "likelihood", "impact")
STEPS = 5
# Raters of the teaching example bear this word, so that nobody takes them for people.
INVENTED = "Invented"


class RatingsError(ParameterError):
    """A file of ratings can't be used; the message says where, why and what would be right."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings on steps from 1 (lowest) to 5, by rater (rows) and risk (columns); NaN: not rated."""

    name: str
    likelihood: pd.DataFrame
    impact: pd.DataFrame

    @property
    def raters(self) -> list[str]:
        """Who rated, in file order."""
        return list(self.likelihood.index)

    @property
    def risks(self) -> list[str]:
        """Ids of the risks rated by anybody on both scales, in file order."""
        return list(self.likelihood.columns)

    @property
    def is_invented(self) -> bool:
        """Whether these are the ratings of the teaching example."""
        return all(rater.startswith(INVENTED) for rater in self.raters)

    def restrict(self, risks: list[str]) -> "Ratings":
        """Keep the risks given, for instance those known on a day."""
        kept = [risk for risk in self.risks if risk in risks]
        return Ratings(self.name, self.likelihood[kept], self.impact[kept])


def read_ratings(path: str | Path, known: list[str]) -> Ratings | None:
    """Read ``rater, risk, likelihood, impact``; an empty path gives ``None``.

    A row without likelihood and impact is one not yet filled in and is passed over, as is a
    further column. ``known`` are the ids a risk may have.

    Raises
    ------
    RatingsError
        When the file can't be read or a row is wrong: one sentence for each fault.

    """
    if not str(path):
        return None
    file = Path(path)
    lines, faults = _read_lines(file), []
    seen: dict[tuple[str, str], int] = {}
    records = []
    for line, row in lines:
        entry = {column: (row.get(column) or "").strip() for column in COLUMNS}
        if not entry["likelihood"] and not entry["impact"]:
            continue
        faults += [f"{file.name}, row {line}, {fault}" for fault in _judge(entry, known)]
        key = (entry["rater"], entry["risk"])
        if key in seen:
            faults.append(
                f"{file.name}, row {line}, column risk: {entry['rater']!r} rated "
                f"{entry['risk']!r} in row {seen[key]} already; keep one of the two rows."
            )
        seen.setdefault(key, line)
        records.append(entry)
    if faults:
        raise RatingsError("\n".join(faults))
    if not records:
        raise RatingsError(
            f"{file.name} holds no rating yet; fill in rater, likelihood and impact of some rows."
        )
    return _arrange(file.name, pd.DataFrame(records))


def _read_lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Read rows with the number of the line that each starts on."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RatingsError(f"{file.name} is not UTF-8; save it as CSV UTF-8.") from None
    except OSError as error:
        words = (error.strerror or "unknown error").lower()
        raise RatingsError(f"The ratings {str(file)!r} can't be read: {words}.") from None
    lines = text.splitlines(keepends=True)
    header = next(csv.reader(lines[:1]), [])
    if len(header) == 1 and header[0].count(";") >= len(COLUMNS) - 1:
        raise RatingsError(
            f"{file.name}, row 1: cells are separated by semicolons; save it with commas."
        )
    reader = csv.DictReader(lines, strict=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise RatingsError(
            f"{file.name}, row 1: the column {missing[0]!r} is missing; the first row must name "
            f"{', '.join(COLUMNS)}."
        )
    found, line = [], reader.line_num + 1
    try:
        for row in reader:
            found.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise RatingsError(
            f"{file.name}, row {line}: this is not valid CSV ({error}); check its quotation marks."
        ) from None
    return found


def _judge(entry: dict[str, str], known: list[str]) -> list[str]:
    """Say what is wrong with the cells of one row."""
    faults = []
    if not entry["rater"]:
        faults.append("column rater: it is empty; name who rated, for instance 'Rater A'.")
    if entry["risk"] not in known:
        near = [risk for risk in known if risk.casefold() == entry["risk"].casefold()]
        right = near[0] if near else f"a risk_id of risks.csv, such as {known[0]!r}"
        faults.append(f"column risk: {entry['risk']!r} is not known; write {right}.")
    for column in ("likelihood", "impact"):
        if entry[column] and entry[column] not in {str(step) for step in range(1, STEPS + 1)}:
            faults.append(
                f"column {column}: {entry[column]!r} is no step of the scale; write a whole number "
                f"from 1 (lowest) to {STEPS}, or nothing."
            )
    return faults


def _arrange(name: str, rows: pd.DataFrame) -> Ratings:
    """Lay ratings out by rater and risk, and drop the risks that nobody rated on both scales."""
    raters, risks = list(rows["rater"].unique()), list(rows["risk"].unique())
    scales = [
        rows.pivot(index="rater", columns="risk", values=column)
        .replace("", np.nan)
        .astype(float)
        .loc[raters, risks]
        for column in ("likelihood", "impact")
    ]
    both = (scales[0].notna() & scales[1].notna()).any()
    return Ratings(name, scales[0].loc[:, both], scales[1].loc[:, both])
