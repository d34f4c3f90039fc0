"""Figures that cannot all be true, and figures that agree only because their wording is open.

Relations that must hold are declared in ``data/identities.csv`` (:mod:`mss_analysis.relations`);
counts over overlapping periods, and figures for one day, are set against each other without being
declared (:mod:`mss_analysis.overlaps`). Disagreement is a result: it is shown with its figures and
sources, never averaged away.
"""

from mss_analysis.conflict import CONTRADICTION, TENSION, Conflict
from mss_analysis.evidence import Evidence
from mss_analysis.overlaps import judge_ceilings, judge_days, judge_flows
from mss_analysis.relations import judge_relations

__all__ = ["CONTRADICTION", "TENSION", "Conflict", "find_conflicts"]


def find_conflicts(evidence: Evidence) -> list[Conflict]:
    """Find all conflicts among the figures known on the day, contradictions first.

    Several pages ask: the answer is kept with the evidence.
    """
    if "conflicts" not in evidence.memo:
        related = list(judge_relations(evidence))
        declared = {frozenset(conflict.observations) for conflict in related}
        searches = (judge_days, judge_ceilings, judge_flows)
        found = [*related, *(entry for search in searches for entry in search(evidence, declared))]
        found.sort(key=lambda conflict: conflict.severity != CONTRADICTION)
        evidence.memo["conflicts"] = found
    return evidence.memo["conflicts"]
