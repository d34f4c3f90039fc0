"""An officer's month: what one person on the ground costs, beside earlier missions in Haiti.

Budget over uniformed people over months is the one quotient that missions of different size and
length share. It describes figures; it is no price.
"""

from datetime import date, timedelta
from html import escape
from typing import Any

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.money import (
    add,
    cost_year,
    keep_latest,
    name_rung,
    select_dated,
    select_money,
)
from mss_analysis.funding.unit_cost import divide_year, write_each
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, moment

_TWELVE = Estimate.stated(12, "months")
_DAYS_IN_MONTH = 365.25 / 12
# A strength may be told a little before the budget year that it is held against begins.
_LEEWAY = timedelta(days=31)
_UNIFORMED = ("", "uniformed personnel")
_PARTS = ("comparator_deployed_military", "comparator_deployed_police")
_OURS = {
    "planned": mark("This mission, strength planned"),
    "deployed": mark("This mission, strength deployed"),
}
_EACH = {
    "planned": mark("{each} per person planned"),
    "deployed": mark("{each} per person deployed"),
}


def compare_missions(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show the cost of one uniformed person for a month beside earlier missions in Haiti."""
    months = _list_months(evidence, cost_factor)
    rows: list[Row] = [
        {
            "Mission": compose(_OURS[status])
            if budget is None
            else compose(
                "{mission}, {period}: {status}",
                mission=_call(budget["party"]),
                period=moment(budget),
                status=name_rung(status),
            ),
            "Money": money,
            "People": strength,
            "Dollars per person and month": each,
            "Source": cite(evidence, each.observations[:4]),
        }
        for budget, status, money, strength, each in months
    ]
    return exhibit(
        evidence,
        "officer-month",
        tell("What does one person on the ground cost a month, beside earlier missions in Haiti?"),
        tell_months(evidence, cost_factor) or nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows),
            "Mission",
            "Dollars per person and month",
            tell("US dollars per person and month"),
            wrap=False,
        ),
        compose(
            "Dollars of their own years, not adjusted for prices. Budgets of UN missions also pay "
            "for civilian staff, ships and aircraft; what the estimate for this mission holds is "
            "not stated. An earlier mission appears where documents give a budget and a "
            "strength of all uniformed people within the same budget period, or up to a month "
            "before it. Required is what was asked for, authorised what was granted."
        ),
        headline=_head(months) or head_row(rows, "Mission", "Dollars per person and month"),
        subtitle=tell(
            "Budget divided by uniformed people and by months, US dollars per person and month"
        ),
    )


def findings(evidence: Evidence, cost_factor: float = 1.0) -> list[Finding]:
    """Conclude on the cost of a person a month."""
    text = tell_months(evidence, cost_factor)
    if text is None:
        return []
    each = _list_months(evidence, cost_factor)[0][-1]
    return [Finding("funding.officer-month", tell("Cost of a person a month"), each, text)]


def tell_months(evidence: Evidence, cost_factor: float = 1.0) -> Text | None:
    """Say what a person on the ground costs a month, beside earlier missions."""
    months = _list_months(evidence, cost_factor)
    parts = [
        compose(_EACH[status], each=write_each(each))
        for budget, status, _, _, each in months
        if budget is None
    ]
    theirs = [entry[-1] for entry in months if entry[0] is not None]
    if not parts:
        return None
    sentence = compose(
        "At its stated yearly cost, a month of the mission comes to {parts}.",
        parts=enumerate_parts(parts),
    )
    if not theirs:
        return sentence
    names = dict.fromkeys(budget["party"] for budget, *_ in months if budget is not None)
    before = compose(
        "For earlier UN missions in Haiti ({missions}), budget over uniformed strength gives "
        "{theirs}, in dollars of their time.",
        missions=enumerate_parts([_call(mission) for mission in names]),
        theirs=write_each(theirs[0].hull(*theirs[1:])),
    )
    return join([sentence, before])


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
) -> list[tuple[dict[str, Any] | None, str, Estimate, Estimate, Estimate]]:
    """List cost per person and month: (budget, status, money, people, cost each).

    This mission comes first; it has no budget, and its status is that of its people.
    """
    cost = cost_year(evidence, cost_factor)
    months: list[tuple[dict[str, Any] | None, str, Estimate, Estimate, Estimate]] = [
        (None, status, cost, strength, each / _TWELVE)
        for status, strength, each in divide_year(evidence, cost)
        if cost is not None and each.low > 0
    ]
    for budget, strength in match_comparators(evidence):
        money = evidence.estimate(budget["observation_id"])
        span = Estimate.stated(round(_length(budget), 2), "months")
        months.append((budget, budget["status"], money, strength, money / strength / span))
    return months


def _head(
    months: list[tuple[dict[str, Any] | None, str, Estimate, Estimate, Estimate]],
) -> Text | None:
    ours = {status: each for budget, status, _, _, each in months if budget is None}
    if "deployed" in ours:
        each = write_each(ours["deployed"])
        return compose("A month per person deployed comes to {each}", each=each)
    if "planned" in ours:
        each = write_each(ours["planned"])
        return compose("A month per person planned comes to {each}", each=each)
    return None


def _call(mission: str) -> Text:
    """Call a mission by its acronym, which is alike in all languages and short enough."""
    return Text(f'<span class="ref">{escape(mission)}</span>', mission)


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
