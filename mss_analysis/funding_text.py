"""Sentences on funding: one conclusion each, for the exhibit and for the finding alike.

Each function gives ``None`` while the documents of the day don't state what its sentence needs.
"""

from collections.abc import Iterable

from mss_analysis import money
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, link, moment, name

_UNNAMED_DOLLAR = "which dollar is not said"


def weigh_deposits(evidence: Evidence) -> Text | None:
    """Weigh the trust fund against one year's cost."""
    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence)
    if deposits is None or cost is None:
        return None
    return compose(
        "{deposits} deposited in the trust fund ({day}) amount to {share} of the cost of one "
        "year, stated as {cost}.",
        deposits=deposits.amount,
        day=moment(deposits.newest),
        share=money.share(deposits.amount, cost),
        cost=cost,
    )


def weigh_provided(evidence: Evidence) -> Text | None:
    """Weigh the money provided against the money required."""
    covered = money.cover_requirement(evidence)
    if covered is None:
        return None
    have, need, share = covered
    return compose(
        "Of {need} required, {have} had been provided ({source}): {share}; the period that the "
        "money is for is not stated.",
        need=need,
        have=have,
        share=share,
        source=cite(evidence, have.observations),
    )


def judge_total(evidence: Evidence) -> Text | None:
    """Say whether the trust fund's donors make up its total."""
    split = money.split_whole(evidence, "trust_fund_total", "total")
    if split is None:
        return None
    verdict = (
        "no more than the rounding of the total"
        if split.is_rounding
        else ("more than the rounding of the total explains")
    )
    return compose(
        "The donors named paid {named} into the trust fund, the stated total is {whole}: the gap "
        "of {gap} is {verdict}.",
        named=split.named,
        whole=split.whole,
        gap=split.rest,
        verdict=verdict,
    )


def name_remainder(evidence: Evidence) -> Text | None:
    """Say what Kenya's requirement holds beyond its named components."""
    split = money.split_whole(evidence, "kenya_mission_budget", "subset")
    if split is None:
        return None
    return compose(
        "Of the {whole} that Kenya required to prepare its officers, the components named make up "
        "{named}; for {rest}, or {share}, the document names none.",
        whole=split.whole,
        named=split.named,
        rest=split.rest,
        share=money.share(split.rest, split.whole),
    )


def last_deposits(evidence: Evidence, cost_factor: float) -> Text | None:
    """Say how long the trust fund would pay for the mission."""
    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence, cost_factor)
    if deposits is None or cost is None:
        return None
    months = money.last_months(deposits.amount, cost)
    return compose(
        "At a cost of {cost} a year, {deposits} deposited in the trust fund ({day}) would pay "
        "for {time} of operation.",
        cost=cost,
        deposits=deposits.amount,
        day=moment(deposits.newest),
        time=months if months.low >= 1 else money.last_days(months),
    )


def last_pledges(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Say how long the pledges would pay, if they were paid."""
    pledges = money.find_pledges(evidence)
    if pledges is None or cost is None:
        return None
    template = "{pledges} pledged would pay for {months}, if all of it were paid."
    if _find_vague(pledges.rows):
        template = (
            "{pledges} pledged would pay for {months}, if all of it were paid, and if all of it "
            "is in US dollars."
        )
    return compose(
        template,
        pledges=pledges.amount,
        months=money.last_months(pledges.amount, cost),
    )


def price_year(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Divide one year's cost by the people planned and by those deployed."""
    strengths = {
        "planned": money.plan_strength(evidence),
        "deployed": money.deploy_strength(evidence),
    }
    if cost is None or not any(strengths.values()):
        return None
    quotients = [
        compose(
            "{each} per person {status} ({strength})",
            each=_each(cost / strength),
            strength=bare(strength),
            status=status,
        )
        for status, strength in strengths.items()
        if strength is not None
    ]
    return compose(
        "One year of the mission, at {cost}, comes to {quotients}.",
        cost=cost,
        quotients=enumerate_parts(quotients),
    )


def cap_price(evidence: Evidence, cost: Estimate | None) -> Text | None:
    """Say what newer counts of one contingent leave possible as cost per person."""
    floors = money.floor_strength(evidence)
    if cost is None or not floors:
        return None
    lowest = min(floors, key=lambda floor: floor.low)
    return compose(
        "The newest count of one contingent alone ({strength}) makes it {each} per person "
        "deployed.",
        strength=bare(lowest),
        each=_each(cost / lowest),
    )


def price_preparation(evidence: Evidence) -> Text | None:
    """Divide Kenya's requirement by its officers."""
    heads = money.prepare_officers(evidence)
    if not heads:
        return None
    status, officers, each = heads[0]
    return compose(
        "Kenya's requirement comes to {each} per officer {status} ({officers}).",
        each=_each(each),
        officers=bare(officers),
        status=status,
    )


def tell_rungs(evidence: Evidence, donor: str) -> Text | None:
    """List one donor's money, rung by rung."""
    rungs = []
    for row in money.list_donor(evidence, donor):
        where = " in" if row["status"] == "deposited" else " for"
        fund = f"{where} the trust fund" if row["indicator"] == "trust_fund_donor" else ""
        amount = evidence.estimate(row["observation_id"])
        rungs.append(compose("{amount} {rung}", amount=amount, rung=_rung(row) + fund))
    if not rungs:
        return None
    return compose(
        "{donor}: {rungs}. These are rungs of one ladder, not sums to add.",
        donor=name(donor),
        rungs=enumerate_parts(rungs),
    )


def tell_cleared(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of one rung of a donor's money had reached the next."""
    within = money.share_within(evidence, donor)
    if within is None:
        return None
    part, whole, share = within
    return compose(
        "Of the {whole} {rung} ({donor}), {share} had been {status}.",
        whole=evidence.estimate(whole["observation_id"]),
        rung=_rung(whole),
        donor=name(donor),
        share=share,
        status=_rung(part),
    )


def tell_blocked(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of a donor's money was blocked, or that nobody gives the amount."""
    blocked = money.find_blocked(evidence, donor)
    if blocked is None:
        return None
    template = (
        "Part of the pledge was blocked; no document gives the amount, it was {blocked}."
        if blocked.low <= 0
        else "Of this money, {blocked} was blocked."
    )
    return compose(template, blocked=blocked)


def warn_of_dollars(evidence: Evidence, rows: Iterable[money.Row]) -> Text | None:
    """Warn of figures whose document doesn't say which dollar it means."""
    vague = _find_vague(rows)
    if not vague:
        return None
    return compose(
        "For {figures} the document does not say which dollar is meant.",
        figures=Estimate.count(vague, unit="figures"),
    )


def _find_vague(rows: Iterable[money.Row]) -> list[str]:
    """Find the figures whose document doesn't say which dollar it means."""
    return [row["observation_id"] for row in rows if _UNNAMED_DOLLAR in row["note"]]


def _rung(row: money.Row) -> str:
    return money.RUNGS[row["status"]]


def _each(figure: Estimate) -> Text:
    """Write a figure per person where the sentence names the person."""
    return link(figure, str(figure).replace(" per person", ""))
