"""What a cell and a row may hold: rules that need no other table.

Rules of a field (type, vocabulary, pattern) are built from ``data/datapackage.json``; those on
whole rows (bounds, periods) stand here.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from mss_analysis.dates import end_of, start_of
from mss_analysis.distinct import each, encode, is_stripped, match, to_numbers
from mss_analysis.schema import Field, Table
from mss_analysis.tablefile import UNSEEN, Problem

# A year outside is a slip of the pen, and the end of one would overflow.
YEARS = (1700, 2200)
_GROUPS = "civil|police|military|humanitarian|government|gang|mission"
_PAIRS = rf"^({_GROUPS})-({_GROUPS})(; ({_GROUPS})-({_GROUPS}))*$"
_DATE = "^[0-9]{4}"
_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?"


Test = Callable[[pd.Series], pd.Series]


class Rule(NamedTuple):
    """A sentence about a column, and which rows of a table live up to it."""

    column: str
    holds: Callable[[pd.DataFrame], pd.Series]
    reason: str


def read_values(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Make categories of columns that repeat themselves, and add what numbers and dates mean.

    The meaning stands in columns such as ``value as number``, ``date as first day`` and ``date as
    last day``. What is neither number nor date means nothing (NaN, NaT).
    """
    columns = {}
    for field in table.fields:
        if field.type == "number":
            columns[f"{field.name} as number"] = to_numbers(frame[field.name], errors="coerce")
    fields = [field for field in table.fields if _repeats(field, table)]
    encoded = encode(*(frame[field.name] for field in fields))
    for field, cells in zip(fields, encoded, strict=True):
        columns[field.name] = cells
        if field.pattern.startswith(_DATE):
            days = columns[f"{field.name} as first day"] = each(_to_first_day, cells)
            days = each(_to_last_day, cells) if "?" in field.pattern else days
            columns[f"{field.name} as last day"] = days
    return frame.assign(**columns)


def _repeats(field: Field, table: Table) -> bool:
    """Whether a column has fewer values than rows, as far as its description tells."""
    refers = any(reference.column == field.name for reference in table.references)
    is_date = field.pattern.startswith(_DATE)
    return not field.unique and bool(refers or field.enum or field.items or is_date)


def _to_first_day(cells: pd.Series) -> pd.Series:
    return start_of(cells, errors="coerce")


def _to_last_day(cells: pd.Series) -> pd.Series:
    return end_of(cells, errors="coerce")


def break_rules(frame: pd.DataFrame, table: Table, is_visible: bool = False) -> Iterator[Problem]:
    """Find each cell that breaks a rule; ``is_visible`` spares the search for unseen characters."""
    for field in table.fields:
        cells = frame[field.name]
        is_category = isinstance(cells.dtype, pd.CategoricalDtype)
        values = pd.Series(cells.cat.categories).astype("str") if is_category else cells
        is_empty = (values == "").to_numpy()
        if field.required and is_empty.any():
            yield from report(frame, cells == "", table, field.name, "must not be empty")
        # To leave out a few takes longer than to ask them, too.
        if is_empty.sum() > len(values) / 2:
            values, is_empty = values[~is_empty], False
        for holds, reason in _field_rules(field, is_visible):
            is_wrong = ~(holds(values).to_numpy() | is_empty)
            if is_wrong.any():
                yield from report(frame, cells.isin(values[is_wrong]), table, field.name, reason)
    for column, holds, reason in _ROW_RULES.get(table.name, ()):
        yield from report(frame, ~holds(frame), table, column, reason)


def report(
    frame: pd.DataFrame, is_wrong: pd.Series, table: Table, column: str, reason: str | pd.Series
) -> Iterator[Problem]:
    """Make a problem of each row that is wrong; a reason may differ from row to row."""
    if not is_wrong.any():
        return
    wrong = frame.index[is_wrong]
    reasons = [reason] * len(wrong) if isinstance(reason, str) else reason[wrong]
    for line, value, words in zip(wrong, frame.loc[wrong, column], reasons, strict=True):
        yield Problem(table.path, int(line), column, value, words)


