"""Hunger: people in acute food insecurity, by each statement."""

import pandas as pd

from mss_analysis.casualties.readings import name_origins
from mss_analysis.casualties.stocks_chart import draw_dated
from mss_analysis.claims import Claim, choose_rounds, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, compose, join

# The IPC estimates hungry people in analyses.
_HUNGRY_BY = "IPC"
_SHARES = "ipc3plus_share"


def compare_hunger(evidence: Evidence) -> Exhibit:
    """Show people in acute food insecurity by each statement; shares become people."""
    counted = _count(evidence)
    rounds = choose_rounds([claim for claim, _ in counted if claim.origins == (_HUNGRY_BY,)])
    dated: list[tuple[pd.Timestamp, bool, Row]] = [
        (
            claim.day,
            claim in rounds,
            {
                "Date": claim.moment,
                "As stated": claim.figure,
                "People": people,
                "Origins": name_origins(claim.origins),
                "Statements": claim.statements,
                "Source": claim.cite(evidence),
            },
        )
        for claim, people in counted
    ]
    figures = sorted((people for _, people in counted), key=lambda figure: figure.low)
    answer = headline = None
    if len(figures) == 1:
        answer = headline = compose(
            "The one statement known on this day comes to {people} in acute food insecurity.",
            people=figures[0],
        )
    elif figures:
        answer = headline = compose(
            "All statements run from {least} to {most}; they may not count the same thing.",
            least=bare(figures[0]),
            most=figures[-1],
        )
        for claim, people in _find_latest(evidence, counted):
            headline = compose(
                mark("The latest analysis projects {people} in acute food insecurity.")
                if _is_projection(evidence, claim)
                else mark("The latest analysis puts {people} in acute food insecurity."),
                people=people,
            )
            answer = join([_tell(evidence, claim, people), answer])
    return exhibit(
        evidence,
        "hunger",
        tell("How many people go hungry, and do the documents agree?"),
        answer,
        [row for _, _, row in dated],
        draw_dated(evidence, dated, "People", tell("People in acute food insecurity")),
        compose(
            "Steps: analyses of the Integrated Food Security Phase Classification, phase three or "
            "worse, each from the first day of its window; later windows are projections. Rings: "
            "other statements. A share of the population becomes a number of people by the "
            "population that one of the documents states. Acute food insecurity and a hunger "
            "crisis may not be one thing."
        ),
        headline,
        tell("People in acute food insecurity in Haiti, by date and by who states it"),
    )


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude how many people go hungry, by the latest analysis whose window has begun."""
    label = tell("People in acute food insecurity")
    return [
        Finding("casualties.hungry", label, people, _tell(evidence, claim, people))
        for claim, people in _find_latest(evidence, _count(evidence))
    ]


def _find_latest(
    evidence: Evidence, counted: list[tuple[Claim, Estimate]]
) -> list[tuple[Claim, Estimate]]:
    """Find the latest analysis of the IPC whose window has begun; at most one."""
    hungry = [entry for entry in counted if entry[0].origins == (_HUNGRY_BY,)]
    return [entry for entry in hungry if entry[0].day <= pd.Timestamp(evidence.as_of)][-1:]


def _count(evidence: Evidence) -> list[tuple[Claim, Estimate]]:
    """Read each claim on hunger as a number of people, in order of time."""
    populations = evidence.estimates(evidence.select("population"))
    counted = []
    rows = evidence.select([_SHARES, "ipc3plus", "hunger_affected"], place="Haiti", population="")
    for claim in group_claims(evidence, rows):
        people = claim.figure
        if claim.row["indicator"] == _SHARES:
            if not populations:
                continue
            people = people / Estimate.stated(100, "percent") * populations[-1]
        counted.append((claim, people))
    return counted


def _is_projection(evidence: Evidence, claim: Claim) -> bool:
    """Whether every statement of it was known before its window began."""
    known = evidence.sources.set_index("source_id")["known"]
    return all(known[evidence.row(entry)["source_id"]] < claim.day for entry in claim.ids)


def _tell(evidence: Evidence, claim: Claim, people: Estimate) -> Text:
    return compose(
        mark(
            "The latest analysis whose window has begun is a projection made before: {people} in "
            "acute food insecurity ({day})."
        )
        if _is_projection(evidence, claim)
        else mark(
            "The latest analysis whose window has begun puts {people} in acute food insecurity "
            "({day})."
        ),
        people=people,
        day=claim.moment,
    )
