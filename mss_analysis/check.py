"""Check the evidence base: all problems in one run, each with file, row, column and remedy.

What a file, a cell and a row may hold is checked by :mod:`mss_analysis.cells` and
:mod:`mss_analysis.rules`; what tables say about each other here and in :mod:`mss_analysis.domain`.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from operator import attrgetter
from pathlib import Path

import numpy as np
import pandas as pd

from mss_analysis.bounds import require_numbers
from mss_analysis.cells import read_cells
from mss_analysis.distinct import LARGE, is_doubled, is_in, replace
from mss_analysis.domain import search_domain
from mss_analysis.evidence import STATEMENTS
from mss_analysis.rules import break_rules, read_values, report
from mss_analysis.schema import SEPARATOR, Table, locate_data, read_schema
from mss_analysis.sides import GROWTHS
from mss_analysis.tablefile import Problem

ROLES = {
    "total": {"total": (1, 1), "part": (1, None)},
    "subset": {"whole": (1, 1), "part": (1, None)},
    "change": {"level": (1, 1), "base": (0, 1), "change": (1, 1)},
    "growth": {"level": (1, 1), "base": (0, 1), **dict.fromkeys(GROWTHS, (0, 1))},
    "same": {"term": (2, None)},
    "order": {"lower": (1, 1), "upper": (1, 1)},
}
# Nothing can be said without rows in these.
FILLED = ("source_types", "sources", "qualifiers", "indicators", "observations")
# As problems compare, but a hundred thousand of them in a third of the time.
_place = attrgetter("file", "row", "column", "value", "reason")

Frames = dict[str, pd.DataFrame]
# Line of the erratum from which a cell (file, line, column) is read.
Mended = dict[tuple[str, int, str], int]


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
    require_numbers(schema)
    read = {name: read_cells(folder, table) for name, table in schema.items()}
    problems = [problem for cells in read.values() for problem in cells.problems]
    frames = {name: cells.frame for name, cells in read.items() if cells.frame is not None}
    faults, mended = _apply_corrections(schema, frames)
    frames = {name: read_values(frame, schema[name]) for name, frame in frames.items()}
    # The longest first, so that nobody waits for it at the end.
    names = sorted(frames, key=lambda name: -len(frames[name]))
    searches = [break_rules(frames[name], schema[name], read[name].is_visible) for name in names]
    searches[1:1] = [_check_key(schema[name], frames[name]) for name in names]
    searches[2:2] = search_domain(schema, frames)
    searches += [_check_filled(schema[name], frames[name]) for name in names]
    searches.append(_check_relations(schema, frames))
    # In small tables, threads would wait for each other longer than they work.
    is_large = any(len(frame) > LARGE for frame in frames.values())
    with ThreadPoolExecutor(os.cpu_count() if is_large else 1) as pool:
        faults += chain.from_iterable(pool.map(list, searches))
    problems += [_blame(problem, mended, schema["corrections"]) for problem in faults]
    return sorted(set(problems), key=_place)


def _blame(problem: Problem, mended: Mended, corrections: Table) -> Problem:
    """Report a fault where it stands: in the erratum, if that is where the cell is read from."""
    line = mended.get((problem.file, problem.row, problem.column))
    if line is None:
        return problem
    return Problem(corrections.path, line, "is", problem.value, problem.reason)


def _apply_corrections(schema: dict[str, Table], frames: Frames) -> tuple[list[Problem], Mended]:
    """Mend the frames as reading does, so that what follows checks what is read.

    Gives what is wrong with the errata, and for each mended cell (file, line, column) the line of
    its erratum.
    """
    problems: list[Problem] = []
    mended: Mended = {}
    path = schema["corrections"].path
    for name, entries in frames.get("corrections", pd.DataFrame({"table": []})).groupby("table"):
        if name not in frames:
            continue
        table, frame = schema[name], frames[name]
        mentioned = set(table.columns) & {table.key[0], *entries["column"]}
        is_meant = is_in(frame[table.key[0]], entries["row"])
        rows = frame[list(mentioned)].iloc[np.flatnonzero(is_meant)].copy()
        for line, entry in zip(entries.index, entries.to_dict(orient="records"), strict=True):
            column, meant = entry["column"], rows.index[rows[table.key[0]] == entry["row"]]
            if column not in table.columns or column in table.key:
                reason = f"is no column of {table.path} that a correction may change"
                problems.append(Problem(path, int(line), "column", column, reason))
            elif meant.empty:
                reason = f"is not in {table.path}"
                problems.append(Problem(path, int(line), "row", entry["row"], reason))
            elif (held := rows.at[meant[0], column]) != entry["was"]:
                earlier = mended.get((table.path, int(meant[0]), column))
                reader = (
                    f"row {earlier} of {path} makes of it" if earlier else f"{table.path} holds"
                )
                reason = f"is not what {reader}, which is {held!r}"
                problems.append(Problem(path, int(line), "was", entry["was"], reason))
            else:
                rows.loc[meant, column] = entry["is"]
                mended |= {(table.path, int(row), column): int(line) for row in meant}
        for column in {column for file, _, column in mended if file == table.path}:
            frame[column] = replace(frame[column], rows.index, rows[column])
    return problems, mended


def _check_filled(table: Table, frame: pd.DataFrame) -> Iterator[Problem]:
    if frame.empty and table.name in FILLED:
        reason = "holds no row under its header; the other tables rest on it"
        yield Problem(table.path, 0, "", "", reason)


def _check_relations(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Rows name rows of other tables, and share no id with them."""
    known = _keep_named(schema, frames)
    for name, frame in frames.items():
        yield from _check_references(schema[name], frame, known)
        yield from _check_items(schema[name], frame, known)
    yield from _check_shared_ids(schema, known)
    yield from _check_identities(schema, known)


