"""Scenarios: in which month a strength would be reached if people came at a steady pace.

Plain arithmetic with the reader's own numbers: strength = count + (arrivals - losses) x months. It
says what a pace would mean, not how likely it is.
"""

import math
from dataclasses import dataclass

import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.deployment.fill import YARDSTICKS, find_exact_count, find_present
from mss_analysis.deployment.levels import Level, find_latest, read_levels
from mss_analysis.deployment.moments import Moment, days_between, find_landings
from mss_analysis.deployment.scenario_chart import draw_paths
from mss_analysis.deployment.strength import Strength, off_ladder
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import Text, compose, join, name, refer, when
from mss_analysis.wording import number

_PACES = {"low": mark("low"), "central": mark("central"), "high": mark("high")}
NAMES = tuple(_PACES)
# People who come, and who leave, in a month, where nobody sets another central pace.
ARRIVALS, LOSSES = 150.0, 20.0
# Later than this nobody can mean it.
_HORIZON = 600
# So many months the chart shows.
_DRAWN = 48
_DAYS_A_MONTH = Estimate(365.25 / 12, 365.25 / 12, 365.25 / 12, "days/months")


@dataclass(frozen=True)
class Reach:
    """The months after the count by which a strength is reached: at the earliest, at the latest.

    ``None`` where the pace never reaches it, or not within half a century.
    """

    earliest: int | None
    latest: int | None


def count_months(there: Estimate, aim: Estimate, arrivals: float, losses: float) -> Reach:
    """Count the full months until a strength is reached at a steady pace.

    A strength of "up to" so many stands for so many.

    >>> there = Estimate(1000, 900, 1100, "persons", ("a",))
    >>> count_months(there, Estimate(5500, 5500, 5500, "persons", ("b",)), 250, 50)
    Reach(earliest=22, latest=23)
    """
    least = aim.low if aim.low > 0 else aim.high
    return Reach(
        _months(least - there.high, arrivals - losses),
        _months(aim.high - there.low, arrivals - losses),
    )


def read_paces(low: float, central: float, high: float, losses: float) -> dict[str, float]:
    """Read the parameters: people who come in a month, by scenario, none below zero.

    Raises
    ------
    ParameterError
        When a pace or the losses are negative, or the paces fall.

    """
    paces = dict(zip(NAMES, (float(low), float(central), float(high)), strict=True))
    if losses < 0 or paces["low"] < 0:
        raise ParameterError("monthly arrivals and losses are people: give numbers from zero on")
    if not paces["low"] <= paces["central"] <= paces["high"]:
        raise ParameterError("monthly arrivals must rise from low over central to high")
    return paces


def project_strength(
    evidence: Evidence, low: float, central: float, high: float, losses: float
) -> Exhibit:
    """Show the month in which each promised strength would be reached, by pace."""
    paces = read_paces(low, central, high, losses)
    there, aims = find_start(evidence), []
    if there is not None:
        aims = list_aims(evidence)
    rows: list[Row] = []
    for aim in aims:
        row: Row = {
            "Strength": compose(
                "{figure}, {rung} ({party})",
                figure=aim.figure,
                rung=aim.rung,
                party=aim.party,
            )
        }
        for label, pace in paces.items():
            heading = tell(
                "{pace}: {come} come, {go} go, a month",
                pace=translate(_PACES[label]),
                come=number(pace),
                go=number(losses),
            )
            row[heading] = _tell_month(there, aim, pace, losses)
        rows.append(row)
    answer, chart, headline = nothing_known(), None, None
    if there is not None and aims:
        answer = _sum_up(evidence, there, aims[0], paces, losses)
        headline = _state_central(there, aims[0], paces["central"], losses)
        chart = draw_paths(
            _trace(evidence, there, paces, losses),
            flatten(
                evidence,
                [
                    {
                        "Strength": compose("{rung} ({party})", rung=aim.rung, party=aim.party),
                        "People": aim.figure,
                    }
                    for aim in aims
                ],
            ),
        )
    return exhibit(
        evidence,
        "scenarios",
        tell("When would each strength be reached at a steady pace?"),
        answer,
        rows,
        chart,
        compose(
            "The paces are parameters of this page, chosen to span a wide range; they are neither "
            "forecasts nor equally likely, and nothing here says how likely they are. The start "
            "is the latest count with its bounds, hence a span of months. Months are counted in "
            "full, and relief of one contingent by another adds nobody."
        ),
        headline=headline,
        subtitle=tell("People in Haiti by month, from the latest count, at three steady paces"),
    )


