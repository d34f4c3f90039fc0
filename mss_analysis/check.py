"""Check the evidence base: all problems in one run, each with file, row, column and remedy.

Field rules (type, vocabulary, pattern) are built from ``data/datapackage.json`` as pandera schemas;
what a field alone can't say (bounds, units, periods, references, identities) follows as further
pandera checks on whole rows.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from mss_analysis.dates import start_of
from mss_analysis.evidence import STATEMENTS
from mss_analysis.schema import (
    SEPARATOR,
    EvidenceError,
    Field,
    Table,
    locate_data,
    read_schema,
)
from mss_analysis.tablefile import Problem, read_cells

ROLES = {
    "total": {"total": (1, 1), "part": (1, None)},
    "subset": {"whole": (1, 1), "part": (1, None)},
    "change": {"level": (1, 1), "base": (0, 1), "change": (1, 1)},
    "growth": {"level": (1, 1), "base": (0, 1), "change": (1, 1)},
    "same": {"term": (2, None)},
    "order": {"lower": (1, 1), "upper": (1, 1)},
}
# Indicators of money leave the currency to each row.
MONEY = "currency"
# A year outside is a slip of the pen, and the end of one would overflow.
YEARS = (1700, 2200)
_GROUPS = "civil|police|military|humanitarian|government|gang|mission"
_PAIRS = rf"^({_GROUPS})-({_GROUPS})(; ({_GROUPS})-({_GROUPS}))*$"
# Control and direction characters: they break lines, hide words or reach a terminal.
_UNSEEN = "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
# Between a rule's column and its sentence, in the name under which pandera reports it.
_SEPARATOR = "\x1f"

Frames = dict[str, pd.DataFrame]
Rule = tuple[str, Callable[[pd.DataFrame], pd.Series], str]


def check(data: Path | str | None = None) -> list[Problem]:
    """Check all tables of an evidence base.

    Returns
    -------
    list of Problem
        Sorted by file and row; empty when the base is sound.

    Raises
    ------
    EvidenceError
        When there is no readable ``datapackage.json`` to check against.

    Examples
    --------
    >>> check()
    []

    """
    folder = Path(data) if data else locate_data()
    schema = read_schema(folder)
    frames: Frames = {}
    problems: list[Problem] = []
    for name, table in schema.items():
        frame, faults = read_cells(folder, table)
        problems += faults
        if frame is not None:
            frames[name] = frame
            problems += _validate(frame, table, [_field_rules, _ROW_RULES.get(name, _no_rules)])
    problems += _apply_corrections(schema, frames)
    for name, table in schema.items():
        if name in frames:
            problems += _check_references(table, frames)
            problems += _check_items(table, frames)
            problems += _check_key(table, frames[name])
    problems += _check_shared_ids(schema, frames)
    problems += _check_units(schema, frames)
    problems += _check_identities(schema, frames)
    return sorted(set(problems))


def _validate(
    frame: pd.DataFrame, table: Table, sources: list[Callable[[Table], Iterator[Rule]]]
) -> list[Problem]:
    """Run rules as one lazy pandera schema and name each failing cell."""
    rules = [rule for source in sources for rule in source(table)]
    checks = [
        pa.Check(test, error=f"{column}{_SEPARATOR}{reason}") for column, test, reason in rules
    ]
    try:
        pa.DataFrameSchema(checks=checks).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            # A rule that could not be tried must not pass for one that holds.
            broken = cases.loc[cases["index"].isna(), "failure_case"].iloc[0]
            raise EvidenceError(f"{table.path} can't be checked: {broken}.") from None
        failed = cases[["check", "index"]].drop_duplicates()
    else:
        return []
    problems = []
    for label, line in failed.itertuples(index=False):
        column, reason = str(label).split(_SEPARATOR)
        value = str(frame.at[line, column])
        problems.append(Problem(table.path, int(line), column, value, reason))
    return problems


def _field_rules(table: Table) -> Iterator[Rule]:
    for field in table.fields:
        yield from _rules_of(field)


def _rules_of(field: Field) -> Iterator[Rule]:
    name = field.name

    def column(test: Callable[[pd.Series], pd.Series]) -> Callable[[pd.DataFrame], pd.Series]:
        return lambda frame: (frame[name] == "") | test(frame[name])

    if field.required:
        yield name, lambda frame: frame[name] != "", "must not be empty"
    if field.enum:
        choices = ", ".join(field.enum)
        yield name, column(lambda cells: cells.isin(field.enum)), f"must be one of {choices}"
    if field.type == "number":
        reason = "must be a plain number such as 4000 or 0.5, without separators or unit"
        yield name, column(_is_number), reason
    if field.pattern.startswith("^[0-9]{4}"):
        partial = "?" in field.pattern
        example = "2024, 2024-06 or 2024-06-25" if partial else "2024-06-25"
        yield (
            name,
            column(lambda cells: cells.str.match(field.pattern) & _is_date(cells)),
            f"must be a date of the calendar written {example}",
        )
    elif field.pattern:
        yield (
            name,
            column(lambda cells: cells.str.match(field.pattern)),
            f"must match {field.pattern}",
        )
    yield (
        name,
        column(lambda cells: cells == cells.str.strip()),
        "starts or ends with a blank; delete it",
    )
    yield (
        name,
        column(lambda cells: ~cells.str.contains(_UNSEEN)),
        "holds a line break, a tab or another unseen character; keep to visible text",
    )


def _no_rules(_table: Table) -> Iterator[Rule]:
    yield from ()


def _observation_rules(_table: Table) -> Iterator[Rule]:
    ranged = "between"
    yield (
        "value",
        lambda frame: (frame["qualifier"] == ranged) | (frame["value"] != ""),
        "must be given unless the qualifier is between",
    )
    yield (
        "value",
        lambda frame: (frame["qualifier"] != ranged) | (frame["value"] == ""),
        "must be empty where the qualifier is between; low and high say it",
    )
    yield (
        "value",
        lambda frame: (
            ~frame["qualifier"].isin(["up_to", "fewer_than"]) | ~frame["value"].str.startswith("-")
        ),
        "must not be negative where the wording sets a ceiling above zero",
    )
    for side in ("low", "high"):
        yield (
            side,
            lambda frame, side=side: (frame["qualifier"] != ranged) | (frame[side] != ""),
            "must be given where the qualifier is between",
        )
    yield (
        "note",
        lambda frame: (
            (frame["qualifier"] == ranged)
            | ((frame["low"] == "") & (frame["high"] == ""))
            | (frame["note"] != "")
        ),
        "must say why the row overrides the bounds that its wording implies",
    )
    yield "low", lambda frame: _in_order(frame, "low", "value"), "must be no more than the value"
    yield "high", lambda frame: _in_order(frame, "value", "high"), "must be no less than the value"
    yield "high", lambda frame: _in_order(frame, "low", "high"), "must be no less than low"
    yield (
        "period_end",
        lambda frame: (frame["period_start"] == "") | (frame["period_end"] != ""),
        "must be given with period_start",
    )
    yield (
        "period_start",
        lambda frame: (frame["period_end"] == "") | (frame["period_start"] != ""),
        "must be given with period_end",
    )
    yield (
        "period_end",
        lambda frame: _dates_in_order(frame, "period_start", "period_end"),
        "must not lie before period_start",
    )


def _event_rules(_table: Table) -> Iterator[Rule]:
    yield (
        "date_end",
        lambda frame: _dates_in_order(frame, "date", "date_end"),
        "must not lie before date",
    )


def _risk_rules(_table: Table) -> Iterator[Rule]:
    yield (
        "interaction",
        lambda frame: frame["interaction"].str.match(_PAIRS),
        f"must name pairs of groups such as mission-civil; police-civil, of {_GROUPS}",
    )


_ROW_RULES: dict[str, Callable[[Table], Iterator[Rule]]] = {
    "observations": _observation_rules,
    "events": _event_rules,
    "risks": _risk_rules,
}


def _apply_corrections(schema: dict[str, Table], frames: Frames) -> list[Problem]:
    """Mend the frames as reading does, so that what follows checks what is read."""
    problems = []
    path = schema["corrections"].path
    for line, entry in frames.get("corrections", pd.DataFrame()).iterrows():
        table = schema.get(entry["table"])
        if table is None or table.name not in frames:
            continue
        frame, column = frames[table.name], entry["column"]
        if column not in table.columns or column in table.key:
            reason = f"is no column of {table.path} that a correction may change"
            problems.append(Problem(path, int(line), "column", column, reason))
            continue
        meant = frame.index[frame[table.key[0]] == entry["row"]]
        if meant.empty:
            reason = f"is not in {table.path}"
            problems.append(Problem(path, int(line), "row", entry["row"], reason))
        elif frame.at[meant[0], column] != entry["was"]:
            reason = f"is not what {table.path} holds, which is {frame.at[meant[0], column]!r}"
            problems.append(Problem(path, int(line), "was", entry["was"], reason))
        else:
            frame.loc[meant, column] = entry["is"]
            problems += _validate(
                frame.loc[meant], table, [_field_rules, _ROW_RULES.get(table.name, _no_rules)]
            )
    return problems


def _check_references(table: Table, frames: Frames) -> Iterator[Problem]:
    for reference in table.references:
        if reference.table not in frames:
            continue
        cells = frames[table.name][reference.column]
        known = frames[reference.table][reference.target]
        lost = cells[(cells != "") & ~cells.isin(known)]
        for line, value in lost.items():
            reason = f"is not in {reference.table}.csv"
            yield Problem(table.path, int(line), reference.column, value, reason)


def _check_items(table: Table, frames: Frames) -> Iterator[Problem]:
    """Each entry of a cell that lists several must stand in its table."""
    for field in table.fields:
        if not field.items or field.items[0] not in frames:
            continue
        owner, column = field.items
        entries = frames[table.name][field.name].str.split(SEPARATOR).explode()
        lost = entries[(entries != "") & ~entries.isin(frames[owner][column])]
        for line, value in lost.items():
            yield Problem(table.path, int(line), field.name, value, f"is not in {owner}.csv")


def _check_key(table: Table, frame: pd.DataFrame) -> Iterator[Problem]:
    key = list(table.key)
    doubled = frame[frame.duplicated(key, keep="first") & (frame[key[0]] != "")]
    for line, row in doubled.iterrows():
        value = ", ".join(row[column] for column in key)
        reason = "stands there already; an id must be unique"
        yield Problem(table.path, int(line), key[-1], value, reason)


def _check_shared_ids(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Ids are cited and linked without their table, so two tables can't share one."""
    owners: dict[str, str] = {}
    for name in ("observations", *(name for name in STATEMENTS if name != "observations")):
        if name not in frames:
            continue
        column = STATEMENTS[name]
        for line, value in frames[name][column].items():
            owner = owners.setdefault(value, name)
            if value and owner != name:
                reason = f"is already an id in {owner}.csv"
                yield Problem(schema[name].path, int(line), column, value, reason)