def _keep_named(schema: dict[str, Table], frames: Frames) -> Frames:
    """Cut the observations down to those that other tables name, or share an id with.

    To look for a few ids among a million takes as long as to look for all of them.
    """
    if "observations" not in frames:
        return frames
    rows, sought = frames["observations"], defaultdict(list)
    for name, key in STATEMENTS.items():
        if name in frames and name != "observations":
            sought[STATEMENTS["observations"]].append(frames[name][key])
    for name, frame in frames.items():
        for reference in schema[name].references:
            if reference.table == "observations":
                sought[reference.target].append(frame[reference.column].astype("str"))
        for field in schema[name].fields:
            if field.items and field.items[0] == "observations":
                entries = frame[field.name].astype("str").str.split(SEPARATOR).explode()
                sought[field.items[1]].append(entries)
    is_named = np.zeros(len(rows), dtype="bool")
    for column, found in sought.items():
        is_named |= is_in(rows[column], pd.concat(found)).to_numpy()
    columns = [*{*sought, "observation_id", "unit"}]
    return {**frames, "observations": rows[columns].iloc[np.flatnonzero(is_named)]}


def _check_references(table: Table, frame: pd.DataFrame, known: Frames) -> Iterator[Problem]:
    for reference in table.references:
        if reference.table not in known:
            continue
        cells = frame[reference.column]
        is_lost = (cells != "") & ~is_in(cells, known[reference.table][reference.target])
        reason = f"is not in {reference.table}.csv"
        yield from report(frame, is_lost, table, reference.column, reason)


def _check_items(table: Table, frame: pd.DataFrame, known: Frames) -> Iterator[Problem]:
    """Each entry of a cell that lists several must stand in its table."""
    for field in table.fields:
        if not field.items or field.items[0] not in known:
            continue
        owner, column = field.items
        cells = frame[field.name]
        values = pd.Series(cells.unique()).astype("str")
        entries = values.str.split(SEPARATOR).explode()
        lost = entries[(entries != "") & ~is_in(entries, known[owner][column])]
        suspects = cells[is_in(cells, values[lost.index])].astype("str")
        for line, value in suspects.str.split(SEPARATOR).explode().items():
            if value in set(lost):
                yield Problem(table.path, int(line), field.name, value, f"is not in {owner}.csv")