def find_start(evidence: Evidence) -> Strength | None:
    """Find the count from which scenarios start: the mission's latest."""
    present = [entry for entry in find_present(evidence) if entry.is_whole]
    return max(present, key=lambda entry: entry.day, default=None)


def list_aims(evidence: Evidence) -> list[Level]:
    """List the strengths to be reached by the mission counted last: the authorised and the pledged.

    A plan stands in where no document states a ceiling. A pledge of "more than" has no end.
    """
    there = find_start(evidence)
    if there is None:
        return []
    levels = read_levels(evidence)
    found = {rung: find_latest(levels, there.party, rung)[:1] for rung in YARDSTICKS}
    if found["authorised"]:
        found["planned"] = []
    aims = [level for latest in found.values() for level in latest]
    return [level for level in aims if math.isfinite(level.figure.high)]


def measure_pace(evidence: Evidence, there: Strength | None) -> Estimate | None:
    """Divide a count of the mission by the months since its first landing."""
    landings = find_landings(evidence)
    if there is None or not landings or landings[0].end >= there.day.date():
        return None
    day = there.day.date()
    since = days_between(landings[0], Moment("count", day, day, there.figure.observations))
    return off_ladder(there.figure) / (since / _DAYS_A_MONTH)


def wait_months(there: Strength, aim: Level, arrivals: float, losses: float) -> Estimate:
    """Bound the months until a strength is reached at a steady pace.

    A pace that reaches it never, or not within half a century, takes at least that long.
    """
    reach = count_months(there.figure, aim.figure, arrivals, losses)
    ids = tuple(dict.fromkeys((*there.figure.observations, *aim.figure.observations)))
    low = float(_HORIZON if reach.earliest is None else reach.earliest)
    high = math.inf if reach.latest is None else float(reach.latest)
    formula = f"({aim.figure.formula} - {there.figure.formula}) ÷ {arrivals - losses:g}"
    return Estimate(low if low == high else None, low, high, "months", ids, formula)


def findings(evidence: Evidence, arrivals: float, losses: float) -> list[Finding]:
    """Conclude how fast the mission has grown, and when the central pace would complete it."""
    there = find_start(evidence)
    if there is None:
        return []
    found = []
    pace = measure_pace(evidence, there)
    if pace is not None:
        label = tell("Net growth of the mission since its first landing, people a month")
        found.append(Finding("deployment.pace", label, pace, _state_pace(pace)))
    exact = find_exact_count(evidence, there)
    closer = measure_pace(evidence, exact)
    if exact is not None and closer is not None:
        label = tell("Net growth of the mission to its last exact count, people a month")
        text = _state_exact_pace(exact, closer)
        found.append(Finding("deployment.pace-exact", label, closer, text))
    for aim in list_aims(evidence)[:1]:
        label = tell("Months from the latest count until the strength is reached, central pace")
        wait = wait_months(there, aim, arrivals, losses)
        text = _state_central(there, aim, arrivals, losses)
        found.append(Finding("deployment.scenario", label, wait, text))
    return found


def _state_pace(pace: Estimate) -> Text:
    return compose(
        "From the first landing to the latest count the mission grew by {pace}, losses and "
        "reliefs already taken off.",
        pace=pace,
    )


