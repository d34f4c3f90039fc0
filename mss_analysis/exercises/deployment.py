"""Exercises on strength: stocks and flows, plans and facts, reports and landings."""

import math

from mss_analysis.deployment import fill, moments, strength
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise
from mss_analysis.language import mark


def replace_stock(evidence: Evidence) -> Exercise:
    """A later stock replaces an earlier one; it doesn't come on top of it."""
    deployed = [entry for entry in strength.read_strengths(evidence) if entry.rung == "deployed"]
    latest = strength.find_latest_stock(evidence)
    earlier = [entry.figure for entry in deployed if entry.day < deployed[-1].day]
    if latest is None:
        return Exercise("nothing", reason=mark("No document of that day states a stock."))
    hint = mark("These are stocks: people counted in the first are still there in the second.")
    traps: dict = {}
    for before in earlier[-1:]:
        for stock in {before.low, before.low if before.value is None else before.value}:
            traps |= {latest.low + stock: hint, (latest.low + stock, None): hint}
    if not latest.is_exact:
        hint = mark("The number is the right floor. Is it also a ceiling? Give a pair.")
        traps[latest.low] = hint
    if latest.value is not None and not latest.is_exact:
        hint = mark("The number is right, but its wording leaves room. Give a pair.")
        traps[latest.value] = hint
    reason = (
        mark(
            "The newest stock holds everybody who was still there; its wording sets no upper limit."
        )
        if latest.high == math.inf
        else mark(
            "The newest stock holds everybody who was still there; its wording sets the bounds."
        )
    )
    return Exercise(
        latest,
        traps,
        reason,
        mark("Give a pair (low, high) from the newest count; an earlier one does not come on top."),
    )


def fill_plan(evidence: Evidence) -> Exercise:
    """What is planned isn't there yet; the share there carries the wording of both figures."""
    lead = fill.find_lead_fill(evidence)
    if lead is None:
        return Exercise(
            "nothing", reason=mark("No document of that day states a plan and a strength.")
        )
    plan = lead.yardstick.figure
    traps: dict = {
        100: mark("This takes the plan for the fact. How many were on the ground?"),
        plan.low: mark(
            "This is the planned strength. The question is which share of it was there."
        ),
    }
    if lead.share.value is not None:
        traps[lead.share.value] = mark(
            "The middle is right, but one figure is only “about”. Give a pair."
        )
    for part in plan.observations if len(plan.observations) > 1 else ():
        share = (lead.ground.figure / strength.off_ladder(evidence.estimate(part))).as_percent()
        hint = mark("The people on the ground are the whole mission’s: divide by the whole plan.")
        traps |= {share: hint} | ({share.value: hint} if share.value is not None else {})
    return Exercise(
        lead.share,
        traps,
        mark(
            "A plan is a promise: only those on the ground fill it, and “about” stays in the share."
        ),
        mark(
            "Give a pair (low, high) in percent: those on the ground, divided by all who were "
            "planned."
        ),
    )


def count_landing(evidence: Evidence) -> Exercise:
    """All reports of one landing bound one number of people."""
    landings = moments.find_landings(evidence)
    if not landings or landings[0].figure is None:
        return Exercise("nothing", reason=mark("No document of that day tells of a landing."))
    figure, reports = landings[0].figure, max(2, len(landings[0].ids))
    return Exercise(
        figure,
        {
            (figure.low * reports, figure.high * reports): mark(
                "Reports of one day, one place and one contingent tell of one landing."
            ),
            figure.midpoint: mark("The middle of a vague word is no count. Give a pair."),
        },
        mark("A landing that is told twice brought no more people than one that is told once."),
        mark(
            "Give a pair (low, high): how the evidence base reads “a few hundred”, for one landing."
        ),
    )
