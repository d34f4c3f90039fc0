"""Disputes: the conflicts among figures, ordered, grouped and shortened for readers."""

from collections import defaultdict
from collections.abc import Iterable

from mss_analysis.conflict import count_whole, find_explanation
from mss_analysis.contradictions import CONTRADICTION, TENSION, Conflict, find_conflicts
from mss_analysis.count_chart import draw_bars
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row
from mss_analysis.language import name_of, tell
from mss_analysis.prose import (
    Prose,
    Table,
    Text,
    compose,
    enumerate_parts,
    link,
    name,
    refer_to_told,
    say,
    tabulate,
)
from mss_analysis.sides import is_one_off, read_flows
from mss_analysis.sources.coverage import is_checked
from mss_analysis.sources.holdings import count_rows, shorten, summarise
from mss_analysis.themes import THEMES, name_theme, weigh

# So many figures a sentence holds that a reader can follow.
_FEW = 3
_FULL, _TENSIONS, _OF_EACH = 40, 10, 3


def order_conflicts(evidence: Evidence) -> list[Conflict]:
    """Order the conflicts: contradictions first, by what readers look for, small sets first."""
    return sorted(find_conflicts(evidence), key=lambda conflict: _key(evidence, conflict))


def pick_conflicts(
    evidence: Evidence, most: int = _FULL, tensions: int = _TENSIONS, of_each: int = _OF_EACH
) -> list[Conflict]:
    """Pick the conflicts to tell in full: of each thing counted a few, of as many kinds as can be.

    Everything is picked where no more than ``most`` conflicts are known.
    """
    ordered = order_conflicts(evidence)
    if len(ordered) <= most:
        return ordered
    seen: dict[tuple[str, str], int] = defaultdict(int)
    again: dict[tuple[str, str, str], int] = defaultdict(int)
    ranked = []
    for conflict in ordered:
        thing = evidence.row(conflict.observations[0])["indicator"]
        again[conflict.severity, thing, conflict.kind] += 1
        ranked.append((again[conflict.severity, thing, conflict.kind], conflict, thing))
    # The first of every kind comes before the second of any.
    ranked.sort(key=lambda entry: entry[0])
    picked: list[Conflict] = []
    for severity, room in ((CONTRADICTION, most - tensions), (TENSION, tensions)):
        chosen: list[Conflict] = []
        for _, conflict, thing in ranked:
            if conflict.severity == severity and seen[severity, thing] < of_each:
                seen[severity, thing] += 1
                chosen.append(conflict)
        chosen.sort(key=lambda conflict: _key(evidence, conflict))
        picked += chosen[:room]
    return picked


def list_conflicts(
    evidence: Evidence, most: int = _FULL, tensions: int = _TENSIONS, of_each: int = _OF_EACH
) -> Table | Prose:
    """List figures that are at odds: all of them, or the ``most`` that weigh the most."""
    conflicts = pick_conflicts(evidence, most, tensions, of_each)
    if not conflicts:
        return say(evidence, compose("Among the figures known on this day none are at odds."))
    return tabulate(evidence, [_describe(evidence, conflict) for conflict in conflicts])


def map_conflicts(evidence: Evidence) -> Exhibit:
    """Show how many conflicts there are on each theme, by kind; the table holds all of them."""
    ordered = order_conflicts(evidence)
    grouped: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in ordered:
        grouped[_theme(evidence, conflict)].append(conflict)
    cells: list[Row] = []
    rows: list[Row] = []
    for theme in THEMES:
        kinds: dict[str, list[Conflict]] = defaultdict(list)
        for conflict in grouped[theme]:
            kinds[_group(conflict)].append(conflict)
            rows.append({"Theme": name(theme)} | _describe(evidence, conflict))
        cells += [
            {"Theme": name(theme), "Conflicts": _count(kinds[kind]), "Kind": name(kind)}
            for kind in sorted(kinds, key=lambda kind: (kind == TENSION, kind))
        ]
    answer = compose("Among the figures known on this day none are at odds.")
    chart = headline = None
    if ordered:
        every = count_rows(evidence.observations["observation_id"], "figures")
        answer = compose(
            "Among {figures} there are {conflicts}; “{theme}” has the largest number.",
            figures=every,
            conflicts=_tell_counts(ordered),
            theme=name(max(THEMES, key=lambda theme: len(grouped[theme]))),
        )
        headline = compose(
            "{conflicts} among {figures}", conflicts=_tell_counts(ordered), figures=every
        )
        axis = tell("Conflicts")
        chart = draw_bars(shorten(evidence, cells), "Theme", "Conflicts", axis, "Kind")
    return summarise(
        evidence,
        "disputes",
        tell("On what do the figures disagree, and why?"),
        answer,
        rows,
        chart,
        compose(
            "A figure that fits with nothing is part of many sets, so the number of conflicts is "
            "no number of errors. The table holds every one."
        ),
        headline=headline,
        subtitle=tell("Sets of figures at odds, by theme and by where the difference comes from"),
    )


