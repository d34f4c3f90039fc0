"""Runway: how long money would pay for the mission, at each yearly cost that is stated.

Time is money over cost. Neither is known closely, and the cost is disputed, so the answer is a
grid, and a slider with which a reader sets a cost of their own.
"""

import math
from typing import Any

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.fund import list_levels
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ledger import group_claims
from mss_analysis.funding.money import (
    POTS,
    Purse,
    cost_year,
    doubt_currency,
    fill_purses,
    find_deposits,
    find_pledges,
    head_rung,
    last_days,
    last_months,
    list_costs,
    list_rungs,
    select_money,
)
from mss_analysis.funding.runway_chart import draw_grid, draw_slider, write_cost
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, moment, name, when

_YEARS = {"two years": 2.0}
_MILLION = 1e6
_LEAST, _MOST = 100, 1000


def measure_runway(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show how long the money on each rung would pay for the mission at its yearly cost."""
    cost = cost_year(evidence, cost_factor)
    purses = fill_purses(evidence) if cost is not None else []
    rows: list[Row] = []
    for purse in purses:
        months = last_months(purse.amount, cost)
        ids = [row["observation_id"] for row in purse.rows]
        rows.append(
            {
                "Money": _label(purse),
                "Amount": purse.amount,
                "Months": months,
                "Days": last_days(months),
                "Donors": join([name(row["party"]) for row in purse.rows if row["party"]], ", "),
                "Source": cite(evidence, ids),
            }
        )
    sentences = [tell_deposits(evidence, cost_factor), tell_pledges(evidence, cost)]
    return exhibit(
        evidence,
        "runway",
        tell("How long would the money on each rung pay for the mission?"),
        join(filter(None, sentences)) if any(sentences) else nothing_known(),
        rows,
        rows
        and draw_intervals(flatten(evidence, rows), "Money", "Months", tell("Months of operation")),
        compose(
            "Only figures of one rung and one pot are added, in US dollars, the newest of each "
            "donor; what was promised to the MSS and to its successor is not added. The time is "
            "what the money would buy at the full cost, counted from nothing: what was spent "
            "before is not stated."
        ),
        headline=_head(evidence, cost_factor) or head_row(rows, "Money", "Months"),
        subtitle=tell("Months that the mission’s money would pay for at its yearly cost, by rung"),
    )


def grid_runway(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show the months that each stated balance buys at each stated yearly cost."""
    balances, costs = list_levels(evidence), list_yearly(evidence, cost_factor)
    rows: list[Row] = []
    cells: list[Row] = []
    for claim in balances if costs else []:
        day = when(claim.first.isoformat())
        row: Row = {"Paid in": day, "Balance": claim.figure}
        for label, cost in costs:
            months = last_months(claim.figure, cost)
            row[tell("Months at {cost}", cost=label.plain)] = months
            cells.append({"Day": day, "Balance": claim.figure, "Cost": label, "Months": months})
        rows.append(row)
    answer, headline = nothing_known(), None
    if balances and costs:
        balance = balances[-1]
        months = _span_months(balance.figure, [cost for _, cost in costs])
        answer = compose(
            "At the costs of a year that documents bound, the last balance ({balance}, {day}) buys "
            "{months}.",
            balance=balance.figure,
            day=when(balance.first.isoformat()),
            months=months,
        )
        headline = compose("The last balance buys {months}, by the cost assumed", months=months)
    frame = flatten(evidence, cells)
    if cells:
        frame["code"] = [write_cost(cost) for _ in balances for _, cost in costs]
    return exhibit(
        evidence,
        "runway-grid",
        tell("How many months does each stated balance buy at each stated cost of a year?"),
        answer,
        rows,
        draw_grid(frame) if cells else None,
        compose(
            "Rows are balances of the trust fund as told, the best witnessed of each day; columns "
            "are costs of a year as told. A cost for a longer span is divided by its years. Which "
            "cost is right is disputed: one of them may be that of one contingent only."
        ),
        headline=headline,
        subtitle=tell("Months that balances of the UN trust fund buy, by stated cost of a year"),
    )


def slide_runway(evidence: Evidence) -> Exhibit:
    """Show the months that balances buy at a yearly cost that the reader sets by a slider."""
    balances, cost = list_levels(evidence), cost_year(evidence)
    rows: list[Row] = []
    if cost is not None:
        rows = [
            {
                "Day": when(claim.first.isoformat()),
                "Balance": claim.figure,
                "Months at the stated cost": last_months(claim.figure, cost),
            }
            for claim in balances
        ]
    start, answer, headline = 0.0, nothing_known(), None
    if rows and cost is not None:
        answer = compose(
            "The slider starts at the cost that most origins state, {cost} a year. Move it: the "
            "bars show the months that each balance would pay for.",
            cost=cost,
        )
        headline = compose(
            "At {cost} a year, the last balance lasts {months}",
            cost=cost,
            months=rows[-1]["Months at the stated cost"],
        )
    if cost is not None:
        middle = cost.value or (cost.midpoint if math.isfinite(cost.high) else cost.low)
        start = min(max(round(middle / _MILLION, -1), _LEAST), _MOST)
    return exhibit(
        evidence,
        "runway-slider",
        tell("How long would each balance last at a cost of your own choice?"),
        answer,
        rows,
        draw_slider(flatten(evidence, rows), start, _LEAST, _MOST) if rows else None,
        compose(
            "The cost on the slider is an assumption, taken as exact; the bounds shown are those "
            "of the balance alone. The table keeps the stated cost with its bounds."
        ),
        headline=headline,
        subtitle=tell("Months that balances of the UN trust fund buy, at a yearly cost to be set"),
    )


def findings(evidence: Evidence, cost_factor: float = 1.0) -> list[Finding]:
    """Conclude on how long the deposits would last."""
    deposits, cost = find_deposits(evidence), cost_year(evidence, cost_factor)
    text = tell_deposits(evidence, cost_factor)
    if deposits is None or cost is None or text is None:
        return []
    days = last_days(last_months(deposits.amount, cost))
    label = tell("Time that the deposits would pay for")
    return [Finding("funding.runway", label, days, text, True)]


def list_yearly(evidence: Evidence, factor: float = 1.0) -> list[tuple[Text, Estimate]]:
    """List the stated costs of a year with a label, those of a longer span divided by its years."""
    costs = [(claim, 1.0) for claim in list_costs(evidence)]
    spans = group_claims(evidence, select_money(evidence, ["mission_cost_span"], scope=None))
    costs += [
        (claim, _YEARS[claim.primary["population"]])
        for claim in spans
        if claim.primary["population"] in _YEARS
    ]
    listed = []
    for claim, years in costs:
        figure = claim.figure if years == 1 else claim.figure / years
        figure = figure if factor == 1 else figure * factor
        listed.append((compose("{cost} a year", cost=figure), figure))
    return sorted(listed, key=lambda entry: entry[1].low)


def tell_deposits(evidence: Evidence, cost_factor: float = 1.0) -> Text | None:
    """Say how long the trust fund would pay for the mission, and at which cost."""
    deposits, cost = find_deposits(evidence), cost_year(evidence, cost_factor)
    if deposits is None or cost is None:
        return None
    months = last_months(deposits.amount, cost)
    told = compose(
        "At a cost of {cost} a year, {deposits} deposited in the trust fund ({day}) would pay "
        "for {time} of operation.",
        cost=cost,
        deposits=deposits.amount,
        day=moment(deposits.newest),
        time=months if months.low >= 1 else last_days(months),
    )
    rivals = [
        claim.figure for claim in list_costs(evidence)[1:] if not claim.figure.agrees_with(cost)
    ]
    if not rivals or cost_factor != 1:
        return told
    others = compose(
        "Elsewhere, {rivals} is stated as the cost of a year.", rivals=enumerate_parts(rivals)
    )
    return join([told, others])


def tell_pledges(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Say how long the pledges would pay, if they were paid."""
    pledges = find_pledges(evidence)
    if pledges is None or cost is None:
        return None
    template = mark("Pledges of {pledges} would pay for {months}, if all of it were paid.")
    if doubt_currency(evidence) & {row["observation_id"] for row in pledges.rows}:
        template = mark(
            "Pledges of {pledges} would pay for {months}, if all of it were paid, and if all of it "
            "is in US dollars."
        )
    told = compose(
        template,
        pledges=pledges.amount,
        months=last_months(pledges.amount, cost),
    )
    named = [_name_pledge(row) for row in pledges.rows if row["party"]]
    if len(named) > 1:
        told = join([told, compose("Added up: {donors}.", donors=join(named, tell("; ")))])
    return join([told, *tell_spent(evidence, pledges)])


def tell_spent(evidence: Evidence, pledges: Purse) -> list[Text]:
    """Say which of the donors is told to have spent money already, some of it perhaps pledged."""
    donors = {row["party"] for row in pledges.rows if row["party"]}
    spent = [
        compose(
            "{donor}: {spent} ({day})",
            donor=name(row["party"]),
            spent=evidence.estimate(row["observation_id"]),
            day=moment(row),
        )
        for row in list_rungs(evidence)
        if row["status"] == "disbursed" and row["indicator"] == pledges.pot
        if row["party"] in donors
    ]
    if not spent:
        return []
    return [
        compose(
            "Told as spent already, and perhaps part of the pledges: {spent}.",
            spent=enumerate_parts(spent),
        )
    ]


def _label(purse: Purse) -> Text:
    """Name a purse by its rung and pot and, for a promise, the mission that it was made to."""
    parts = {"rung": head_rung(purse.status), "pot": name(POTS[purse.pot])}
    if not purse.mission:
        return compose("{rung}, {pot}", **parts)
    return compose("{rung}, {pot} ({mission})", mission=name(purse.mission), **parts)


def _name_pledge(row: dict[str, Any]) -> Text:
    """Name a donor, and who tells of the pledge if that is somebody else."""
    donor = name(row["party"])
    if not row["origin"] or row["origin"].startswith(("US ", row["party"])):
        return donor
    return compose("{donor} (told by {who})", donor=donor, who=name(row["origin"]))


def _span_months(balance: Estimate, costs: list[Estimate]) -> Estimate:
    """Span the months at all costs; those with an open end only where there are no others."""
    months = [last_months(balance, cost) for cost in costs]
    closed = [figure for figure in months if figure.low > 0] or months
    return closed[0].hull(*closed[1:])


def _head(evidence: Evidence, cost_factor: float) -> Text | None:
    deposits, cost = find_deposits(evidence), cost_year(evidence, cost_factor)
    if deposits is None or cost is None:
        return None
    months = last_months(deposits.amount, cost)
    return compose(
        "The deposits would pay for {time}", time=months if months.low >= 1 else last_days(months)
    )
