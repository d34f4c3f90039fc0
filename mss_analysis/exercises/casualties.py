"""Exercises on counts of people killed and displaced."""

from mss_analysis.casualties.displacement import displaced_before
from mss_analysis.casualties.readings import ALL
from mss_analysis.casualties.tolls import killed_in, whole_year
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise
from mss_analysis.language import tell


def bound_toll(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exercise:
    """Bounds, not a midpoint, follow from several floors."""
    toll = whole_year(evidence, year, evidence_set)
    if toll is None:
        reason = tell("No document of that day counts the dead of the year.")
        return Exercise(tell("nothing"), reason=reason)
    floors = [claim.figure.low for claim in killed_in(evidence, year, evidence_set)]
    is_open = toll.high == float("inf")
    return Exercise(
        toll,
        {
            (min(floors) + max(floors)) / 2: tell(
                "The middle of two floors is no estimate: both are true when the larger one is, "
                "and nothing but a ceiling caps it."
            ),
            sum(floors): tell("These periods overlap: adding them counts the same people again."),
            max(floors): tell("The number is the right floor. Is it also a ceiling? Give a pair."),
        },
        tell(
            "Every floor holds at once, so the one that asks for most binds, and no ceiling that "
            "is free of contradictions caps it."
        )
        if is_open
        else tell(
            "Every floor holds at once, so the one that asks for most binds, and a ceiling caps it."
        ),
        tell("Give a pair (low, high). Which floor binds, and does any figure set a ceiling?"),
    )


def subtract_displaced(evidence: Evidence) -> Exercise:
    """The earlier stock is the later one less the change, bounds included."""
    base = displaced_before(evidence)
    if base is None:
        reason = tell("No document of that day states a change.")
        return Exercise(tell("nothing"), reason=reason)
    terms = next(terms for _, terms in evidence.relations("change") if "base" not in terms)
    level, change = terms["level"], terms["change"]
    return Exercise(
        base,
        {
            level.high - change.low: tell(
                "“Nearly” leaves room below: carry it through the subtraction."
            ),
            level.high + change.high: tell("The change came before the level: subtract."),
        },
        tell(
            "The lower bound is that of the level less the largest change, the upper bound that of "
            "the level less the smallest."
        ),
        tell("Give a pair (low, high): bounds of the level, less the change."),
    )


def tell_one_count() -> Exercise:
    """Two reports of a toll with one origin are one witness."""
    who = tell("Two paragraphs of one document state the figure. Who counted it?")
    return Exercise(
        tell("one"),
        {tell("two"): who, 2: who, 1: tell("Right in number; write it as a word.")},
        tell("A figure that is repeated has not been counted twice."),
        tell("Answer with a word: one or two."),
    )
