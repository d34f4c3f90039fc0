"""Exercises on strength: stocks and flows, plans and facts, reports and landings."""

from mss_analysis import moments, strength
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise


def replace_stock(evidence: Evidence) -> Exercise:
    """A later stock replaces an earlier one; it doesn't come on top of it."""
    deployed = [entry for entry in strength.read_strengths(evidence) if entry.rung == "deployed"]
    latest = strength.find_latest_stock(evidence)
    earlier = [entry.figure for entry in deployed if entry.day < deployed[-1].day]
    if latest is None or not earlier:
        return Exercise("nothing", reason="No two documents of that day state a stock.")
    hint = "These are stocks: people counted in the first are still there in the second."
    before = earlier[-1]
    sums: dict = {latest.low + before.low: hint, (latest.low + before.low, None): hint}
    if before.value is not None:
        sums |= {latest.low + before.value: hint, (latest.low + before.value, None): hint}
    return Exercise(
        latest,
        sums | {latest.low: "The number is the right floor. Is it also a ceiling? Give a pair."},
        "The later stock holds everybody who was still there; its wording sets no upper limit.",
        "Give a pair (low, high). Does the later count leave out those of the earlier one?",
    )


def fill_plan(evidence: Evidence) -> Exercise:
    """What is planned isn't there yet; the share there carries the wording of both figures."""
    fill = strength.find_lead_fill(evidence)
    if fill is None:
        return Exercise("nothing", reason="No document of that day states a plan and a strength.")
    plan = fill.yardstick.figure
    traps: dict = {
        100: "This takes the plan for the fact. How many were on the ground?",
        plan.low: "This is the planned strength. The question is which share of it was there.",
    }
    if fill.share.value is not None:
        traps[fill.share.value] = (
            "The middle is right, but one figure is only “about”. Give a pair."
        )
    for part in plan.observations if len(plan.observations) > 1 else ():
        share = (fill.ground.figure / strength.off_ladder(evidence.estimate(part))).as_percent()
        hint = "The people on the ground are the whole mission's: divide by the whole plan."
        traps |= {share: hint} | ({share.value: hint} if share.value is not None else {})
    return Exercise(
        fill.share,
        traps,
        "A plan is a promise: only those on the ground fill it, and “about” stays in the share.",
        "Give a pair (low, high) in percent: those on the ground, divided by all who were planned.",
    )


def count_landing(evidence: Evidence) -> Exercise:
    """Two reports of one landing bound one number of people."""
    landings = moments.find_landings(evidence)
    if not landings or landings[0].figure is None:
        return Exercise("nothing", reason="No document of that day tells of a landing.")
    figure, reports = landings[0].figure, max(2, len(landings[0].ids))
    return Exercise(
        figure,
        {
            (figure.low * reports, figure.high * reports): "Both reports tell of one day, one "
            "place and one contingent. One of them names the other as its source.",
            figure.midpoint: "The middle of a vague word is no count. Give a pair.",
        },
        "A landing that is told twice brought no more people than one that is told once.",
        "Give a pair (low, high): how the evidence base reads “a few hundred”, for one landing.",
    )
