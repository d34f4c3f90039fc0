"""Exercises on counts of people killed and displaced."""

from mss_analysis.displacement import displaced_before
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise
from mss_analysis.tolls import whole_year


def bound_toll(evidence: Evidence, year: int) -> Exercise:
    """Bounds, not a midpoint, follow from several floors."""
    toll = whole_year(evidence, year)
    floors = [figure.low for figure in evidence.estimates(evidence.select("killed"))]
    if toll is None:
        return Exercise("nothing", reason="No document of that day counts the dead.")
    return Exercise(
        toll,
        {
            (min(floors) + max(floors)) / 2: "The middle of two floors is no estimate: both are "
            "true when the larger one is, and nothing caps it.",
            sum(floors): "These periods overlap: adding them counts the same people again.",
            max(floors): "The number is the right floor. Is it also a ceiling? Give a pair.",
        },
        "Every floor holds at once, so the largest one binds; no figure sets an upper limit.",
        "Give a pair (low, high). Which floor binds, and does any figure set a ceiling?",
    )


def subtract_displaced(evidence: Evidence) -> Exercise:
    """The earlier stock is the later one less the change, bounds included."""
    base = displaced_before(evidence)
    if base is None:
        return Exercise("nothing", reason="No document of that day states a change.")
    level = evidence.estimates(evidence.select("idp_total"))
    change = evidence.estimates(evidence.select("idp_change"))[0]
    return Exercise(
        base,
        {
            first.high - change.low: "“Nearly” leaves room below: carry it through the subtraction."
            for first in level
        }
        | {
            first.high + change.high: "The change came before the level: subtract."
            for first in level
        },
        "A lower bound of the level less the change, and the same for the upper bound.",
        "Give a pair (low, high): bounds of the level, less the change.",
    )


def tell_one_count() -> Exercise:
    """Two reports of a toll with one origin are one witness."""
    return Exercise(
        "one",
        {
            "two": "Two paragraphs of one document state the figure. Who counted it?",
            2: "Two paragraphs of one document state the figure. Who counted it?",
            1: "Right in number; write it as a word.",
        },
        "A figure that is repeated has not been counted twice.",
        "Answer with a word: one or two.",
    )
