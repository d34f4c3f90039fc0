"""The risk register: risks, the passages and measures that bear on them, and their origins.

No risk is scored. The number of passages measures attention, not likelihood; what can be counted is
how many independent origins stand behind them, and that within bounds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError

# From a measure in place to a mere proposal; `absent` says that a document misses the measure.
MEASURES = ("implemented", "adopted", "announced", "proposed", "absent")
REPORTED, FORESEEN = "reported as fact", "foreseen only"
_REPEATS = re.compile(r"^repeats: ([\w-]+)")
# What follows a speaker's name: by whom cited, on what occasion.
_OCCASION = re.compile(r"(, as (cited|reported|quoted) by|, citing| \().*")


@dataclass(frozen=True, eq=False)
class Risk:
    """A risk with the passages and the measures that bear on it.

    ``passages`` carries what :func:`attribute` adds; ``ties`` are pairs of kinds of actors.
    """

    id: str
    title: str
    statement: str
    ties: tuple[tuple[str, str], ...]
    affected: tuple[str, ...]
    passages: pd.DataFrame
    measures: pd.DataFrame

    @cached_property
    def raising(self) -> pd.DataFrame:
        """Passages that raise the risk."""
        return self.passages[self.passages["stance"] == "raises"]

    @cached_property
    def reported(self) -> pd.DataFrame:
        """Passages that report harm, or a condition that the risk describes, as fact."""
        return self.raising[self.raising["status"] == "reported"]

    @property
    def status(self) -> str:
        """Whether a passage reports the risk as fact, or all foresee it."""
        return FORESEEN if self.reported.empty else REPORTED

    @cached_property
    def origins(self) -> Estimate:
        """Independent origins that raise the risk, from fewest to most."""
        return count_origins(self.raising)

    @property
    def rung(self) -> str:
        """The furthest status that a measure against the risk has; empty without a measure."""
        return next((rung for rung in MEASURES if (self.measures["status"] == rung).any()), "")


def read_risks(evidence: Evidence) -> list[Risk]:
    """Read the risks that a known passage raises, those with the most origins first.

    >>> from mss_analysis.vintage import load
    >>> read_risks(load("2023-01-01", corpus="seed"))
    []
    """
    passages = attribute(evidence)
    measures = evidence.mitigations
    risks = (
        Risk(
            row["risk_id"],
            row["title"],
            row["statement"],
            tuple(dict.fromkeys(_pair(entry) for entry in _split(row["interaction"]))),
            tuple(_split(row["affected"])),
            passages[passages["risk_id"] == row["risk_id"]],
            measures[measures["risk_id"] == row["risk_id"]],
        )
        for row in evidence.risks.to_dict(orient="records")
    )
    raised = [risk for risk in risks if not risk.raising.empty]
    return sorted(raised, key=lambda risk: (-risk.origins.low, -risk.origins.high, risk.title))


def attribute(evidence: Evidence) -> pd.DataFrame:
    """Add to each passage its voice, outlet and group, its document's name and what it repeats.

    ``repeated`` marks a passage that repeats another, ``restated`` one that another document has.
    The voice is the speaker of the passage that this one repeats in the end, or its own speaker.
    Documents share an outlet when they have one publisher, or when one restates the other.
    """
    passages = evidence.passages
    rows = {row["evidence_id"]: row for row in passages.to_dict(orient="records")}
    parents = {
        identifier: found[1]
        for identifier, row in rows.items()
        if (found := _REPEATS.match(row["note"]))
    }
    roots = [_follow(identifier, parents) for identifier in rows]
    documents = nx.Graph()
    for row in evidence.sources.to_dict(orient="records"):
        nameless = row["publisher"] in ("", "unknown")
        documents.add_edge(row["source_id"], row["source_id" if nameless else "publisher"])
    documents.add_edges_from(
        (rows[child]["source_id"], rows[parent]["source_id"])
        for child, parent in parents.items()
        if parent in rows
    )
    outlets = {
        document: number
        for number, linked in enumerate(nx.connected_components(documents))
        for document in linked
    }
    return passages.assign(
        # A passage that repeats one of a document not yet known keeps that passage's id.
        voice=[_name_voice(rows[root]) if root in rows else root for root in roots],
        outlet=passages["source_id"].map(outlets),
        document=passages["source_id"].map(evidence.label),
        group=passages["actor_group"].replace({"un": "UN"}),
        repeated=passages["evidence_id"].isin(parents),
        # A document may also repeat itself, which restates nobody.
        restated=[
            root not in rows or rows[root]["source_id"] != rows[identifier]["source_id"]
            for identifier, root in zip(rows, roots, strict=True)
        ],
    ).astype({"restated": bool})


def count_origins(passages: pd.DataFrame) -> Estimate:
    """Bound the number of independent origins behind passages that :func:`attribute` gave.

    At most there are as many as voices. At fewest, everybody whom one outlet quotes is one origin,
    since it chose and reported them, and outlets that quote one voice are one origin, too.
    """
    links = nx.from_pandas_edgelist(passages, "voice", "outlet")
    fewest = float(nx.number_connected_components(links))
    most = float(passages["voice"].nunique())
    ids = tuple(passages["evidence_id"])
    formula = "origins(" + ", ".join(ids) + ")"
    return Estimate(fewest if fewest == most else None, fewest, most, "origins", ids, formula)


def count_rows(
    rows: pd.DataFrame, unit: str = "passages", among: pd.DataFrame | None = None
) -> Estimate:
    """Count passages or measures; their first column is their id.

    That there is none rests on all rows ``among`` which they were looked for.
    """
    founding = among if rows.empty and among is not None else rows
    return Estimate.count(founding.iloc[:, 0], unit, len(rows))


def count_risks(chosen: Sequence[Risk], among: Sequence[Risk]) -> Estimate:
    """Count risks; the count rests on the passages that raise them.

    That there is none rests on the passages of all risks looked through.
    """
    ids = pd.concat(risk.raising["evidence_id"] for risk in chosen or among)
    return Estimate.count(ids, "risks", len(chosen))


def find_gaps(risks: Iterable[Risk], closed_by: str = "implemented") -> list[Risk]:
    """Pick the risks reported as fact with no measure reported at that status or further.

    Raises
    ------
    ParameterError
        When a measure can't have the status, or has it by not existing.

    """
    if closed_by not in MEASURES[:-1]:
        choices = ", ".join(MEASURES[:-1])
        raise ParameterError(f"closed_by must be one of {choices}, not {closed_by!r}.")
    closing = MEASURES[: MEASURES.index(closed_by) + 1]
    return [
        risk
        for risk in risks
        if risk.status == REPORTED and not risk.measures["status"].isin(closing).any()
    ]


def tie_actors(risks: list[Risk]) -> dict[tuple[str, str], list[Risk]]:
    """Group risks by the pairs of actors between whom they lie, the most frequent pair first."""
    ties: dict[tuple[str, str], list[Risk]] = {}
    for risk in risks:
        for pair in risk.ties:
            ties.setdefault(pair, []).append(risk)
    return dict(sorted(ties.items(), key=lambda tie: (-len(tie[1]), tie[0])))


def group_affected(risks: list[Risk]) -> dict[str, list[Risk]]:
    """Group risks by who may come to harm, the most frequent first."""
    groups: dict[str, list[Risk]] = {}
    for risk in risks:
        for affected in risk.affected:
            groups.setdefault(affected, []).append(risk)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


def find_silent(risks: list[Risk]) -> dict[str, pd.DataFrame]:
    """Give the passages of the groups of speakers none of whom raises a risk."""
    if not risks:
        return {}
    passages = pd.concat(risk.passages for risk in risks)
    return {
        str(group): found
        for group, found in passages.groupby("group")
        if not (found["stance"] == "raises").any()
    }


def _follow(identifier: str, parents: dict[str, str]) -> str:
    """Go back from a passage to the one that it repeats in the end."""
    seen = {identifier}
    while (parent := parents.get(identifier)) and parent not in seen:
        seen.add(identifier := parent)
    return identifier


def _name_voice(row: dict[str, str]) -> str:
    """Name who speaks in a passage, without the occasion; a nameless document by its id."""
    voice = _OCCASION.sub("", row["actor"])
    return row["source_id"] if voice.lower() == "the document itself" else voice


def _pair(interaction: str) -> tuple[str, str]:
    first, _, second = interaction.partition("-")
    return min(first, second), max(first, second)


def _split(words: str) -> list[str]:
    return [part for part in words.split("; ") if part]
