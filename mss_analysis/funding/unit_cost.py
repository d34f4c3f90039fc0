"""Unit cost: money divided by the people planned, deployed or prepared.

A quotient describes two figures; it is no price. Where the money is meant for the full strength and
only a part of it comes, the quotient grows although nobody spends more.
"""

import math
from dataclasses import replace
from typing import Any

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.money import add, cost_year, keep_latest, select_dated, select_money
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, link

_OTHERS = "other countries"
# The yearly cost was stated for the first mission, not for the force that followed it.
_LATER = "GSF"
_YEAR, _PREPARATION = "year", "preparation"
_HEADS = {
    (_YEAR, "planned"): mark("{strength} planned, one year of the mission"),
    (_YEAR, "deployed"): mark("{strength} deployed, one year of the mission"),
    (_PREPARATION, "planned"): mark("{strength} planned, preparation in Kenya"),
    (_PREPARATION, "pledged"): mark("{strength} pledged, preparation in Kenya"),
}
_EACH = {
    "planned": mark("{each} per person planned ({strength})"),
    "deployed": mark("{each} per person deployed ({strength})"),
}
_OFFICER = {
    "planned": mark("Kenya’s requirement comes to {each} per officer planned ({officers})."),
    "pledged": mark("Kenya’s requirement comes to {each} per officer pledged ({officers})."),
}


def price_person(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show yearly cost per person planned and deployed, and Kenya's preparation per officer."""
    cost = cost_year(evidence, cost_factor)
    heads = [(_YEAR, *head) for head in divide_year(evidence, cost)]
    heads += [(_PREPARATION, *head) for head in prepare_officers(evidence)]
    rows: list[Row] = [
        {
            "Divided by": compose(_HEADS[purpose, status], strength=bare(strength)),
            "Dollars per person": each,
            "Source": cite(evidence, each.observations[:4]),
        }
        for purpose, status, strength, each in heads
    ]
    sentences = [tell_year(evidence, cost), _cap(evidence, cost), tell_preparation(evidence)]
    return exhibit(
        evidence,
        "cost-per-person",
        tell("What does the mission cost per person planned and per person deployed?"),
        join(filter(None, sentences)) if rows else nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows),
            "Divided by",
            "Dollars per person",
            tell("US dollars per person"),
        ),
        compose(
            "The documents do not say for what strength the yearly cost was estimated. A count of "
            "one contingent is a floor for the mission, so the quotient is a ceiling. The "
            "preparation is of the Kenyan contingent only."
        ),
        headline=_head(evidence, cost) or head_row(rows, "Divided by", "Dollars per person"),
        subtitle=tell(
            "Stated cost divided by the people planned, pledged or deployed, US dollars per person"
        ),
    )


def findings(evidence: Evidence, cost_factor: float = 1.0) -> list[Finding]:
    """Conclude on cost per person."""
    found = []
    cost = cost_year(evidence, cost_factor)
    years = divide_year(evidence, cost)
    text = tell_year(evidence, cost)
    if text is not None:
        stated = [each for _, _, each in years if each.low > 0 and math.isfinite(each.high)]
        label = tell("Yearly cost per person")
        found.append(Finding("funding.cost-per-person", label, (stated or [years[0][2]])[-1], text))
    heads = prepare_officers(evidence)
    if heads:
        text = tell_preparation(evidence)
        label = tell("Preparation per officer")
        found.append(Finding("funding.preparation-per-officer", label, heads[0][-1], text))
    return found


def plan_strength(evidence: Evidence) -> Estimate | None:
    """Give the planned strength of the whole mission.

    A figure for the whole mission comes first; failing that, the newest document that plans for
    one contributor and for all other countries.
    """
    whole = _pick_strength(evidence, "mission_personnel_planned")
    if whole is not None:
        return whole
    rows = select_dated(evidence, ["country_personnel_planned"])
    complete = rows.loc[rows["party"] == _OTHERS, "source_id"]
    if complete.empty:
        return None
    return add(evidence, keep_latest(rows[rows["source_id"] == complete.iloc[-1]], "party"))


def deploy_strength(evidence: Evidence) -> Estimate | None:
    """Give the strength of the whole mission on the ground by the newest figure."""
    return _pick_strength(evidence, "mission_personnel_deployed")