def _field_rules(field: Field, is_visible: bool) -> Iterator[tuple[Test, str]]:
    """Give what must hold for cells that are not empty."""
    if field.enum:
        yield lambda cells: cells.isin(field.enum), f"must be one of {', '.join(field.enum)}"
    elif field.type == "number":
        reason = "must be a plain number such as 4000 or 0.5, without separators or unit"
        yield lambda cells: cells.str.fullmatch(_NUMBER), reason
    elif field.pattern.startswith(_DATE):
        example = "2024, 2024-06 or 2024-06-25" if "?" in field.pattern else "2024-06-25"
        yield (
            lambda cells: (
                match(cells, field.pattern) & _to_first_day(cells).dt.year.between(*YEARS)
            ),
            f"must be a date of the calendar written {example}",
        )
    elif field.pattern:
        yield lambda cells: match(cells, field.pattern), f"must match {field.pattern}"
    else:
        yield is_stripped, "starts or ends with a blank; delete it"
    if not is_visible:
        yield (
            lambda cells: ~cells.str.contains(UNSEEN),
            "holds a line break, a tab or another unseen character; keep to visible text",
        )


def _is_range(rows: pd.DataFrame) -> pd.Series:
    return rows["qualifier"] == "between"


def _overrides(rows: pd.DataFrame) -> pd.Series:
    return ~_is_range(rows) & ((rows["low"] != "") | (rows["high"] != ""))


def _sets_ceiling(rows: pd.DataFrame) -> pd.Series:
    return rows["qualifier"].isin(["up_to", "fewer_than"])


def _in_order(lower: str, upper: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: ~(rows[f"{lower} as number"] > rows[f"{upper} as number"])


def _dates_in_order(first: str, last: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Partial dates are out of order when even the first day of one lies after all of the other."""
    return lambda rows: ~(rows[f"{first} as first day"] > rows[f"{last} as last day"])


_ROW_RULES = {
    "observations": (
        Rule(
            "value",
            lambda rows: _is_range(rows) | (rows["value"] != ""),
            "must be given unless the qualifier is between",
        ),
        Rule(
            "value",
            lambda rows: ~_is_range(rows) | (rows["value"] == ""),
            "must be empty where the qualifier is between; low and high say it",
        ),
        Rule(
            "value",
            lambda rows: ~(_sets_ceiling(rows) & (rows["value as number"] < 0)),
            "must not be negative where the wording sets a ceiling above zero",
        ),
        Rule(
            "low",
            lambda rows: ~_is_range(rows) | (rows["low"] != ""),
            "must be given where the qualifier is between",
        ),
        Rule(
            "high",
            lambda rows: ~_is_range(rows) | (rows["high"] != ""),
            "must be given where the qualifier is between",
        ),
        Rule(
            "note",
            lambda rows: ~_overrides(rows) | (rows["note"] != ""),
            "must say why the row overrides the bounds that its wording implies",
        ),
        Rule("low", _in_order("low", "value"), "must be no more than the value"),
        Rule("high", _in_order("value", "high"), "must be no less than the value"),
        Rule("high", _in_order("low", "high"), "must be no less than low"),
        Rule(
            "period_end",
            lambda rows: (rows["period_start"] == "") | (rows["period_end"] != ""),
            "must be given with period_start",
        ),
        Rule(
            "period_start",
            lambda rows: (rows["period_end"] == "") | (rows["period_start"] != ""),
            "must be given with period_end",
        ),
        Rule(
            "period_end",
            _dates_in_order("period_start", "period_end"),
            "must not lie before period_start",
        ),
    ),
    "events": (Rule("date_end", _dates_in_order("date", "date_end"), "must not lie before date"),),
    "risks": (
        Rule(
            "interaction",
            lambda rows: rows["interaction"].str.match(_PAIRS),
            f"must name pairs of groups such as mission-civil; police-civil, of {_GROUPS}",
        ),
    ),
}