def group_conflicts(evidence: Evidence, least: int = 2) -> Table | Prose:
    """Count conflicts by the thing counted, with the smallest revision that would mend a flow.

    Which figures share in it is rarely settled; those that every such revision moves are named.
    Things with fewer than ``least`` conflicts stand together in the last row.
    """
    grouped: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in order_conflicts(evidence):
        grouped[evidence.row(conflict.observations[0])["indicator"]].append(conflict)
    if not grouped:
        return say(evidence, compose("Among the figures known on this day none are at odds."))
    large = sorted(
        (entry for entry in grouped.items() if len(entry[1]) >= least),
        key=lambda entry: -len(entry[1]),
    )
    small = [(key, found) for key, found in grouped.items() if len(found) < least]
    rows = [
        _summarise(
            name(evidence.indicator_labels[thing]),
            found,
            revise(evidence, thing, found),
            _tell_shares(evidence, found),
        )
        for thing, found in large
    ]
    if small:
        ids = [conflict.observations[0] for _, found in small for conflict in found]
        label = compose(
            "{number}, each with fewer", number=count_rows(ids, "other things", len(small))
        )
        rows.append(_summarise(label, [entry for _, found in small for entry in found]))
    return tabulate(evidence, rows)


def revise(evidence: Evidence, indicator: str, conflicts: Iterable[Conflict]) -> Estimate | None:
    """Give the smallest total revision after which all figures of a flow would fit.

    ``None`` for stocks, for one-off incidents at many places, and where currencies are mixed. A
    part is a flow of its own; the largest of their revisions is told, for together they are no sum.
    """
    measures = evidence.indicators.set_index("indicator")["measure"]
    if measures[indicator] != "flow" or is_one_off(indicator):
        return None
    ids = dict.fromkeys(entry for conflict in conflicts for entry in conflict.observations)
    counts = [entry for entry in ids if evidence.row(entry)["indicator"] == indicator]
    units = {figure.unit for figure in evidence.estimates(counts)}
    flows = read_flows(evidence, [indicator])
    total = round(max((timeline.shortfall() for _, timeline in flows), default=0.0), 3)
    if total == 0 or len(units) > 1:
        return None
    figure = Estimate(total, total, total, units.pop(), tuple(ids), f"revision({indicator})")
    return count_whole(figure)


def _tell_shares(evidence: Evidence, conflicts: list[Conflict]) -> Text | None:
    """Name the figures that every smallest revision moves, with the least and the most of each."""
    moved = {
        share.observations: compose(
            "{figure} ({share})",
            figure=evidence.estimate(share.observations[0]),
            share=count_whole(share),
        )
        for conflict in conflicts
        for share in conflict.shares
        if share.low > 0
    }
    return enumerate_parts(list(moved.values())) if moved else None


def _key(evidence: Evidence, conflict: Conflict) -> tuple:
    ids = conflict.observations
    weight = min(weigh(evidence, entry) for entry in ids)
    # Figures that were read word by word come first, then sets that a reader can follow.
    located = sum(not is_checked(evidence, entry) for entry in ids) > 0
    many = len(ids) > _FEW
    ratio = _ratio(evidence, conflict)
    return (conflict.severity != CONTRADICTION, weight, located, many, len(ids), -ratio)


def _ratio(evidence: Evidence, conflict: Conflict) -> float:
    """Say how many times the larger of two figures is the smaller; one for larger sets."""
    values = [figure.value for figure in evidence.estimates(conflict.observations)]
    if len(values) > 2 or not all(values):
        return 1.0
    return max(values) / min(values)


def _theme(evidence: Evidence, conflict: Conflict) -> str:
    return name_theme(evidence.row(conflict.observations[0])["indicator"])


def _group(conflict: Conflict) -> str:
    return conflict.kind if conflict.severity == CONTRADICTION else TENSION


def _count(conflicts: list[Conflict], unit: str = "conflicts") -> Estimate | None:
    ids = [entry for conflict in conflicts for entry in conflict.observations]
    return count_rows(ids, unit, len(conflicts)) if conflicts else None


def _tell_counts(conflicts: list[Conflict]) -> Text:
    hard = [conflict for conflict in conflicts if conflict.severity == CONTRADICTION]
    soft = [conflict for conflict in conflicts if conflict.severity == TENSION]
    if not (hard and soft):
        return link(_count(conflicts, f"{conflicts[0].severity}s"))
    return compose(
        "{hard} and {soft}", hard=_count(hard, "contradictions"), soft=_count(soft, "tensions")
    )


def _summarise(
    label: Text,
    conflicts: list[Conflict],
    revision: Estimate | None = None,
    shares: Text | None = None,
) -> Row:
    hard = [conflict for conflict in conflicts if conflict.severity == CONTRADICTION]
    soft = [conflict for conflict in conflicts if conflict.severity == TENSION]
    kinds = dict.fromkeys(conflict.kind for conflict in conflicts)
    return {
        "Counted": label,
        "Contradictions": _count(hard, "contradictions"),
        "Tensions": _count(soft, "tensions"),
        "Kinds": name(", ".join(map(name_of, kinds))),
        "Smallest total revision": revision,
        "Gives way in any case": shares,
    }


def _describe(evidence: Evidence, conflict: Conflict) -> Row:
    thing = evidence.indicator_labels[evidence.row(conflict.observations[0])["indicator"]]
    return {
        "Counted": name(thing),
        "At odds": name(conflict.severity),
        "Kind": name(conflict.kind),
        "Figures": conflict.sentence,
        "Why they should agree": _tell_why(evidence, conflict),
    }


def _tell_why(evidence: Evidence, conflict: Conflict) -> Text:
    """Say what the figures have in common, or what a person wrote about their difference."""
    found = find_explanation(evidence, conflict.observations)
    if found is None:
        return refer_to_told(conflict.observations, conflict.note)
    reason = refer_to_told(conflict.observations, found["reason"])
    return compose("{reason} ({author})", reason=reason, author=name(found["author"]))