def _state_exact_pace(exact: Strength, pace: Estimate) -> Text:
    return compose(
        "Up to the last exact count, {exact} ({when}), the mission grew by {pace}.",
        exact=exact.figure,
        when=exact.when,
        pace=pace,
    )


def _state_central(there: Strength, aim: Level, arrivals: float, losses: float) -> Text:
    return compose(
        "If {come} people came and {go} left each month, the strength {rung} ({aim}) would be "
        "reached: {month}.",
        come=name(number(arrivals)),
        go=name(number(losses)),
        aim=aim.figure,
        rung=aim.rung,
        month=_tell_month(there, aim, arrivals, losses),
    )


def _sum_up(
    evidence: Evidence, there: Strength, aim: Level, paces: dict[str, float], losses: float
) -> Text:
    told = compose(
        "Starting from {there} ({when}), {aim} {rung} would be reached:",
        there=there.figure,
        when=there.when,
        aim=aim.figure,
        rung=aim.rung,
    )
    parts = [
        compose(
            "at the {pace} pace ({come} people arriving a month), {month}",
            pace=_PACES[label],
            come=name(number(pace)),
            month=_tell_month(there, aim, pace, losses),
        )
        for label, pace in paces.items()
    ]
    taken = compose(
        "Losses of {losses} people a month are taken off each.", losses=name(number(losses))
    )
    grown = measure_pace(evidence, there)
    more = [] if grown is None else [_state_pace(grown)]
    exact = find_exact_count(evidence, there)
    closer = measure_pace(evidence, exact)
    if exact is not None and closer is not None:
        more.append(_state_exact_pace(exact, closer))
    told = compose("{reached} {months}.", reached=told, months=join(parts, tell("; ")))
    return join([told, taken, *more])


def _tell_month(there: Strength, aim: Level, arrivals: float, losses: float) -> Text:
    reach = count_months(there.figure, aim.figure, arrivals, losses)
    ids = tuple(dict.fromkeys((*there.figure.observations, *aim.figure.observations)))
    if reach.earliest is None:
        return refer(ids, mark("never at this pace"))
    if reach.latest == 0:
        return refer(ids, mark("already"))
    months = [
        (there.day + pd.DateOffset(months=entry)).strftime("%Y-%m")
        for entry in (reach.earliest, reach.latest)
        if entry is not None
    ]
    first, last = write_date(months[0], "on"), write_date(months[-1], "on")
    if reach.latest is None:
        return refer(ids, tell("not before {month}", month=write_date(months[0])))
    if reach.earliest == 0:
        return refer(ids, tell("by {month}", month=write_date(months[-1])))
    if first == last:
        return refer(ids, first)
    span = compose("{start} to {end}", start=when(months[0]), end=when(months[-1]))
    return refer(ids, span.plain)


def _months(gap: float, net: float) -> int | None:
    if gap <= 0:
        return 0
    if net <= 0 or math.isinf(gap):
        return None
    # A hair above a whole number is rounding, not a further month.
    months = math.ceil(round(gap / net, 9))
    return months if months <= _HORIZON else None


def _trace(
    evidence: Evidence, there: Strength, paces: dict[str, float], losses: float
) -> pd.DataFrame:
    """Give low and high of each path, month by month; an open end is where the count ends."""
    ids = " ".join(there.figure.observations)
    high = there.figure.high if math.isfinite(there.figure.high) else there.figure.low
    rows = [
        {
            "month": (there.day + pd.DateOffset(months=at)).strftime("%Y-%m-%d"),
            "pace": translate(_PACES[label]),
            "low": max(0.0, there.figure.low + (pace - losses) * at),
            "high": max(0.0, high + (pace - losses) * at),
            "observation": ids,
        }
        for label, pace in paces.items()
        for at in range(_DRAWN + 1)
    ]
    source = evidence.cite(there.figure.observations[:1])
    return pd.DataFrame(rows).assign(source=source)
