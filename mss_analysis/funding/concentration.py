"""Concentration: how far a fund rests on its largest donor, with sharp bounds.

Interval division is too wide for shares, because a donor's money stands both above and below the
line. Here each amount is one unknown in its interval, and the bounds are the smallest and largest
values that any true amounts could give.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from mss_analysis.charts import draw_levels
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.fund import list_days, list_deposits, read_floor
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, name, when

Bounds = tuple[float, float]
Weight = tuple[str, Estimate, Estimate, str, Estimate, Estimate]
_NEAR = 1e-9
_CLOSE = 0.02


def bound_largest(amounts: Sequence[Bounds], total: Bounds | None = None) -> Bounds:
    """Bound the largest share, sharply.

    Parameters
    ----------
    amounts
        Bounds of each donor's amount, in one unit; an upper end may be infinite where ``total``
        closes it.
    total
        Bounds of the whole, in the same unit. What the donors leave of it belongs to donors not
        named: perhaps one, perhaps many. Without it, the donors are the whole.

    Returns
    -------
    tuple
        Lower and upper bound, as ratios.

    Raises
    ------
    ValueError
        When nothing is given, an amount is negative, or the donors exceed the total.

    Examples
    --------
    >>> bound_largest([(1, 4), (2, 3)])
    (0.5, 0.75)
    >>> bound_largest([(60, math.inf), (15, 15)], (100, 100))
    (0.6, 0.85)

    Notes
    -----
    The upper bound is convex in the shares, hence attained at a vertex. The lower one is not: with
    all donors the whole, it is attained where every amount that can comes level with the largest
    floor.

    """
    _check(amounts, total)
    top = max(max(shares) for shares in _vertices(amounts, total))
    floor = max(low for low, _ in amounts)
    if total is not None:
        return floor / total[1], top
    if floor == 0:
        return 1 / len(amounts), top
    return floor / sum(min(high, floor) for _, high in amounts), top


def bound_herfindahl(amounts: Sequence[Bounds], total: Bounds | None = None) -> Bounds:
    """Bound the Herfindahl index, the sum of squared shares, sharply.

    One is a single donor; one over the number of donors is equal shares. Parameters and errors are
    those of :func:`bound_largest`. Donors not named count as one for the upper bound, and as ever
    so many for the lower one.

    >>> bound_herfindahl([(1, 4), (2, 3)])
    (0.5, 0.625)

    Notes
    -----
    The index is the square of a norm over a linear function, hence quasi-convex: its maximum is at
    a vertex, and where its slope vanishes each amount that is at neither end equals the sum of
    squares over the sum (Herfindahl 1950; Hirschman 1964, for the index itself).

    """
    _check(amounts, total)
    top = max(math.fsum(part**2 for part in shares) for shares in _vertices(amounts, total))
    if total is not None:
        return math.fsum((low / total[1]) ** 2 for low, _ in amounts), top
    return _least_herfindahl(amounts), top


def weigh_donors(evidence: Evidence) -> Exhibit:
    """Show the share of the fund's largest donor over time, and the Herfindahl index."""
    weighed = list_weights(evidence)
    rows: list[Row] = [
        {
            "Balance of": when(day),
            "Fund": whole,
            "Donors named": donors,
            "Largest donor": name(largest or mark("not certain")),
            "Its share": part,
            "Herfindahl index": index,
            "Source": cite(evidence, whole.observations),
        }
        for day, whole, donors, largest, part, index in weighed
    ]
    frame = flatten(evidence, rows)
    if rows:
        frame["day"] = [entry[0] for entry in weighed]
    return exhibit(
        evidence,
        "concentration",
        tell("How far did the trust fund rest on its largest donor?"),
        tell_concentration(evidence) or nothing_known(),
        rows,
        rows
        and draw_levels(frame, "day", "Its share", tell("Share of the largest donor, percent")),
        compose(
            "A deposit told for an earlier day is a floor. What is not told by donor may belong "
            "to one donor or to many, and both are allowed for; a donor is named as the largest "
            "only where nobody else could be. The bounds are sharp: no value inside can be ruled "
            "out. Balances with an open end are left out."
        ),
        headline=_head(weighed),
        subtitle=tell("Share of the largest donor in the UN trust fund, by day of the balance"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on the largest donor."""
    text = tell_concentration(evidence)
    if text is None:
        return []
    part = list_weights(evidence)[-1][4]
    return [Finding("funding.largest-donor", tell("Share of the largest donor"), part, text)]


def tell_concentration(evidence: Evidence) -> Text | None:
    """Say what share the largest donor had by the newest balance."""
    weighed = list_weights(evidence)
    if not weighed:
        return None
    day, whole, _, largest, part, index = weighed[-1]
    parts = {"whole": whole, "day": when(day), "part": part, "index": index}
    if not largest:
        return compose(
            "Of {whole} paid in ({day}), the largest donor had paid {part}. The Herfindahl index "
            "is {index} (one would be a single donor).",
            **parts,
        )
    return compose(
        "Of {whole} paid in ({day}), the largest donor, {donor}, had paid {part}. The Herfindahl "
        "index is {index} (one would be a single donor).",
        donor=name(largest),
        **parts,
    )


def _head(weighed: list[Weight]) -> Text | None:
    if not weighed:
        return None
    *_, largest, part, _ = weighed[-1]
    if not largest:
        return compose("The largest donor had paid {part} of the fund", part=part)
    return compose(
        "{donor}, the largest donor, had paid {part} of the fund", donor=name(largest), part=part
    )


def list_weights(evidence: Evidence) -> list[Weight]:
    """List (day, balance, donors named, largest donor, its share in percent, index)."""
    weighed = {}
    for claim in list_days(evidence):
        row, whole = claim.primary, claim.figure
        parts = list_deposits(evidence, row["day"])
        closed = math.isfinite(whole.high) and whole.low > 0 and not row["population"]
        if len(parts) < 2 or not closed:
            continue
        figures = [read_floor(evidence, part, row["day"]) for part in parts]
        amounts = [(figure.low, figure.high) for figure in figures]
        # A rounded total may lie a little below its exact parts.
        if math.fsum(low for low, _ in amounts) > whole.high:
            continue
        at = max(range(len(parts)), key=lambda place: amounts[place][0])  # highest floor
        ids = (*whole.observations, *(entry for figure in figures for entry in figure.observations))
        donors = Estimate.count([figure.observations[0] for figure in figures], "donors")
        share = bound_largest(amounts, (whole.low, whole.high))
        index = bound_herfindahl(amounts, (whole.low, whole.high))
        weighed[claim.first.isoformat()] = (
            claim.first.isoformat(),
            whole,
            donors,
            parts[at]["party"] if _leads(at, amounts, whole.high) else "",
            _figure([100 * end for end in share], "percent", ids, "share of the largest donor"),
            _figure(index, "1", ids, "sum of squared shares"),
        )
    # A day that changes nothing adds no line.
    kept = []
    for entry in weighed.values():
        ends = [(figure.low, figure.high) for figure in entry[4:]]
        if not kept or ends != [(figure.low, figure.high) for figure in kept[-1][4:]]:
            kept.append(entry)
    return kept


def bound_share(at: int, amounts: Sequence[Bounds], total: Bounds | None = None) -> Bounds:
    """Bound the share of one donor, sharply; ``at`` is its place in ``amounts``.

    >>> bound_share(0, [(1, 3), (1, 1)])
    (0.5, 0.75)
    """
    _check(amounts, total)
    if total is not None:
        top = max(shares[at] for shares in _vertices(amounts, total))
        return amounts[at][0] / total[1], top
    others = [bounds for place, bounds in enumerate(amounts) if place != at]
    low, high = amounts[at]
    most, least = (math.fsum(end[side] for end in others) for side in (1, 0))
    lower = 0.0 if math.isinf(most) else (low / (low + most) if low + most else 0.0)
    upper = 1.0 if math.isinf(high) else (high / (high + least) if high + least else 1.0)
    return lower, upper


def _figure(bounds: Sequence[float], unit: str, ids: tuple[str, ...], formula: str) -> Estimate:
    low, high = bounds
    # Bounds that meet but for the last digits are one value, which a chart can mark.
    value = (low + high) / 2 if high - low <= _CLOSE * high else None
    return Estimate(value, low, high, unit, ids, formula)


def _leads(at: int, amounts: Sequence[Bounds], whole: float) -> bool:
    """Whether one donor's floor is above all that any other could have paid."""
    floor = amounts[at][0]
    room = whole - math.fsum(low for low, _ in amounts)
    others = [min(high, low + room) for place, (low, high) in enumerate(amounts) if place != at]
    return floor > max([room, *others])


def _check(amounts: Sequence[Bounds], total: Bounds | None) -> None:
    if not amounts or any(not 0 <= low <= high for low, high in amounts):
        raise ValueError(f"amounts {amounts!r} are not bounds of sums of money")
    if total is not None and math.fsum(low for low, _ in amounts) > total[1] + _NEAR:
        raise ValueError("the donors' sums exceed the total")
    if total is None and all(high == 0 for _, high in amounts):
        raise ValueError("nobody gave anything: there are no shares")


def _vertices(amounts: Sequence[Bounds], total: Bounds | None) -> Iterator[list[float]]:
    """List shares at the corners of what can be, donors not named last where a total is stated.

    The shares s and the inverse z of the sum obey low z <= s <= high z and sum(s) = 1, with z
    between the inverses of the total's ends: a polytope, at whose corners all shares but one are
    at an end.
    """
    boxes = list(amounts)
    if total is None:
        sums = [math.fsum(high if math.isfinite(high) else 0.0 for _, high in boxes)]
    else:
        boxes.append((0.0, math.inf))
        sums = [end for end in total if end > 0 and math.isfinite(end)]
    ends = [sorted({low, high} - {math.inf}) for low, high in boxes]
    if total is None:
        if any(math.isinf(high) for _, high in boxes):
            # An open end may be larger than all the others together.
            yield [1.0]
        for corner in product(*ends):
            whole = math.fsum(corner)
            if whole > 0:
                yield [amount / whole for amount in corner]
        return
    for corner in product(*ends):
        inside = math.fsum(corner)
        if total[0] - _NEAR <= inside <= total[1] + _NEAR and inside > 0:
            yield [amount / inside for amount in corner]
        for whole in sums:
            for free, (low, high) in enumerate(boxes):
                left = whole - (inside - corner[free])
                if low - _NEAR <= left <= high + _NEAR:
                    yield [
                        (left if place == free else amount) / whole
                        for place, amount in enumerate(corner)
                    ]


def _least_herfindahl(amounts: Sequence[Bounds]) -> float:
    """Find the least index: amounts level where they can be, else at the nearer end."""

    def index(level: float) -> float:
        levelled = [min(max(level, low), high) for low, high in amounts]
        whole = math.fsum(levelled)
        return math.fsum(amount**2 for amount in levelled) / whole**2 if whole else math.inf

    marks = sorted({end for pair in amounts for end in pair if math.isfinite(end) and end > 0})
    best = min(map(index, marks), default=1 / len(amounts))
    for left, right in pairwise(marks):
        middle = (left + right) / 2
        fixed = [min(max(middle, low), high) for low, high in amounts if not low < middle < high]
        if fixed:
            level = math.fsum(amount**2 for amount in fixed) / math.fsum(fixed)
            if left <= level <= right:
                best = min(best, index(level))
    return best
