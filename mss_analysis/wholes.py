"""Parts and wholes: within one source, nobody counts more of a part than of everything.

A comparison takes the bounds that the wording leaves open, and passes over figures that an identity
relates: there the document is known to contradict itself.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from mss_analysis.bounds import Rules, resolve
from mss_analysis.distinct import ODD, codes_of, is_in, slot
from mss_analysis.schema import Table
from mss_analysis.tablefile import Problem

# Lengths of time have no parts, and changes have parts that exceed them.
UNITS_OF_TIME = ("years", "months", "weeks", "days", "hours")
CHANGE = "_change"
_TIME = ["period_start", "period_end", "as_of"]
_FIGURE = ("value", "low", "high")
_LARGEST = np.iinfo("int64").max

Frames = dict[str, pd.DataFrame]
Tables = dict[str, Table]


def check_deployed(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """Nobody has more people on the ground than one source says were pledged."""
    rows = frames["observations"]
    reason = (
        "is more deployed than {whole} says were pledged at that date ({high:,.10g} at most); "
        "mend one of them, or relate them in identities.csv if the source contradicts itself"
    )
    deployed = rows["indicator"] == "country_personnel_deployed"
    pledged = rows["indicator"] == "country_personnel_pledged"
    keys = ["source_id", "as_of", "party", "unit"]
    yield from _compare(schema["observations"], frames, deployed, pledged, keys, reason)


def check_parts(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """A party's or a population's figure is no more than everybody's of the same time and place."""
    rows, indicators = frames["observations"], frames["indicators"]
    adds_up = indicators["measure"].isin(["flow", "stock"])
    adds_up &= ~indicators["unit"].isin(UNITS_OF_TIME)
    adds_up &= ~indicators["indicator"].str.contains(CHANGE)
    is_counted = is_in(rows["indicator"], indicators.loc[adds_up, "indicator"])
    is_part = (rows["party"] != "") | (rows["population"] != "")
    reason = (
        "is more for a part than {whole} has for everybody ({high:,.10g} at most); "
        "mend one of them, or relate them in identities.csv if the source contradicts itself"
    )
    keys = ["indicator", "source_id", *_TIME, "place", "unit", "status"]
    part, whole = is_counted & is_part, is_counted & ~is_part
    yield from _compare(schema["observations"], frames, part, whole, keys, reason)


def _compare(
    table: Table,
    frames: Frames,
    is_lower: pd.Series,
    is_upper: pd.Series,
    keys: list[str],
    reason: str,
) -> Iterator[Problem]:
    """Report figures whose low exceeds the highest high of those that share the keys."""
    rows = frames["observations"]
    chosen, group = _pair(rows, is_lower.to_numpy(), is_upper.to_numpy(), keys)
    columns = ["observation_id", "qualifier", *(f"{side} as number" for side in _FIGURE)]
    figures = (
        rows[columns].iloc[chosen].rename(columns=lambda name: name.removesuffix(" as number"))
    )
    figures[["low", "high"]] = resolve(figures, _read_rules(frames["qualifiers"]))
    figures = figures.assign(group=group, is_upper=is_upper.to_numpy()[chosen])
    highest = figures["high"].where(figures["is_upper"]).groupby(group).transform("max")
    is_wrong = ~figures["is_upper"] & (figures["low"] > highest)
    if not is_wrong.any():
        return
    figures = figures[figures["group"].isin(figures.loc[is_wrong, "group"])]
    uppers = figures[figures["is_upper"]].sort_values("high", ascending=False)
    uppers = dict(list(uppers.groupby("group")))
    terms = frames["identities"]
    terms = terms[is_in(terms["observation_id"], figures["observation_id"])].astype("str")
    related = terms.groupby("observation_id")["identity_id"].agg(set)
    for line, figure in figures[is_wrong[figures.index]].iterrows():
        others = uppers[figure["group"]]
        own = related.get(figure["observation_id"], set())
        if any(own & related.get(name, set()) for name in others["observation_id"]):
            continue
        words = reason.format(whole=others["observation_id"].iloc[0], high=others["high"].iloc[0])
        column = "value" if rows.at[line, "value"] else "low"
        yield Problem(table.path, int(line), column, rows.at[line, column], words)


def _pair(
    rows: pd.DataFrame, is_lower: np.ndarray, is_upper: np.ndarray, keys: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Group rows by keys, and keep the groups that have rows of both kinds: positions, groups."""
    chosen = np.flatnonzero(is_lower | is_upper)
    slots = slot(_digest(rows, keys, chosen))
    has_lower, has_upper = np.zeros((2, slots.max(initial=0) + 1), dtype="bool")
    has_lower[slots[is_lower[chosen]]] = True
    has_upper[slots[is_upper[chosen]]] = True
    # Most rows stand alone; those that share a slot by chance part below.
    chosen = chosen[(has_lower & has_upper)[slots]]
    group, size = np.zeros(len(chosen), dtype="int64"), 1
    for key in keys:
        codes = codes_of(rows[key].iloc[chosen])
        count = int(codes.max(initial=0)) + 1
        if size * count > _LARGEST:
            group, size = pd.factorize(group)[0], len(group)
        group, size = group * count + codes, size * count
    group = pd.factorize(group)[0]
    lowers, uppers = (np.bincount(group, kind[chosen]) for kind in (is_lower, is_upper))
    is_kept = ((lowers > 0) & (uppers > 0))[group]
    return chosen[is_kept], group[is_kept]


def _digest(rows: pd.DataFrame, keys: list[str], chosen: np.ndarray) -> np.ndarray:
    """Make a number of those keys of a row that are categories."""
    digests = np.zeros(len(chosen), dtype="uint64")
    for key in keys:
        if isinstance(rows[key].dtype, pd.CategoricalDtype):
            digests += rows[key].cat.codes.to_numpy()[chosen].astype("uint64")
            digests *= ODD
    return digests


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
