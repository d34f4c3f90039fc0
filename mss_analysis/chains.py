"""What leads to what: sources that nobody uses, and chains that come back to where they began."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from mss_analysis.distinct import find, is_in, look_up
from mss_analysis.rules import report
from mss_analysis.schema import Table
from mss_analysis.tablefile import Problem

Frames = dict[str, pd.DataFrame]
Tables = dict[str, Table]


def users_of(schema: Tables) -> list[tuple[str, str]]:
    """Name the columns that name a source."""
    users = [
        (name, reference.column)
        for name, table in schema.items()
        for reference in table.references
        if reference.table == "sources"
    ]
    return [*users, ("sources", "reprint_of"), ("corrections", "source")]


def check_uses(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """A source stands there because something is taken from it."""
    sources = frames["sources"]
    is_used = [
        is_in(sources["source_id"], frames[name][column]) for name, column in users_of(schema)
    ]
    is_unused = (sources["source_id"] != "") & ~np.logical_or.reduce(is_used)
    reason = "is used by no other table; record what it states, or delete it"
    yield from report(sources, is_unused, schema["sources"], "source_id", reason)


def check_reprints(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """A page repeats another document or a known origin, and a chain of them has a beginning."""
    table, sources = schema["sources"], frames["sources"]
    repeated = sources["reprint_of"]
    is_known = is_in(repeated, sources["source_id"]) | is_in(repeated, frames["origins"]["origin"])
    reason = "must be a source_id of sources.csv, or an origin of origins.csv"
    yield from report(sources, (repeated != "") & ~is_known, table, "reprint_of", reason)
    reason = "leads back to the document itself; name the one that came first, or none"
    is_circular = _leads_back(sources["source_id"], repeated)
    yield from report(sources, is_circular, table, "reprint_of", reason)


def check_places(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """No place lies within itself."""
    reason = "leads back to the place itself; name a larger place, or none"
    yield from _check_circles(schema["places"], frames["places"], "within", reason)


def check_ceilings(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """No indicator is part of itself."""
    reason = "leads back to the indicator itself; name a larger whole, or none"
    yield from _check_circles(schema["indicators"], frames["indicators"], "at_most", reason)


def _check_circles(
    table: Table, frame: pd.DataFrame, column: str, reason: str
) -> Iterator[Problem]:
    is_circular = _leads_back(frame[table.key[0]], frame[column])
    yield from report(frame, is_circular, table, column, reason)


def check_origins(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """Whoever counts with another counts with one that stands alone."""
    origins = frames["origins"].astype("str")
    is_alone = origins["origin"] == origins["counts_with"]
    is_wrong = ~look_up(origins["counts_with"], origins["origin"], is_alone, True)
    reason = "must be an origin that counts with itself; name the one at the end of the chain"
    yield from report(origins, is_wrong, schema["origins"], "counts_with", reason)


def _leads_back(names: pd.Series, parents: pd.Series) -> pd.Series:
    """Whether one comes back to a row by going from parent to parent."""
    ancestor = np.where(parents == "", -1, find(parents, names))
    # After as many steps as there are rows, whoever still has an ancestor has one within a circle.
    for _ in range(len(names).bit_length()):
        ancestor = np.where(ancestor >= 0, ancestor[ancestor], -1)
    is_circular = np.zeros(len(names), dtype="bool")
    is_circular[ancestor[ancestor >= 0]] = True
    return pd.Series(is_circular, names.index)
