"""From observations to claims: which figures bound a flow, and how."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from mss_analysis.domain import MONEY
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.reconcile import Day, Link, Side, Timeline, merge
from mss_analysis.stocks import THING
from mss_analysis.wholes import ONE_OFF

_NEXT = timedelta(days=1)
_SPAN = ("period_start", "period_end")
# Against a stated base, the period just before, or the same period a year before.
GROWTHS = ("change", "change_before", "change_year")
# A figure with the first day of its period, and the day after its last.
Row = dict[str, Any]
Rows = dict[str, Row]
# What is counted: place, party, population.
Whole = tuple[str, str, str]
_WHOLE = ("place", "party", "population")


def read_timeline(
    evidence: Evidence,
    indicator: str,
    place: str = "Haiti",
    party: str = "",
    population: str = "",
    origin: str = "",
    unit: str = "",
    status: str = "",
) -> Timeline:
    """Read the constraints on one flow.

    Figures of a place within, one party or one population only put a floor under the whole. A
    period whose end is the document's own date isn't a cut-off: it gives a floor only, too.
    Outlets that state one number for one period are one claim: "exactly" in one and "at least" in
    another is "at least", since a copy drops such words more easily than it adds them, and "nearly"
    or "about" yields to an outlet that states the number flat.

    Parameters
    ----------
    evidence
        The evidence as known on a day.
    indicator
        A flow.
    place, party, population
        What is counted; empty for all parties, the whole population.
    origin
        Only the figures of this origin (the name under which origins count as one); all when empty.
    unit
        The currency of money; empty for all else, whose unit the indicator gives.
    status
        Rung of the ladder on which the figures stand; empty for those that stand on none.

    Raises
    ------
    ParameterError
        When the unit of money is missing: sums in two currencies don't add up.

    Examples
    --------
    >>> import mss_analysis as mss
    >>> asked = read_timeline(mss.load(), "hrp_required", unit="USD", status="required")
    >>> asked.unit
    'USD'

    """
    rows = _read_rows(evidence, indicator)
    own = evidence.indicators.set_index("indicator")["unit"].get(indicator, "persons")
    if own == MONEY and not unit:
        known = ", ".join(sorted({row["unit"] for row in rows})) or "none is known"
        raise ParameterError(f"{indicator} is money: name the unit of its figures ({known}).")
    unit = unit or own
    rows = [row for row in rows if row["unit"] == unit and row["status"] == status]
    if origin:
        rows = [row for row in rows if row["origin"] == origin]
    return _build(evidence, rows, (place, party, population), unit)


def read_flows(
    evidence: Evidence, indicators: Iterable[str] = ()
) -> Iterator[tuple[dict[str, str], Timeline]]:
    """Read flows of which several figures are known, whole and in each part that is counted.

    Gives (what is counted, timeline), as :func:`mss_analysis.stocks.read_stocks` does for stocks;
    of all flows, or of those named.

    >>> import mss_analysis as mss
    >>> {thing["status"] for thing, _ in read_flows(mss.load(), ["hrp_required"])}
    {'required'}
    """
    flows = evidence.indicators[evidence.indicators["measure"] == "flow"]
    for indicator in indicators or flows["indicator"]:
        known = _read_rows(evidence, indicator)
        for unit, status in dict.fromkeys((row["unit"], row["status"]) for row in known):
            rows = [row for row in known if (row["unit"], row["status"]) == (unit, status)]
            counted = [tuple(row[column] for column in _WHOLE) for row in rows]
            if is_one_off(indicator):
                # Two attacks at one place are two.
                counted = []
            for whole in dict.fromkeys([("Haiti", "", ""), *counted]):
                if sum(_part_of(evidence, row, whole) is not None for row in rows) > 1:
                    thing = dict(zip(THING, (indicator, *whole, status, unit), strict=True))
                    yield thing, _build(evidence, rows, whole, unit)


def is_one_off(indicator: str) -> bool:
    """Whether an indicator counts single events, of which a place may see several.

    >>> is_one_off("incident_deaths"), is_one_off("killed")
    (True, False)
    """
    return re.search(ONE_OFF, indicator) is not None


def _build(evidence: Evidence, rows: list[Row], whole: Whole, unit: str) -> Timeline:
    """Make claims of the rows of one unit on one rung."""
    claimed: dict[tuple, list[Row]] = {}
    for row in rows:
        part = _part_of(evidence, row, whole)
        if part is not None:
            number = row["low"] if math.isnan(row["value"]) else row["value"]
            claimed.setdefault((part, row["start"], row["stop"], number), []).append(row)
    sides = []
    for (part, start, stop, _), alike in claimed.items():
        ids = tuple(row["observation_id"] for row in alike)
        low, high = max(row["low"] for row in alike), max(row["high"] for row in alike)
        if low > 0:
            sides.append(Side(start, stop, low, True, ids, part))
        if math.isfinite(high) and all(row["date_precision"] != "publication" for row in alike):
            sides.append(Side(start, stop, high, False, ids, part))
    links = tuple(_links(evidence, {row["observation_id"]: row for row in rows}, whole))
    # Only parts that add up, by a declared relation, need a count of their own.
    tied = {term[1] for link in links for term in link.terms}
    kept = [side for side in sides if side.is_floor or not side.part or side.part in tied]
    return Timeline(unit, merge(kept), links)


def _read_rows(evidence: Evidence, indicator: str) -> list[Row]:
    rows = evidence.select(indicator)
    rows = rows[rows["period_start"].notna() & rows["period_end"].notna()]
    spans = []
    for row in rows.to_dict(orient="records"):
        start, end = (row[column].date() for column in _SPAN)
        spans.append(row | {"start": start, "stop": end + _NEXT})
    return spans


def _part_of(evidence: Evidence, row: Row, whole: Whole) -> str | None:
    """Name the part of the whole that a row counts: empty for the whole, ``None`` for neither."""
    place, party, population = whole
    if not evidence.lies_within(row["place"], place):
        return None
    if (party and row["party"] != party) or (population and row["population"] != population):
        return None
    own = (row["place"], row["party"], row["population"])
    return "; ".join(mine for mine, all_ in zip(own, whole, strict=True) if mine != all_)


def _links(evidence: Evidence, rows: Rows, whole: Whole) -> Iterator[Link]:
    """Read declared growth, and declared parts that add up, where they are of this flow."""
    for _, kind, by_role in evidence.terms:
        if kind == "growth":
            yield from _link_growth(evidence, by_role, rows, whole)
        elif kind == "total":
            yield from _link_parts(evidence, by_role, rows, whole)


def _link_growth(
    evidence: Evidence, roles: dict[str, list[str]], rows: Rows, whole: Whole
) -> Iterator[Link]:
    level = rows.get(roles["level"][0])
    (change,) = (roles[role] for role in GROWTHS if role in roles)
    base = _base_span(level, roles, rows) if level else None
    if base is None:
        return
    part = _part_of(evidence, level, whole)
    if part is None:
        return
    factor = evidence.estimate(change[0]) / 100 + 1
    span = (level["start"], level["stop"])
    for bound, sign in ((factor.low, -1.0), (factor.high, 1.0)):
        if math.isfinite(bound):
            terms = ((sign, part, *span), (-sign * bound, part, *base))
            yield Link(terms, 0.0, (change[0],))


def _base_span(level: Row, roles: dict[str, list[str]], rows: Rows) -> tuple[Day, Day] | None:
    """The earlier period: a stated one, the one just before, or the same days a year before."""
    if "base" in roles:
        base = rows.get(roles["base"][0])
        return (base["start"], base["stop"]) if base else None
    if "change_year" in roles:
        return _year_before(level["start"]), _year_before(level["stop"])
    if "change_before" in roles:
        return _months_before(level["start"], level["stop"]), level["start"]
    return None


def _year_before(day: Day) -> Day:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _months_before(start: Day, stop: Day) -> Day:
    """Go back as many months as the span has, or as many days where it is none of months."""
    months = (stop.year - start.year) * 12 + stop.month - start.month
    if start.day != 1 or stop.day != 1:
        return start - (stop - start)
    year, month = divmod(start.year * 12 + start.month - 1 - months, 12)
    return Day(year, month + 1, 1)


def _link_parts(
    evidence: Evidence, roles: dict[str, list[str]], rows: Rows, whole: Whole
) -> Iterator[Link]:
    total, parts = rows.get(roles["total"][0]), [rows.get(entry) for entry in roles["part"]]
    if total is None or None in parts:
        return
    named = [_part_of(evidence, row, whole) for row in (total, *parts)]
    # Quarters that make a year add up by themselves.
    if None in named or len(set(named)) == 1:
        return
    for sign in (1.0, -1.0):
        terms = [(sign, named[0], total["start"], total["stop"])]
        for part, row in zip(named[1:], parts, strict=True):
            terms.append((-sign, part, row["start"], row["stop"]))
        yield Link(tuple(terms), 0.0, ())
