"""Fill: what was on the ground, held against what was authorised, planned or pledged."""

import math
from dataclasses import dataclass, replace

import pandas as pd

from mss_analysis.deployment.levels import Level, find_latest, keep_changes, read_levels
from mss_analysis.deployment.strength import (
    Strength,
    count_arrived,
    name_contributors,
    off_ladder,
    span_figures,
)
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.prose import when

YARDSTICKS = ("authorised", "planned", "pledged")
# So many different promises of a rung are held against those present, the latest ones.
_RECENT = 2
# Within so many days a count with two bounds is preferred to a later one with an open end.
_NEAR = pd.Timedelta(days=62)
# A count whose upper bound is at most so many times its lower one needs no exact one beside it.
_NARROW = 1.1


@dataclass(frozen=True)
class Fill:
    """Those present, one promise, the share of it that was there, and what was missing.

    What is missing of a promise of "up to" so many has no bounds.
    """

    ground: Strength
    yardstick: Strength
    share: Estimate
    missing: Estimate | None


def find_present(evidence: Evidence) -> list[Strength]:
    """Find the latest count of who was in Haiti: the mission's, then each contingent's.

    Where no document states a stock of a contingent, the people who had arrived stand in for it.
    """
    if "present" not in evidence.memo:
        evidence.memo["present"] = _list_present(evidence)
    return evidence.memo["present"]


def _list_present(evidence: Evidence) -> list[Strength]:
    levels = [level for level in read_levels(evidence) if level.rung == "deployed"]
    present = [
        _as_strength(_pick(find_latest(levels, party, "deployed")))
        for party in dict.fromkeys(level.party for level in levels)
    ]
    counted = {entry.party for entry in present}
    for party in name_contributors(evidence):
        if party not in counted:
            day, figure = count_arrived(evidence, party)[-1]
            told = when(day.isoformat())
            present.append(Strength(party, "deployed", figure, pd.Timestamp(day), told))
    return sorted(present, key=lambda entry: (not entry.is_whole, -entry.day.toordinal()))


def measure_fill(evidence: Evidence) -> list[Fill]:
    """Hold those present against the latest strengths promised for their party, on each rung."""
    levels = keep_changes(read_levels(evidence))
    fills = []
    for ground in find_present(evidence):
        yardsticks = [
            level
            for rung in YARDSTICKS
            for level in _prefer_bounded(find_latest(levels, ground.party, rung))[:_RECENT][::-1]
        ]
        for level in yardsticks:
            there, aim = off_ladder(ground.figure), off_ladder(level.figure)
            share = (there / aim).as_percent().clip(low=0)
            # Two floors say nothing about their ratio.
            if share.low > 0 or share.high < math.inf:
                missing = aim - there if aim.low > 0 else None
                fills.append(Fill(ground, _as_strength(level), share, missing))
    return fills


def find_lead_fill(evidence: Evidence) -> Fill | None:
    """Find the fill to lead with: the latest authorised strength, else the latest promise.

    A promise that bounds the share on both sides goes before one that doesn't.
    """
    fills = measure_fill(evidence)
    first = [fill for fill in fills if fill.ground.party == fills[0].ground.party]
    bounded = [fill for fill in first if fill.share.low > 0 and fill.share.high < math.inf]
    return max(
        bounded or first,
        key=lambda fill: (fill.yardstick.rung == "authorised", fill.yardstick.day),
        default=None,
    )


def find_later_count(evidence: Evidence, ground: Strength) -> Strength | None:
    """Find a contingent that was counted after the whole mission was, the largest if several."""
    if not ground.is_whole:
        return None
    newer: dict[str, list[Strength]] = {}
    for entry in find_present(evidence):
        if not entry.is_whole and entry.day > ground.day:
            newer.setdefault(entry.party, []).append(entry)
    counts = [
        replace(entries[0], figure=span_figures(entry.figure for entry in entries))
        for entries in newer.values()
    ]
    return max(counts, key=lambda entry: entry.figure.low, default=None)


def find_exact_count(evidence: Evidence, ground: Strength) -> Strength | None:
    """Find the last count of the same party that all its statements together make exact.

    A later round number says less, and would hide it. ``None`` where ``ground`` is narrow itself,
    or nothing before it is exact.
    """
    if ground.figure.low > 0 and ground.figure.high <= _NARROW * ground.figure.low:
        return None
    levels = find_latest(read_levels(evidence), ground.party, "deployed")
    exact = [level for level in levels if level.figure.is_exact and level.day <= ground.day]
    return _as_strength(exact[0]) if exact else None


def measure_exact_fill(evidence: Evidence) -> list[Fill]:
    """Hold the last exact count of the mission against what :func:`measure_fill` holds it."""
    fills = []
    for fill in measure_fill(evidence):
        exact = find_exact_count(evidence, fill.ground) if fill.ground.is_whole else None
        if exact is not None:
            there, aim = off_ladder(exact.figure), off_ladder(fill.yardstick.figure)
            missing = aim - there if aim.low > 0 else None
            share = (there / aim).as_percent().clip(low=0)
            fills.append(Fill(exact, fill.yardstick, share, missing))
    return fills


def measure_share(evidence: Evidence) -> Estimate | None:
    """Bound the share of the promised strength that was there."""
    lead = find_lead_fill(evidence)
    return None if lead is None else lead.share


def _pick(latest: list[Level]) -> Level:
    """Take the newest level, or one little older whose figure has two bounds."""
    near = [level for level in latest if latest[0].day - level.day <= _NEAR]
    bounded = [level for level in near if 0 < level.figure.low <= level.figure.high < math.inf]
    return (bounded or latest)[0]


def _prefer_bounded(promised: list[Level]) -> list[Level]:
    """Leave out promises of "up to" so many where others say how many."""
    return [level for level in promised if level.figure.low > 0] or promised


def _as_strength(level: Level) -> Strength:
    return Strength(
        level.party, level.rung, level.figure, level.day, level.when, level.is_whole, level.is_dated
    )
