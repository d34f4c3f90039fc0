"""Rates: deaths per day and by population, with the uncertainty of counting and the bounds.

Two uncertainties are kept apart and then joined. The bounds say what the sources leave open.
Counting adds chance: had the same danger lasted again, the count would differ. Garwood's exact
limits for a Poisson count measure that (Biometrika 1936); the joint interval runs from the lower
limit for the lower bound to the upper limit for the upper bound, so it holds the limits of every
count between.
"""

import math
from datetime import date

from mss_analysis.casualties.quarters import FIRST_YEAR, KILLED, count_quarters
from mss_analysis.casualties.readings import ALL, describe_set, mention, qualify
from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, compose, join, link, when

LEVEL = 0.95
_YEAR_DAYS, _PER = 365.25, 1e5
_CHANCE = mark("Killed per day, with chance")
_BY_PEOPLE = mark("Killed a year per hundred thousand inhabitants, with chance")


def poisson_limits(low: float, high: float, level: float = LEVEL) -> tuple[float, float]:
    """Give the exact Poisson limits for a count known to lie between two bounds.

    The mean of the process lies in the interval with at least the stated probability, whichever of
    the counts between ``low`` and ``high`` is the true one. Bounds needn't be whole; an infinite
    ``high`` stays infinite.

    >>> [round(limit, 3) for limit in poisson_limits(10, 10)]
    [4.795, 18.39]
    """
    from scipy.stats import chi2

    tail = (1 - level) / 2
    below = chi2.ppf(tail, 2 * low) / 2 if low > 0 else 0.0
    above = chi2.ppf(1 - tail, 2 * high + 2) / 2 if math.isfinite(high) else math.inf
    return float(below), float(above)


def add_chance(count: Estimate, level: float = LEVEL) -> Estimate:
    """Widen a count by the chance of counting; see :func:`poisson_limits`."""
    low, high = poisson_limits(count.low, count.high, level)
    return Estimate(None, low, high, count.unit, count.observations, f"poisson({count.formula})")


def per_day(count: Estimate, days: int) -> Estimate:
    """Divide a count by the days that it covers."""
    return count / Estimate.stated(days, "days")


def per_population(count: Estimate, days: int, population: Estimate) -> Estimate:
    """Give people a year for every hundred thousand inhabitants (unit: persons)."""
    years = days / _YEAR_DAYS
    rate = count / (population / Estimate.stated(_PER, "1")) / Estimate.stated(years, "1")
    # People over people: what is left is a number of people in a hundred thousand.
    return Estimate(rate.value, rate.low, rate.high, "persons", rate.observations, rate.formula)


def population(evidence: Evidence) -> Estimate | None:
    """Span all statements of the country's population; ``None`` when there is none."""
    figures = evidence.estimates(evidence.select("population", place="Haiti"))
    return figures[0].hull(*figures[1:]) if len(figures) > 1 else next(iter(figures), None)


def show_rates(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show deaths per day and by population, for each year and each quarter with a floor."""
    inhabitants = population(evidence)
    rows: list[Row] = []
    for label, days, count in _spans(evidence, evidence_set):
        chance = add_chance(count)
        rows.append(
            {
                "Period": label,
                "Killed": count,
                "Killed per day": per_day(count, days),
                _CHANCE: per_day(chance, days),
                _BY_PEOPLE: inhabitants and per_population(chance, days, inhabitants),
            }
        )
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Period", _CHANCE, tell("People killed per day"), wrap=False
    )
    warning = mention(evidence, KILLED.read(evidence, evidence_set))
    note = compose(
        "A bar spans the bounds and the chance of counting together. A floor has no upper limit. "
        "The population is one stated number, used for every year."
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


def _spans(evidence: Evidence, evidence_set: str) -> list[tuple[Text, int, Estimate]]:
    """List years, then quarters, whose floor is above zero: (name, days, count)."""
    timeline = KILLED.read(evidence, evidence_set).timeline
    spans = []
    for year in range(FIRST_YEAR, evidence.as_of.year + 1):
        start, stop = date(year, 1, 1), date(year + 1, 1, 1)
        count = timeline.bounds(start, stop)
        # A year that is not over has no rate yet.
        if stop <= evidence.as_of or any(side.stop == stop for side in timeline.sides):
            spans.append((when(str(year)), (stop - start).days, count))
    for quarter, count in count_quarters(evidence, KILLED, evidence_set):
        spans.append((quarter.name, quarter.days, count))
    return [span for span in spans if span[2].low > 0]


def _head(rows: list[Row]) -> Text | None:
    """Tell the rate of the last year, or else of the last quarter."""
    if not rows:
        return None
    last = _last_year(rows) or rows[-1]
    return compose(
        "In {period}, {rate} were killed, the chance of counting included.",
        period=last["Period"],
        rate=last[_CHANCE],
    )


def _answer(rows: list[Row], inhabitants: Estimate | None) -> Text | None:
    if not rows:
        return None
    most = max(rows, key=lambda row: row["Killed per day"].low)
    answer = compose(
        "The highest lower bound is that of {period}: {rate}; with the chance of counting, "
        "{chance}.",
        period=most["Period"],
        rate=most["Killed per day"],
        chance=most[_CHANCE],
    )
    last = _last_year(rows)
    if inhabitants is None or last is None:
        return answer
    by_people = compose(
        "In {year}, {rate} of every hundred thousand inhabitants were killed, at a stated "
        "population of {all}.",
        year=last["Period"],
        rate=last[_BY_PEOPLE],
        all=link(inhabitants),
    )
    return join([answer, by_people])


def _last_year(rows: list[Row]) -> Row | None:
    return next((row for row in reversed(rows) if str(row["Period"]).isdigit()), None)