def _check_units(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Units and dates of observations must fit their indicator."""
    if "observations" not in frames or "indicators" not in frames:
        return
    rows, path = frames["observations"], schema["observations"].path
    indicators = frames["indicators"].drop_duplicates("indicator").set_index("indicator")
    known = rows[rows["indicator"].isin(indicators.index)]
    units = known["indicator"].map(indicators["unit"])
    fits = (known["unit"] == units) | (
        (units == MONEY) & known["unit"].str.fullmatch(r"[A-Z]{3}").astype(bool)
    )
    for line, row in known[~fits].iterrows():
        reason = f"is not the unit of {row['indicator']}, which is {units[line]}"
        yield Problem(path, int(line), "unit", row["unit"], reason)
    measures = known["indicator"].map(indicators["measure"])
    for line, row in known[(measures == "flow") & (known["period_start"] == "")].iterrows():
        reason = f"must be given: {row['indicator']} is a flow over a period"
        yield Problem(path, int(line), "period_start", "", reason)
    for line, row in known[(measures == "stock") & (known["as_of"] == "")].iterrows():
        reason = f"must be given: {row['indicator']} is a stock at a date"
        yield Problem(path, int(line), "as_of", "", reason)
    undated = (
        measures.isin(["rate", "share"]) & (known["as_of"] == "") & (known["period_start"] == "")
    )
    for line, row in known[undated].iterrows():
        reason = f"or a period must be given: {row['indicator']} holds at some time"
        yield Problem(path, int(line), "as_of", "", reason)
    values = pd.to_numeric(known["value"], errors="coerce")
    beyond = (measures == "share") & (known["unit"] == "percent") & ~values.between(0, 100)
    for line, row in known[beyond & values.notna()].iterrows():
        reason = "must lie between 0 and 100: a share of a whole"
        yield Problem(path, int(line), "value", row["value"], reason)
    roles = known["indicator"].map(indicators["party_role"])
    for line, row in known[(roles == "") & (known["party"] != "")].iterrows():
        reason = f"must be empty: indicators.csv gives {row['indicator']} no party_role"
        yield Problem(path, int(line), "party", row["party"], reason)


def _check_identities(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Each relation needs its terms: one total and its parts, two things that are the same."""
    if "identities" not in frames:
        return
    path = schema["identities"].path
    unit_of = {}
    if "observations" in frames:
        unit_of = dict(
            zip(*(frames["observations"][c] for c in ("observation_id", "unit")), strict=True)
        )
    for identifier, terms in frames["identities"].groupby("identity_id", sort=False):
        line = int(terms.index[0])
        kinds = terms["kind"].unique()
        if len(kinds) > 1:
            reason = "has terms of several kinds; give one kind to all of them"
            yield Problem(path, line, "kind", str(identifier), reason)
            continue
        wanted = ROLES.get(kinds[0])
        if wanted is None:
            continue
        units = terms["observation_id"].map(unit_of).dropna().unique()
        if kinds[0] not in {"growth"} and len(units) > 1:
            reason = f"relates figures of different units: {', '.join(units)}"
            yield Problem(path, line, "observation_id", str(identifier), reason)
        for row_line, role in terms["role"].items():
            if role not in wanted:
                reason = f"is no role in a {kinds[0]}; use {', '.join(wanted)}"
                yield Problem(path, int(row_line), "role", role, reason)
        for role, (least, most) in wanted.items():
            count = int((terms["role"] == role).sum())
            if count < least or (most is not None and count > most):
                number = f"exactly {least}" if least == most else f"at least {least}"
                number = f"at most {most}" if count > (most or count) else number
                reason = f"has {count} terms of role {role} where a {kinds[0]} needs {number}"
                yield Problem(path, line, "role", str(identifier), reason)


def _is_number(cells: pd.Series) -> pd.Series:
    return cells.str.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def _is_date(cells: pd.Series) -> pd.Series:
    return start_of(cells, errors="coerce").dt.year.between(*YEARS)


def _in_order(frame: pd.DataFrame, lower: str, upper: str) -> pd.Series:
    low = pd.to_numeric(frame[lower], errors="coerce")
    high = pd.to_numeric(frame[upper], errors="coerce")
    return ~(low > high)


def _dates_in_order(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    """ISO dates compare as text; a partial one is compared by what both state."""
    length = frame[[first, last]].map(len).min(axis=1)
    starts = pd.Series(
        [text[:size] for text, size in zip(frame[first], length, strict=True)], frame.index
    )
    ends = pd.Series(
        [text[:size] for text, size in zip(frame[last], length, strict=True)], frame.index
    )
    return ~(starts > ends)
