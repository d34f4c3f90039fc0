"""Exercises on money: promised, released, paid in, and divided by people."""

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise
from mss_analysis.funding import money, unit_cost
from mss_analysis.language import tell


def last_deposits(evidence: Evidence, cost_factor: float = 1.0) -> Exercise:
    """Money runs the mission only once it has been paid in."""
    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence, cost_factor)
    if deposits is None or cost is None:
        return Exercise(
            "nothing", reason=tell("No document of that day states deposits and a cost.")
        )
    months = money.last_months(deposits.amount, cost)
    traps: dict = {
        money.last_days(months): tell("These are days. Divide the money by the cost of one month."),
        months.value: tell(
            "The number is the middle of it, but the cost is only said to be about so much. Give a "
            "pair."
        ),
    }
    pledges = money.find_pledges(evidence)
    if pledges is not None:
        promised = money.last_months(pledges.amount, cost)
        hint = tell(
            "That is how long the pledges would last. A pledge is a promise, not money to spend."
        )
        traps |= {promised: hint, promised.value: hint}
    return Exercise(
        months,
        traps,
        tell(
            "Only deposits are there to be spent, and the bounds of the cost carry into the months."
        ),
        tell(
            "Give a pair (low, high): deposits, divided by the largest and the smallest yearly "
            "cost."
        ),
    )


def floor_rungs(evidence: Evidence, donor: str) -> Exercise:
    """One dollar may stand on every rung: the rungs of a donor have no sum."""
    floor = money.floor_donor(evidence, donor)
    if floor is None:
        return Exercise(
            "nothing", reason=tell("No document of that day states money of this donor.")
        )
    figures = evidence.estimates(row["observation_id"] for row in money.list_donor(evidence, donor))
    ordered = sorted((figure.low for figure in figures), reverse=True)
    hint = tell("This adds rungs: no document says that one sum comes on top of the other.")
    return Exercise(
        Estimate.stated(floor.low, floor.unit),
        {sum(ordered): hint, sum(ordered[:2]): hint} if len(ordered) > 1 else {},
        tell("Every smaller sum may be part of the largest, so nothing more than it is needed."),
        tell("Give one number, in dollars. Could the smaller sums be parts of the largest one?"),
    )


def divide_cost(evidence: Evidence, cost_factor: float = 1.0) -> Exercise:
    """A cost per person depends on who counts: those planned or those who came."""
    cost, deployed = money.cost_year(evidence, cost_factor), unit_cost.deploy_strength(evidence)
    if cost is None or deployed is None:
        return Exercise(
            "nothing", reason=tell("No document of that day states a cost and a strength.")
        )
    each = cost / deployed
    traps: dict = {
        each.value: tell(
            "At least one of the figures is only said to be about so much. Give a pair."
        )
    }
    if deployed.low:
        traps[cost.low / deployed.low, cost.high / deployed.high] = tell(
            "The lowest cost meets the largest strength: pair the bounds crosswise."
        )
    planned = unit_cost.plan_strength(evidence)
    if planned is not None:
        share = cost / planned
        hint = tell("That divides by the planned strength. How many had come?")
        traps |= {share: hint, share.value: hint}
    return Exercise(
        each,
        traps,
        tell(
            "The smallest cost over the largest strength, and the largest cost over the smallest."
        ),
        tell(
            "Give a pair (low, high) in dollars: the yearly cost, divided by the people deployed."
        ),
    )
