"""Rates: deaths per day and by population, with the uncertainty of counting and the bounds.

Two uncertainties are kept apart and then joined. The bounds say what the sources leave open.
Counting adds chance: had the same danger lasted again, the count would differ. Garwood's exact
limits for a Poisson count measure that (Biometrika 1936); the joint interval runs from the lower
limit for the lower bound to the upper limit for the upper bound, so it holds the limits of every
count between.
"""

import math
from calendar import isleap
from datetime import date

from mss_analysis.casualties.quarters import FIRST_YEAR, KILLED, count_quarters
from mss_analysis.casualties.readings import ALL, describe_set, mention, qualify
from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, compose, join, link, when

LEVEL = 0.95
_PER = 1e5
_RATE, _CHANCE = mark("Killed per day"), mark("Killed per day, with chance")
_BY_PEOPLE = mark("Killed a year per hundred thousand inhabitants")
_BY_PEOPLE_CHANCE = mark("Killed a year per hundred thousand inhabitants, with chance")


def poisson_limits(low: float, high: float, level: float = LEVEL) -> tuple[float, float]:
    """Give the exact Poisson limits for a count known to lie between two bounds.

    The mean of the process lies in the interval with at least the stated probability, whichever of
    the counts between ``low`` and ``high`` is the true one. Bounds needn't be whole; an infinite
    ``high`` stays infinite.

    >>> [round(limit, 3) for limit in poisson_limits(10, 10)]
    [4.795, 18.39]
    """
    # Half of a chi-square quantile; the module of all distributions takes half a second to import.
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    below = gammaincinv(low, tail) if low > 0 else 0.0
    above = gammaincinv(high + 1, 1 - tail) if math.isfinite(high) else math.inf
    return float(below), float(above)


def add_chance(count: Estimate, level: float = LEVEL) -> Estimate:
    """Widen a count by the chance of counting; see :func:`poisson_limits`."""
    low, high = poisson_limits(count.low, count.high, level)
    return Estimate(None, low, high, count.unit, count.observations, f"poisson({count.formula})")


def per_day(count: Estimate, days: int) -> Estimate:
    """Divide a count by the days that it covers."""
    return count / Estimate.stated(days, "days")


def per_population(count: Estimate, year_share: float, population: Estimate) -> Estimate:
    """Give people a year for every hundred thousand inhabitants (unit: persons).

    ``year_share`` is the part of a calendar year that the count covers.
    """
    rate = count / (population / Estimate.stated(_PER, "1"))
    if year_share != 1:
        rate = rate / Estimate.stated(year_share, "1")
    # People over people: what is left is a number of people in a hundred thousand.
    return Estimate(rate.value, rate.low, rate.high, "persons", rate.observations, rate.formula)


def population(evidence: Evidence) -> Estimate | None:
    """Span all statements of the country's population; ``None`` when there is none."""
    figures = evidence.estimates(evidence.select("population", place="Haiti"))
    return figures[0].hull(*figures[1:]) if len(figures) > 1 else next(iter(figures), None)


