"""An officer's month: what one person on the ground costs, beside earlier missions in Haiti.

Budget over uniformed people over months is the one quotient that missions of different size and
length share. It describes figures; it is no price.
"""

from datetime import date, timedelta
from typing import Any

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.money import add, cost_year, keep_latest, select_dated, select_money
from mss_analysis.funding.unit_cost import divide_year, write_each
from mss_analysis.prose import Text, cite, compose, join, moment, name

_TWELVE = Estimate.stated(12, "months")
_DAYS_IN_MONTH = 365.25 / 12
# A strength may be told a little before the budget year that it is held against begins.
_LEEWAY = timedelta(days=31)
_UNIFORMED = ("", "uniformed personnel")
_PARTS = ("comparator_deployed_military", "comparator_deployed_police")


def compare_missions(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show the cost of one uniformed person for a month beside earlier missions in Haiti."""
    months = _list_months(evidence, cost_factor)
    rows: list[Row] = [
        {
            "Mission": name(f"{who}{', ' if when else ''}{when}: {status}"),
            "Money": money,
            "People": strength,
            "Dollars per person and month": each,
            "Source": cite(evidence, each.observations[:4]),
        }
        for who, when, status, money, strength, each in months
    ]
    return exhibit(
        evidence,
        "officer-month",
        "What does one person on the ground cost a month, beside earlier missions in Haiti?",
        tell_months(evidence, cost_factor) or nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows),
            "Mission",
            "Dollars per person and month",
            "US dollars per person and month",
            wrap=False,
        ),
        compose(
            "Dollars of their own years, not adjusted for prices. Budgets of UN missions also pay "
            "for civilian staff, ships and aircraft; what the estimate for this mission holds is "
            "not stated. An earlier mission appears where documents give a budget and a "
            "strength of all uniformed people within the same budget period, or up to a month "
            "before it. Required is what was asked for, authorised what was granted."
        ),
    )


def findings(evidence: Evidence, cost_factor: float = 1.0) -> list[Finding]:
    """Conclude on the cost of a person a month."""
    text = tell_months(evidence, cost_factor)
    if text is None:
        return []
    each = _list_months(evidence, cost_factor)[0][-1]
    return [Finding("funding.officer-month", "Cost of a person a month", each, text)]


def tell_months(evidence: Evidence, cost_factor: float = 1.0) -> Text | None:
    """Say what a person on the ground costs a month, beside earlier missions."""
    months = _list_months(evidence, cost_factor)
    ours = [entry for entry in months if entry[1] == ""]
    theirs = [entry[-1] for entry in months if entry[1] != ""]
    if not ours:
        return None
    parts = [
        compose("{each} per person {status}", each=write_each(each), status=status.split(", ")[-1])
        for _, _, status, _, _, each in ours
    ]
    sentence = compose(
        "At its stated yearly cost, a month of the mission comes to {parts}",
        parts=join(parts, " and "),
    )
    if not theirs:
        return compose("{sentence}.", sentence=sentence)
    return compose(
        "{sentence}. For earlier UN missions in Haiti, budget over uniformed strength gives "
        "{theirs}, in dollars of their time.",
        sentence=sentence,
        theirs=write_each(theirs[0].hull(*theirs[1:])),
    )


def match_comparators(evidence: Evidence) -> list[tuple[dict[str, Any], Estimate]]:
    """Match budgets of earlier missions with a uniformed strength of the same time.

    Each (mission, period, status) counts once, in its best and earliest source; a strength is a
    stated total, or military and police that one document gives for one day.
    """
    budgets = select_money(evidence, ["comparator_mission_budget"])
    matched = []
    for budget in keep_latest(budgets, "party", "period_start", "period_end", "status"):
        strength = _serving(evidence, budget)
        if strength is not None:
            matched.append((budget, strength))
    return sorted(matched, key=lambda pair: (pair[0]["party"], pair[0]["period_start"]))


def _list_months(
    evidence: Evidence, cost_factor: float
) -> list[tuple[str, str, str, Estimate, Estimate, Estimate]]:
    """List cost per person and month: (who, budget years, status, money, people, cost each)."""
    cost = cost_year(evidence, cost_factor)
    months = [
        ("This mission", "", f"required, {status}", cost, strength, each / _TWELVE)
        for status, strength, each in divide_year(evidence, cost)
        if cost is not None and each.low > 0
    ]
    for budget, strength in match_comparators(evidence):
        money = evidence.estimate(budget["observation_id"])
        span = Estimate.stated(round(_length(budget), 2), "months")
        status = "authorised" if budget["status"] == "appropriated" else budget["status"]
        when = moment(budget).plain
        months.append((budget["party"], when, status, money, strength, money / strength / span))
    return months


def _serving(evidence: Evidence, budget: dict[str, Any]) -> Estimate | None:
    def within(indicators: tuple[str, ...]) -> Any:
        rows = select_dated(evidence, indicators, party=budget["party"], status="deployed")
        start, end = budget["period_start"] - _LEEWAY, budget["period_end"]
        return rows[(rows["day"] >= start) & (rows["day"] <= end)]

    totals = within(("comparator_deployed_total",))
    totals = totals[totals["population"].isin(_UNIFORMED)]
    if not totals.empty:
        return evidence.estimate(totals["observation_id"].iloc[-1])
    parts = within(_PARTS)
    parts = parts[parts["population"] == ""]
    for _, rows in parts.groupby(["source_id", "day"], sort=False):
        if set(rows["indicator"]) == set(_PARTS):
            return add(evidence, keep_latest(rows, "indicator"))
    return None


def _length(budget: dict[str, Any]) -> float:
    """Give the length of a budget period in months, a whole number for whole months."""
    start: date = budget["period_start"].date()
    stop: date = budget["period_end"].date() + timedelta(days=1)
    if start.day == stop.day == 1:
        return (stop.year - start.year) * 12 + stop.month - start.month
    return (stop - start).days / _DAYS_IN_MONTH
