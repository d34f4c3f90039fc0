"""Overview: the main findings of all topics, and what is disputed."""

from mss_analysis.changes import find_changes
from mss_analysis.contradictions import Conflict, find_conflicts
from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.findings import Finding
from mss_analysis.prose import Prose, Table, Text, compose, refer, say, tabulate, when
from mss_analysis.trace import collect_findings
from mss_analysis.vintage import load


def findings(evidence: Evidence) -> list[Finding]:
    """Pick the main finding or two of each topic."""
    return [finding for finding in collect_findings(evidence) if finding.headline]


def describe_base(evidence: Evidence) -> Prose:
    """Say how much evidence stands behind the reports."""
    if evidence.observations.empty:
        return say(evidence, compose("On this day no document of this corpus was known yet."))
    rows = evidence.observations["observation_id"]
    documents = evidence.observations.drop_duplicates("source_id")["observation_id"]
    return say(
        evidence,
        compose(
            "The reports rest on {figures} that {documents} state.",
            figures=Estimate.count(rows, "figures"),
            documents=Estimate.count(documents, "documents"),
        ),
    )


def list_conflicts(evidence: Evidence) -> Table | Prose:
    """List the figures that are at odds, contradictions before tensions."""
    conflicts = find_conflicts(evidence)
    if not conflicts:
        return say(evidence, compose("Among the figures known on this day none are at odds."))
    return tabulate(evidence, [_describe(conflict) for conflict in conflicts])


def list_changes(evidence: Evidence, since: str) -> Table | Prose:
    """List the figures that became known after a day, and what each of them moved.

    ``since`` is an ISO date; nothing is listed where it lies after the vintage shown.
    """
    earlier = load(since, evidence.corpus, min_grade=evidence.min_grade)
    if earlier.as_of >= evidence.as_of:
        return say(evidence, compose("The day to compare with is not before the day shown."))
    changes = find_changes(earlier, evidence)
    if not changes:
        return say(evidence, compose("Since {day} nothing changed.", day=when(since)))
    return tabulate(
        evidence,
        [
            {f"Since {write_date(since)}": change.kind, "Figure": change.sentence}
            for change in changes
        ],
    )


def _describe(conflict: Conflict) -> dict[str, Text | str]:
    return {
        "At odds": conflict.severity,
        "Kind": conflict.kind,
        "Figures": conflict.sentence,
        "Why they should agree": refer(conflict.observations, conflict.note),
    }