def floor_strength(evidence: Evidence) -> list[Estimate]:
    """Turn newer figures for one contingent into floors for the whole mission.

    Only floors above what is already known of the whole are kept.
    """
    whole = deploy_strength(evidence)
    rows = select_dated(evidence, ["country_personnel_deployed"])
    if whole is not None:
        newest = evidence.row(whole.observations[0])
        rows = rows[(rows["day"] > newest["as_of"]) & (rows["low"] > whole.low)]
    rows = rows[rows["day"] == rows["day"].max()]
    return [
        Estimate(None, part.low, math.inf, part.unit, part.observations, f"floor({part.formula})")
        for part in evidence.estimates(rows)
    ]


def prepare_officers(evidence: Evidence) -> list[tuple[str, Estimate, Estimate]]:
    """Divide Kenya's requirement by the officers that the same document plans or pledges.

    Gives (status, officers, cost per officer), those planned first, for the newest document that
    states a requirement and officers.
    """
    strengths = select_dated(evidence, ["country_personnel_planned", "country_personnel_pledged"])
    budgets = select_money(evidence, ["kenya_mission_budget"])
    pairs = budgets.merge(strengths, on=["source_id", "party"], suffixes=("", "_officers"))
    pairs = pairs[pairs["source_id"] == pairs["source_id"].iloc[-1]] if len(pairs) else pairs
    costs = []
    for row in keep_latest(pairs, "status_officers"):
        budget, officers = evidence.estimates(
            [row["observation_id"], row["observation_id_officers"]]
        )
        costs.append((row["status_officers"], officers, budget / officers))
    return sorted(costs, key=lambda entry: entry[0] != "planned")


def tell_year(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Divide one year's cost by the people planned and by those deployed."""
    strengths = {"planned": plan_strength(evidence), "deployed": deploy_strength(evidence)}
    if cost is None or not any(strengths.values()):
        return None
    quotients = [
        compose(_EACH[status], each=write_each(cost / strength), strength=bare(strength))
        for status, strength in strengths.items()
        if strength is not None
    ]
    return compose(
        "One year of the mission, at {cost}, comes to {quotients}.",
        cost=cost,
        quotients=enumerate_parts(quotients),
    )


def tell_preparation(evidence: Evidence) -> Text | None:
    """Divide Kenya's requirement by the officers that the same document plans for."""
    heads = prepare_officers(evidence)
    if not heads:
        return None
    status, officers, each = heads[0]
    return compose(_OFFICER[status], each=write_each(each), officers=bare(officers))


def divide_year(evidence: Evidence, cost: Estimate | None) -> list[tuple[str, Estimate, Estimate]]:
    """Divide the yearly cost by each strength: (status, strength, cost each)."""
    strengths = [
        ("planned", plan_strength(evidence)),
        ("deployed", deploy_strength(evidence)),
        *(("deployed", floor) for floor in floor_strength(evidence)),
    ]
    return [
        (status, strength, cost / strength)
        for status, strength in strengths
        if strength is not None and cost is not None
    ]


def _cap(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Say what newer counts of one contingent leave possible as cost per person."""
    floors = floor_strength(evidence)
    if cost is None or not floors:
        return None
    lowest = min(floors, key=lambda floor: floor.low)
    return compose(
        "The newest count of one contingent alone ({strength}) makes it {each} per person "
        "deployed.",
        strength=bare(lowest),
        each=write_each(cost / lowest),
    )


def _head(evidence: Evidence, cost: Estimate | None) -> Text | None:
    came, planned = deploy_strength(evidence), plan_strength(evidence)
    if cost is None or not (came or planned):
        return None
    if came is not None:
        return compose("One year comes to {each} per person deployed", each=write_each(cost / came))
    return compose("One year comes to {each} per person planned", each=write_each(cost / planned))


def _strengths(evidence: Evidence, indicator: str) -> Any:
    rows = select_dated(evidence, [indicator])
    return rows[(rows["party"] != _LATER) & (rows["population"] == "")]


def _pick_strength(evidence: Evidence, indicator: str) -> Estimate | None:
    """Pick the newest figure, one with both ends before one that is open or may be zero."""
    rows = _strengths(evidence, indicator)
    closed = rows[(rows["low"] > 0) & rows["high"].map(math.isfinite)]
    rows = rows if closed.empty else closed
    return None if rows.empty else evidence.estimate(rows["observation_id"].iloc[-1])


def write_each(figure: Estimate) -> Text:
    """Write a figure per person where the sentence names the person."""
    return link(figure, str(replace(figure, unit=figure.unit.split("/")[0])))
