"""Lead from a figure to its sources, and from a derived figure to its inputs."""

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.findings import Finding

# Where the findings of each topic, by which their ids begin, are made.
TOPICS = {
    "casualties": "casualties",
    "deployment": "deployment",
    "funding": "funding",
    "risks": "risks",
    "interactions": "risks.interactions",
    "sources": "sources",
    "overview": "overview",
}


def collect_findings(evidence: Evidence, topics: Iterable[str] = TOPICS) -> list[Finding]:
    """Collect the findings of topics."""
    return [
        finding
        for topic in topics
        for finding in import_module(f"mss_analysis.{TOPICS[topic]}").findings(evidence)
    ]


def trace(evidence: Evidence, identifier: str) -> list[str]:
    """Describe a figure down to the paragraphs it rests on, one line each.

    Raises
    ------
    ParameterError
        When nothing of that id was known; the message names the nearest ids.

    """
    if evidence.states(identifier):
        return _describe(evidence, identifier)
    own = [topic for topic in TOPICS if topic == identifier.partition(".")[0]]
    findings = {finding.id: finding for finding in collect_findings(evidence, own)}
    if identifier not in findings:
        rest = [topic for topic in TOPICS if topic not in own]
        findings |= {finding.id: finding for finding in collect_findings(evidence, rest)}
    if identifier not in findings:
        known = [*findings, *evidence.statements]
        near = get_close_matches(identifier, known, 3, 0.5)
        advice = f"; did you mean {', '.join(near)}?" if near else ""
        day = evidence.as_of.isoformat()
        raise ParameterError(f"nothing called {identifier!r} was known on {day}{advice}")
    finding = findings[identifier]
    lines = [finding.text.plain, f"{finding.label}: {finding.estimate}"]
    if finding.estimate.formula:
        lines.append(f"= {finding.estimate.formula}")
    for entry in finding.observations:
        lines += ["", *_describe(evidence, entry)]
    return lines


def _describe(evidence: Evidence, identifier: str) -> list[str]:
    told = evidence.provenance([identifier])
    row: dict[str, Any] = told["observations"][identifier]
    source = told["sources"][row["source"]]
    parts = [row[part] for part in ("when", "place", "party", "population", "status") if row[part]]
    lines = [
        f"{identifier}",
        f"  {row['indicator']}: {row['wording']}",
        f"  {'; '.join(parts)}",
        f"  stated in {source['title']} ({evidence.label(row['source'])}), {row['locator']}",
    ]
    if row["who"]:
        lines.append(f"  origin: {row['who']}")
    if row["note"]:
        lines.append(f"  note: {row['note']}")
    return lines
