"""Exercises on counts of people killed and displaced."""

from mss_analysis.casualties.displacement import displaced_before
from mss_analysis.casualties.readings import ALL
from mss_analysis.casualties.tolls import killed_in, whole_year
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise


def bound_toll(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exercise:
    """Bounds, not a midpoint, follow from several floors."""
    toll = whole_year(evidence, year, evidence_set)
    if toll is None:
        return Exercise("nothing", reason="No document of that day counts the dead of the year.")
    floors = [claim.figure.low for claim in killed_in(evidence, year, evidence_set)]
    is_open = toll.high == float("inf")
    return Exercise(
        toll,
        {
            (min(floors) + max(floors)) / 2: "The middle of two floors is no estimate: both are "
            "true when the larger one is, and nothing but a ceiling caps it.",
            sum(floors): "These periods overlap: adding them counts the same people again.",
            max(floors): "The number is the right floor. Is it also a ceiling? Give a pair.",
        },
        "Every floor holds at once, so the one that asks for most binds, "
        + (
            "and no ceiling that is free of contradictions caps it."
            if is_open
            else "and a ceiling caps it."
        ),
        "Give a pair (low, high). Which floor binds, and does any figure set a ceiling?",
    )


def subtract_displaced(evidence: Evidence) -> Exercise:
    """The earlier stock is the later one less the change, bounds included."""
    base = displaced_before(evidence)
    if base is None:
        return Exercise("nothing", reason="No document of that day states a change.")
    terms = next(terms for _, terms in evidence.relations("change") if "base" not in terms)
    level, change = terms["level"], terms["change"]
    return Exercise(
        base,
        {
            level.high
            - change.low: "“Nearly” leaves room below: carry it through the subtraction.",
            level.high + change.high: "The change came before the level: subtract.",
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
