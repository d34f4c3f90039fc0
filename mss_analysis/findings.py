"""Named findings: what a report concludes, for people and for machines."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.live import fit
from mss_analysis.prose import PROVENANCE, Text, compose, pack

FINDINGS = "application/vnd.mss.findings+json"


@dataclass(frozen=True)
class Finding:
    """A conclusion: a stable id, what the figure is, the figure, and its sentence.

    ``behind`` holds the observations of a large count, of which a page's number leads to a few;
    the page has to describe them elsewhere.
    """

    id: str
    label: str
    estimate: Estimate
    text: Text
    headline: bool = False
    behind: tuple[str, ...] = ()

    @property
    def linked(self) -> tuple[str, ...]:
        """Ids to which the figure and its sentence lead."""
        return tuple(dict.fromkeys((*self.estimate.observations, *self.text.observations)))

    @property
    def observations(self) -> tuple[str, ...]:
        """Ids of all observations on which the figure and its sentence rest."""
        return tuple(dict.fromkeys((*self.linked, *self.behind)))

    def to_dict(self) -> dict[str, Any]:
        """Give the record that ``findings.json`` keeps; an open end is ``None``."""
        figure = self.estimate
        return {
            "id": self.id,
            "label": self.label,
            "value": figure.value if figure.value is None else _finite(figure.value),
            "low": _finite(figure.low),
            "high": _finite(figure.high),
            "unit": figure.unit,
            "observations": list(self.observations),
            "formula": figure.formula,
            "text": self.text.plain,
            "html": self.text.html,
            "headline": self.headline,
        }


@dataclass(frozen=True)
class Findings:
    """The findings of a notebook, as it shows and records them."""

    evidence: Evidence
    findings: tuple[Finding, ...]

    @property
    def observations(self) -> tuple[str, ...]:
        """Ids of all observations to which the findings lead."""
        ids = (entry for finding in self.findings for entry in finding.linked)
        return tuple(dict.fromkeys(ids))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if not self.findings:
            nothing = compose("Nothing was known yet on this question.")
            return {
                "text/html": f"<p>{nothing.html}</p>",
                "text/plain": nothing.plain,
                FINDINGS: {"findings": []},
            }
        items = "".join(
            f'<li id="finding-{finding.id}">{finding.text.html}</li>' for finding in self.findings
        )
        return {
            "text/html": fit(f'<ul class="findings">{items}</ul>', self.evidence),
            "text/plain": "\n".join(f"- {finding.text.plain}" for finding in self.findings),
            FINDINGS: {"findings": [finding.to_dict() for finding in self.findings]},
            PROVENANCE: pack(self.evidence.provenance(self.observations)),
        }


def record(evidence: Evidence, findings: Iterable[Finding]) -> Findings:
    """Show and record findings in a notebook.

    Raises
    ------
    ValueError
        When two findings share an id or one rests on no observation.

    """
    kept = tuple(findings)
    seen: set[str] = set()
    for finding in kept:
        if finding.id in seen:
            raise ValueError(f"two findings are called {finding.id}")
        if not finding.estimate.observations:
            raise ValueError(f"finding {finding.id} rests on no observation")
        seen.add(finding.id)
    return Findings(evidence, kept)


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None