def _check_key(table: Table, frame: pd.DataFrame) -> Iterator[Problem]:
    key = list(table.key)
    is_wrong = is_doubled(frame[key[0]]) if len(key) == 1 else frame.duplicated(key)
    doubled = frame.loc[is_wrong & (frame[key[0]] != ""), key] if is_wrong.any() else frame[:0]
    for line, cells in doubled.iterrows():
        reason = "stands there already; an id must be unique"
        yield Problem(table.path, int(line), key[-1], ", ".join(cells), reason)


def _check_shared_ids(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Ids are cited and linked without their table, so two tables can't share one."""
    names = ("observations", *(name for name in STATEMENTS if name != "observations"))
    owners = {name: frames[name][STATEMENTS[name]] for name in names if name in frames}
    for place, (name, ids) in enumerate(owners.items()):
        is_free = ids != ""
        for owner in list(owners)[:place]:
            is_taken = is_free & is_in(ids, owners[owner])
            is_free &= ~is_taken
            reason = f"is already an id in {owner}.csv"
            yield from report(frames[name], is_taken, schema[name], ids.name, reason)


def _check_identities(schema: dict[str, Table], frames: Frames) -> Iterator[Problem]:
    """Each relation needs its terms: one total and its parts, two things that are the same."""
    if "identities" not in frames:
        return
    table, terms = schema["identities"], frames["identities"].astype("str")
    kinds = terms.drop_duplicates(["identity_id", "kind"])
    mixed = kinds.loc[kinds.duplicated("identity_id"), "identity_id"]
    is_mixed = terms["identity_id"].isin(mixed)
    reason = "has terms of several kinds; give one kind to all of them"
    for line, name in terms[is_mixed].drop_duplicates("identity_id")["identity_id"].items():
        yield Problem(table.path, int(line), "kind", name, reason)
    terms = terms[~is_mixed & terms["kind"].isin(ROLES)]
    firsts = terms.drop_duplicates("identity_id").reset_index(names="line").set_index("identity_id")
    if "observations" in frames:
        yield from _check_terms_units(table, terms, firsts, frames["observations"])
    counts = terms.groupby(["identity_id", "role"]).size().unstack(fill_value=0)
    counts = counts.reindex(firsts.index)
    grown = counts[firsts["kind"] == "growth"].reindex(columns=list(GROWTHS), fill_value=0)
    for name in grown.index[grown.sum(axis=1) != 1]:
        reason = f"needs exactly one term of a role among {', '.join(GROWTHS)}"
        yield Problem(table.path, int(firsts.at[name, "line"]), "role", str(name), reason)
    for kind, wanted in ROLES.items():
        of_kind = terms[terms["kind"] == kind]
        reason = f"is no role in a {kind}; use {', '.join(wanted)}"
        yield from report(of_kind, ~of_kind["role"].isin(wanted), table, "role", reason)
        of_kind = counts[firsts["kind"] == kind].reindex(columns=list(wanted), fill_value=0)
        for role, (least, most) in wanted.items():
            count = of_kind[role]
            for name, number in count[(count < least) | (count > (most or count))].items():
                needed = f"exactly {least}" if least == most else f"at least {least}"
                needed = f"at most {most}" if number > (most or number) else needed
                reason = f"has {number} terms of role {role} where a {kind} needs {needed}"
                yield Problem(table.path, int(firsts.at[name, "line"]), "role", name, reason)


def _check_terms_units(
    table: Table, terms: pd.DataFrame, firsts: pd.DataFrame, observations: pd.DataFrame
) -> Iterator[Problem]:
    related = is_in(observations["observation_id"], terms["observation_id"])
    units = observations.loc[related, ["observation_id", "unit"]].astype("str")
    # A growth relates levels to a percentage.
    units = terms[terms["kind"] != "growth"].merge(units, on="observation_id")
    units = units.drop_duplicates(["identity_id", "unit"])
    for name, found in units[units.duplicated("identity_id", keep=False)].groupby("identity_id"):
        reason = f"relates figures of different units: {', '.join(found['unit'])}"
        line = int(firsts.at[name, "line"])
        yield Problem(table.path, line, "observation_id", str(name), reason)
