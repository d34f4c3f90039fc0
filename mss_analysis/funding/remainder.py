"""A remainder: what a stated whole holds beyond the parts that documents name."""

from dataclasses import dataclass

from mss_analysis.bounds import rounding_unit
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.funding.money import RUNGS, Row, add, select_money, share


@dataclass(frozen=True)
class Split:
    """A stated whole, the parts that a document names, and what they leave.

    ``slack`` is half a unit of the last digit that the whole states: a remainder no larger than
    that is rounding.
    """

    whole: Estimate
    parts: tuple[Row, ...]
    named: Estimate
    rest: Estimate
    slack: float

    @property
    def is_rounding(self) -> bool:
        """Whether the remainder is no more than the rounding of the whole."""
        return max(abs(self.rest.low), abs(self.rest.high)) <= self.slack


def split_whole(evidence: Evidence, indicator: str, kind: str) -> Split | None:
    """Compare the newest whole of an indicator with the parts that a relation declares for it.

    ``kind`` is ``total`` where the parts should make up the whole, ``subset`` where they need not.
    Parts stand on the whole's rung and each names its donor or component.
    """
    newest = None
    for whole, parts in relate(evidence, kind):
        alike = [row for row in parts if row["status"] == whole["status"]]
        named = all(row["indicator"] != indicator for row in alike)
        if whole["indicator"] == indicator and alike and named:
            newest = split_rows(evidence, whole, alike)
    return newest


def split_rows(evidence: Evidence, whole: Row, parts: list[Row]) -> Split:
    """Take parts from a whole."""
    stated, named = evidence.estimate(whole["observation_id"]), add(evidence, parts)
    slack = float(rounding_unit([whole["value"]])[0]) / 2
    return Split(stated, tuple(parts), named, stated - named, slack)


def share_within(evidence: Evidence, donor: str) -> tuple[Row, Row, Estimate] | None:
    """Divide a donor's mission money on one rung by that on another rung that it is part of.

    Gives (part, whole, share in percent) of the newest such relation that a document states.
    """
    newest = None
    for whole, parts in relate(evidence, "subset"):
        for part in parts:
            climbed = part["status"] != whole["status"] and part["status"] in RUNGS
            ours = part["indicator"] == whole["indicator"] == "mission_support"
            if ours and climbed and part["party"] == whole["party"] == donor:
                ids = [part["observation_id"], whole["observation_id"]]
                smaller, larger = evidence.estimates(ids)
                newest = part, whole, share(smaller, larger)
    return newest


def cover_requirement(evidence: Evidence) -> tuple[Estimate, Estimate, Estimate] | None:
    """Compare money provided with money required by one document.

    Gives (provided, required, share in percent) of the newest document that states both.
    """
    provided = select_money(evidence, ["mission_funds_received"])
    required = select_money(evidence, ["mission_funds_required"])
    both = provided[provided["source_id"].isin(required["source_id"])]
    if both.empty:
        return None
    row = both.iloc[-1]
    wanted = required.loc[required["source_id"] == row["source_id"], "observation_id"].iloc[-1]
    have, need = evidence.estimates([row["observation_id"], wanted])
    return have, need, share(have, need)


def relate(evidence: Evidence, kind: str, unit: str | None = "USD") -> list[tuple[Row, list[Row]]]:
    """Read the declared relations between sums of money: (whole, parts), oldest first."""
    relations = evidence.identities[evidence.identities["kind"] == kind]
    roles = ["identity_id", "role", "observation_id"]
    money = evidence.indicators.loc[evidence.indicators["unit"] == "currency", "indicator"]
    terms = select_money(evidence, money, unit, None).merge(relations[roles], on="observation_id")
    pairs = []
    for whole in terms[terms["role"].isin(["total", "whole"])].to_dict(orient="records"):
        same = terms["identity_id"] == whole["identity_id"]
        parts = terms[same & (terms["role"] == "part")]
        pairs.append((whole, parts.to_dict(orient="records")))
    return pairs