def show_rates(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show deaths per day and by population, for each year and each quarter with a floor."""
    inhabitants = population(evidence)
    rows = _list_rows(evidence, evidence_set)
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Period", _CHANCE, tell("People killed per day"), wrap=False
    )
    warning = mention(evidence, KILLED.read(evidence, evidence_set))
    note = compose(
        "A bar spans the bounds and, by exact Poisson limits at ninety-five percent, the chance of "
        "counting: it holds the underlying rate. How many people were killed is not a matter of "
        "that chance, and stands apart in the table. A floor has no upper limit. The population is "
        "one stated number, used for every year."
    )
    return exhibit(
        evidence,
        "rates",
        tell("How many people were killed per day, and how many of each hundred thousand a year?"),
        qualify(_answer(rows, inhabitants), warning),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
        _head(rows),
        tell("People killed per day in Haiti, by year and by quarter, with the chance of counting"),
    )


def _list_rows(evidence: Evidence, evidence_set: str) -> list[Row]:
    inhabitants = population(evidence)
    rows: list[Row] = []
    for label, days, year, count in _spans(evidence, evidence_set):
        share = days / (366 if isleap(year) else 365)
        chance = add_chance(count)
        rows.append(
            {
                "Period": label,
                "Killed": count,
                _RATE: per_day(count, days),
                _CHANCE: per_day(chance, days),
                _BY_PEOPLE: inhabitants and per_population(count, share, inhabitants),
                _BY_PEOPLE_CHANCE: inhabitants and per_population(chance, share, inhabitants),
            }
        )
    return rows


def _spans(evidence: Evidence, evidence_set: str) -> list[tuple[Text, int, int, Estimate]]:
    """List years, then quarters, whose floor is above zero: (name, days, year, count)."""
    timeline = KILLED.read(evidence, evidence_set).timeline
    spans = []
    for year in range(FIRST_YEAR, evidence.as_of.year + 1):
        start, stop = date(year, 1, 1), date(year + 1, 1, 1)
        count = timeline.bounds(start, stop)
        # A year that is not over has no rate yet.
        if stop <= evidence.as_of or any(side.stop == stop for side in timeline.sides):
            spans.append((when(str(year)), (stop - start).days, year, count))
    for quarter, count in count_quarters(evidence, KILLED, evidence_set):
        spans.append((quarter.name, quarter.days, quarter.start.year, count))
    return [span for span in spans if span[-1].low > 0]


def conclude(evidence: Evidence, year: int, evidence_set: str = ALL) -> list[Finding]:
    """Conclude the rate per day of a year, and the one by population of the last year.

    The figure is the rate of the people who were killed; the limits of the danger are told apart.
    """
    rows = _list_rows(evidence, evidence_set)
    found = []
    for row in rows:
        if str(row["Period"]) == str(year):
            label = tell("People killed per day in {year}", year=year)
            text = _tell_rate(row)
            found.append(Finding(f"casualties.rate-{year}", label, row[_RATE], text))
    last, inhabitants = _last_year(rows), population(evidence)
    if last is not None and inhabitants is not None:
        label = tell("People killed in a year of every hundred thousand inhabitants")
        text = _tell_by_people(last, inhabitants)
        found.append(Finding("casualties.rate-by-people", label, last[_BY_PEOPLE], text))
    return found


def _tell_rate(row: Row) -> Text:
    """Tell a rate of people killed, and apart from it the limits of the danger behind it."""
    return compose(
        "Averaged over {period}, {rate} were killed. The underlying rate, by exact Poisson limits "
        "at ninety-five percent, is {chance}.",
        period=row["Period"],
        rate=row[_RATE],
        chance=row[_CHANCE],
    )


def _head(rows: list[Row]) -> Text | None:
    """Tell the rate of the last year, or else of the last quarter."""
    if not rows:
        return None
    last = _last_year(rows) or rows[-1]
    return compose(
        "Averaged over {period}, {rate} were killed.", period=last["Period"], rate=last[_RATE]
    )


def _answer(rows: list[Row], inhabitants: Estimate | None) -> Text | None:
    if not rows:
        return None
    most = max(rows, key=lambda row: row[_RATE].low)
    answer = compose(
        "The highest lower bound is that of {period}. {told}",
        period=most["Period"],
        told=_tell_rate(most),
    )
    last = _last_year(rows)
    if inhabitants is None or last is None:
        return answer
    return join([answer, _tell_by_people(last, inhabitants)])


def _tell_by_people(row: Row, inhabitants: Estimate) -> Text:
    return compose(
        "In {year}, {rate} of every hundred thousand inhabitants were killed, at a stated "
        "population of {all}; with the limits of chance, {chance}.",
        year=row["Period"],
        rate=row[_BY_PEOPLE],
        all=link(inhabitants),
        chance=row[_BY_PEOPLE_CHANCE],
    )


def _last_year(rows: list[Row]) -> Row | None:
    return next((row for row in reversed(rows) if str(row["Period"]).isdigit()), None)
