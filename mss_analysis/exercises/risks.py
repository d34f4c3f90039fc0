"""Exercises on counting voices and on reading silence."""

import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exercises import Exercise
from mss_analysis.language import tell
from mss_analysis.risks.register import REPORTED, attribute, count_rows, find_gaps, read_risks


def weigh_attention(evidence: Evidence) -> Exercise:
    """A number of passages says how much was written, not how likely a risk is."""
    risks = sorted(read_risks(evidence), key=lambda risk: len(risk.raising))
    if not risks:
        return Exercise("nothing", reason=tell("No document of that day names a risk."))
    least, most = len(risks[0].raising), len(risks[-1].raising)
    hint = tell(
        "That is how much more was written about it. Who chose what to write about, and why?"
    )
    return Exercise(
        "unknown",
        {most / least: hint, most - least: hint, most: hint, "more": hint, "more likely": hint},
        tell(
            "Passages measure the attention of those who write. Nothing in them gives a frequency."
        ),
        tell("What would one have to count to know how likely something is? Answer with a word."),
    )


def find_witnesses(evidence: Evidence) -> Exercise:
    """A document that restates another adds no witness."""
    passages = attribute(evidence)
    restating = passages[passages["restated"]].groupby("source_id").size()
    if restating.empty:
        return Exercise("nothing", reason=tell("No document of that day restates another."))
    told = passages[passages["source_id"] == restating.idxmax()]
    own, repeated = told[~told["restated"]], told[told["restated"]]
    document = told["document"].iloc[0]
    return Exercise(
        count_rows(own),
        {
            len(told): tell(
                "You counted all its passages. Which of them stand in its source already?"
            ),
            len(repeated): tell("These are the passages that it repeats. How many are left?"),
        },
        tell(
            "All other passages of this document retell another: {document}. One witness, two "
            "documents.",
            document=document,
        ),
        tell(
            "Filter the passages of this document by whether another has them: {document}.",
            document=document,
        ),
    )


def bound_measures(evidence: Evidence) -> Exercise:
    """A proposal is no measure in place, and silence is no proof that there is none."""
    reported = [risk for risk in read_risks(evidence) if risk.status == REPORTED]
    if not reported:
        return Exercise("nothing", reason=tell("No document of that day reports a risk as fact."))
    least = len(reported) - len(find_gaps(reported))
    named = sum(not risk.measures.empty for risk in reported)
    talk = tell(
        "That counts measures which are only proposed, announced, adopted on paper or missed."
    )
    silence = tell(
        "No report of a measure is not a report of no measure: how many may have one unseen?"
    )
    ids = pd.concat(risk.raising["evidence_id"] for risk in reported)
    return Exercise(
        Estimate(None, least, len(reported), "risks", tuple(ids)),
        {
            named: talk,
            (named, len(reported)): talk,
            (named, named): talk,
            (least, least): silence,
            (least, named): silence,
        },
        tell(
            "A report of a measure in place sets the floor. Nothing sets a ceiling below all of "
            "them, since a measure that nobody wrote about is not thereby absent."
        ),
        tell("Give a pair (low, high). Which status says that a measure is in place?"),
    )
