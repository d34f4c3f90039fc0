"""Parts and wholes: within one source, nobody counts more of a part than of everything.

A part is recognised by its columns: a place within a place, one party, one population, and an
indicator that ``indicators.csv`` puts below another (``at_most``). A comparison takes the bounds
that the wording leaves open, and passes over figures that an identity relates: there the document
is known to contradict itself.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from mss_analysis.bounds import Rules, resolve
from mss_analysis.distinct import ODD, codes_of, each, find, is_in, slot
from mss_analysis.schema import Table
from mss_analysis.tablefile import Problem

# Lengths of time have no parts, and changes have parts that exceed them.
UNITS_OF_TIME = ("years", "months", "weeks", "days", "hours")
CHANGE = "_change"
# Two attacks of one day are no part of each other, though one place lies in the other.
ONE_OFF = "^incident_|_event$"
# Who is deployed was pledged before. An authorised strength is law, which facts may exceed.
_LOWER_RUNG, _UPPER_RUNG = "deployed", "pledged"
_TIME = ["period_start", "period_end", "as_of"]
_KEYS = ["source_id", *_TIME, "unit"]
_THING = ["indicator", "place", "party", "population", "status"]
_FIGURE = ("value", "low", "high")
_LARGEST = np.iinfo("int64").max
# So many pairs are compared at a time, for the sake of memory.
_BATCH = 1 << 20

Frames = dict[str, pd.DataFrame]
Tables = dict[str, Table]


def check_parts(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """No part has a larger figure than its whole, of one time and by one source."""
    rows, indicators = frames["observations"], frames["indicators"]
    adds_up = indicators["measure"].isin(["flow", "stock"])
    adds_up &= ~indicators["unit"].isin(UNITS_OF_TIME)
    adds_up &= ~indicators["indicator"].str.contains(CHANGE)
    is_counted = is_in(rows["indicator"], indicators.loc[adds_up, "indicator"])
    kin = Hierarchy(indicators["indicator"], indicators["at_most"])
    chosen, group = _gather(rows, np.flatnonzero(is_counted), kin.roots(rows["indicator"]))
    if not len(chosen):
        return
    figures = _read_figures(frames, chosen, group)
    lower, upper = _pair(figures)
    is_one_off = each(lambda names: names.str.contains(ONE_OFF), figures["indicator"]).to_numpy()
    places = Hierarchy(frames["places"]["place"], frames["places"]["within"])
    is_part = _is_part(figures, lower, upper, kin, places, is_one_off)
    yield from _report(schema["observations"], frames, figures, lower[is_part], upper[is_part])


class Hierarchy:
    """What lies in what: entries, of which each names the one right above it."""

    def __init__(self, names: pd.Series, parents: pd.Series) -> None:
        """Climb from each entry as far as it goes; a circle ends where it began."""
        self._names = names
        parent = np.where(parents == "", -1, find(parents, names))
        # The last line and column are for what is no entry.
        self._inside = np.zeros((len(names) + 1, len(names) + 1), dtype="bool")
        self._root = np.arange(len(names) + 1)
        at, above = np.arange(len(names)), parent
        for _ in range(len(names)):
            at, above = at[above >= 0], above[above >= 0]
            self._inside[at, above] = True
            self._root[at] = above
            above = parent[above]

    def roots(self, cells: pd.Series) -> np.ndarray:
        """Number the entry at the top of each cell's own."""
        return self._root[find(cells, self._names)]

    def contains(self, cells: pd.Series, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
        """Whether the cell at each lower position names an entry that lies in the upper's."""
        at = find(cells, self._names)
        return self._inside[at[lower], at[upper]]


def _gather(
    rows: pd.DataFrame, chosen: np.ndarray, roots: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Keep the rows that share source, time, unit and family with another: positions, groups."""
    slots = slot(_digest(rows, chosen, roots))
    # Most rows stand alone; those that share a slot by chance part below.
    chosen = chosen[(np.bincount(slots, minlength=1) > 1)[slots]]
    group = _combine([roots[chosen], *(codes_of(rows[key].iloc[chosen]) for key in _KEYS)])
    is_kept = (np.bincount(group, minlength=1) > 1)[group]
    return chosen[is_kept], pd.factorize(group[is_kept])[0]


def _digest(rows: pd.DataFrame, chosen: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Make a number of a row's family and of those keys that are categories."""
    digests = roots[chosen].astype("uint64") * ODD
    for key in _KEYS:
        if isinstance(rows[key].dtype, pd.CategoricalDtype):
            digests += rows[key].cat.codes.to_numpy()[chosen].astype("uint64")
            digests *= ODD
    return digests


def _combine(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Number the distinct combinations of several columns of numbers from 0."""
    group, size = np.zeros(len(columns[0]), dtype="int64"), 1
    for codes in columns:
        count = int(codes.max(initial=0)) + 1
        if size * count > _LARGEST:
            group, size = pd.factorize(group)[0], len(group)
        group, size = group * count + codes, size * count
    return pd.factorize(group)[0]


def _read_figures(frames: Frames, chosen: np.ndarray, group: np.ndarray) -> pd.DataFrame:
    """Read bounds and what is counted; ``top`` is the highest bound stated of the same thing."""
    rows = frames["observations"]
    columns = ["observation_id", "qualifier", *(f"{side} as number" for side in _FIGURE), *_THING]
    figures = (
        rows[columns].iloc[chosen].rename(columns=lambda name: name.removesuffix(" as number"))
    )
    figures[["low", "high"]] = resolve(figures, _read_rules(frames["qualifiers"]))
    thing = _combine([group, *(codes_of(figures[column]) for column in _THING)])
    top = figures["high"].groupby(thing).transform("max")
    return figures.assign(group=group, thing=thing, top=top)


def _pair(figures: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Pair the figures of a group of which one lies above the other: lower terms, upper terms."""
    group, low, top = (figures[column].to_numpy() for column in ("group", "low", "top"))
    order = np.argsort(group, kind="stable")
    size = np.bincount(group)
    first, size = (np.cumsum(size) - size)[group], size[group]
    batches = np.cumsum(size) // _BATCH
    found = [np.empty((2, 0), dtype="int64")]
    for batch in range(int(batches.max()) + 1):
        terms = np.flatnonzero(batches == batch)
        lower = np.repeat(terms, size[terms])
        turn = np.arange(len(lower)) - np.repeat(np.cumsum(size[terms]) - size[terms], size[terms])
        upper = order[first[lower] + turn]
        is_wrong = low[lower] > top[upper]
        found.append(np.array([lower[is_wrong], upper[is_wrong]]))
    return tuple(np.concatenate(found, axis=1))


def _is_part(
    figures: pd.DataFrame,
    lower: np.ndarray,
    upper: np.ndarray,
    kin: Hierarchy,
    places: Hierarchy,
    is_one_off: np.ndarray,
) -> np.ndarray:
    """Whether what the first counts is part of what the second does, by every column."""
    codes = {column: codes_of(figures[column]) for column in _THING}
    is_same = {column: held[lower] == held[upper] for column, held in codes.items()}
    is_part = is_same["indicator"] | kin.contains(figures["indicator"], lower, upper)
    lies_in = places.contains(figures["place"], lower, upper) & ~is_one_off[lower]
    is_part &= is_same["place"] | lies_in
    for column in ("party", "population"):
        is_part &= is_same[column] | (figures[column] == "").to_numpy()[upper]
    is_after = (figures["status"] == _LOWER_RUNG).to_numpy()[lower]
    is_after &= (figures["status"] == _UPPER_RUNG).to_numpy()[upper]
    is_part &= is_same["status"] | is_after
    return is_part & ~np.logical_and.reduce(list(is_same.values()))


def _report(
    table: Table, frames: Frames, figures: pd.DataFrame, lower: np.ndarray, upper: np.ndarray
) -> Iterator[Problem]:
    """Report each part once, beside the largest of the wholes that it exceeds."""
    rows = frames["observations"]
    if not len(lower):
        return
    ids = figures["observation_id"].astype("str").to_numpy()
    terms = frames["identities"]
    terms = terms[is_in(terms["observation_id"], pd.Series(ids[np.r_[lower, upper]]))].astype("str")
    related = terms.groupby("observation_id")["identity_id"].agg(set)
    pairs = pd.DataFrame({"lower": lower, "upper": upper})
    pairs["thing"], pairs["top"] = (figures[name].to_numpy()[upper] for name in ("thing", "top"))
    pairs["is_told"] = [
        bool(related.get(ids[part], set()) & related.get(ids[whole], set()))
        for part, whole in zip(lower, upper, strict=True)
    ]
    pairs = pairs[~pairs.groupby(["lower", "thing"])["is_told"].transform("any")]
    pairs = pairs.sort_values("top", ascending=False, kind="stable").drop_duplicates("lower")
    for pair in pairs.sort_values("lower").itertuples():
        line = figures.index[pair.lower]
        part, whole = (figures.iloc[at][_THING].to_dict() for at in (pair.lower, pair.upper))
        words = _explain(part, whole, ids[pair.upper], pair.top)
        column = "value" if rows.at[line, "value"] else "low"
        yield Problem(table.path, int(line), column, rows.at[line, column], words)


def _explain(part: dict[str, str], whole: dict[str, str], name: str, high: float) -> str:
    """Say what is wrong with a part above its whole, and what would mend it."""
    if part["status"] != whole["status"]:
        fault = f"is more deployed than {name} says were pledged at that date"
    elif part["indicator"] != whole["indicator"]:
        fault = f"is more than {name} has for {whole['indicator']}, which {part['indicator']} "
        fault += "never exceeds by indicators.csv"
    elif part["place"] != whole["place"]:
        fault = f"is more for {part['place']} than {name} has for {whole['place']}"
    else:
        fault = f"is more for a part than {name} has for everybody"
    return (
        f"{fault} ({high:,.10g} at most); mend one of them, or relate them in identities.csv if "
        "the source contradicts itself"
    )


def _read_rules(qualifiers: pd.DataFrame) -> Rules:
    """Read those rules from wording to bounds that can be read."""
    sound = [
        (pd.to_numeric(qualifiers[side].astype("str"), errors="coerce").notna())
        | qualifiers[side].isin(["zero", "open", "stated"])
        for side in ("below", "above")
    ]
    rules = qualifiers[sound[0] & sound[1]]
    return dict(
        zip(rules["qualifier"], zip(rules["below"], rules["above"], strict=True), strict=True)
    )
