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

from mss_analysis.dates import end_of, start_of
from mss_analysis.deployment.moments import find_landings
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.language import mark

# From a measure in place to a mere proposal; `absent` says that a document misses the measure.
MEASURES = (
    mark("implemented"),
    mark("adopted"),
    mark("announced"),
    mark("proposed"),
    mark("absent"),
)
REPORTED, FORESEEN = mark("reported as fact"), mark("foreseen only")
# How near to the mission the reports come, and from how many independent origins, at fewest.
SEVERAL = mark("reported since the landing, by several origins")
SINGLE = mark("reported since the landing, by one origin")
EARLIER = mark("reported only of earlier or of elsewhere")
REACHES = (SEVERAL, SINGLE, EARLIER, FORESEEN)
# How a note says that its passage tells of another time or country.
_ELSEWHERE = (
    r"\b[Ee]arlier (?:missions?|interventions?|peacekeepers|foreign troops)\b|\bnot in Haiti\b"
    r"|^Before the mission|^On the years up to|\b[Yy]ears not stated"
)
_REPEATS = re.compile(r"^repeats: ([\w-]+)")
_MOST_SHOWN = 4
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
    def first(self) -> pd.Series:
        """The passage that raised the risk by the earliest day at the latest."""
        return self.raising.sort_values(["said_to", "known"], kind="stable").iloc[0]

    @property
    def last(self) -> pd.Series:
        """The passage that raised the risk at the latest day at the earliest."""
        return self.raising.sort_values(["said_from", "known"], kind="stable").iloc[-1]

    @property
    def status(self) -> str:
        """Whether a passage reports the risk as fact, or all foresee it."""
        return FORESEEN if self.reported.empty else REPORTED

    @cached_property
    def since(self) -> pd.DataFrame:
        """Passages that report it as fact, surely since the mission landed, and in Haiti."""
        return self.reported[self.reported["here"]]

    @property
    def reach(self) -> str:
        """How near to the mission the reports come: one of :data:`REACHES`."""
        if self.since.empty:
            return FORESEEN if self.reported.empty else EARLIER
        return SEVERAL if count_fewest(self.raising, self.since) > 1 else SINGLE

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
    if "risks" not in evidence.memo:
        evidence.memo["risks"] = _read(evidence)
    return list(evidence.memo["risks"])


def _read(evidence: Evidence) -> list[Risk]:
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
    """Add to each passage its voice, body, outlet and group, and what is known of its document.

    ``repeated`` marks a passage that repeats another, ``restated`` one that another document has.
    The voice is the speaker of the passage that this one repeats in the end, or its own speaker;
    the body is the organisation in ``origins.csv`` for which that speaker speaks, or the voice.
    Documents share an outlet when they have one publisher, when one restates the other, or when
    both reprint one agency, newspaper or report: the outlet of a reprint is what it reprints.
    ``said_from`` and ``said_to`` span the date on which it was said; ``here`` marks a passage said
    surely since the mission landed, whose note places it at no other time or country. ``known``,
    ``grade``, ``kind`` and ``document`` (its name) are those of the document.
    """
    passages = evidence.passages
    rows = {row["evidence_id"]: row for row in passages.to_dict(orient="records")}
    parents = {
        identifier: found[1]
        for identifier, row in rows.items()
        if (found := _REPEATS.match(row["note"]))
    }
    roots = [_follow(identifier, parents) for identifier in rows]
    sources = evidence.sources.set_index("source_id").reindex(passages["source_id"])
    outlets = _group_documents(evidence, rows, parents)
    named = {row["source_id"]: row for row in evidence.sources.to_dict(orient="records")}
    # A passage that repeats one of a document not yet known keeps that passage's id.
    voices = [_name_voice(rows[root], named) if root in rows else root for root in roots]
    bodies = _read_bodies(evidence)
    voices = [bodies.get(_key(voice), voice) for voice in voices]

    landings = find_landings(evidence)
    landed = pd.Timestamp(landings[0].end) if landings else pd.Timestamp.max
    said = start_of(passages["date"])

    def stated(column: str) -> pd.Series:
        return pd.Series(sources[column].array, index=passages.index)

    return passages.assign(
        voice=voices,
        body=[_find_body(voice, bodies) for voice in voices],
        outlet=passages["source_id"].map(outlets),
        document=passages["source_id"].map(evidence.label),
        said_from=said,
        here=(said >= landed) & ~passages["note"].str.contains(_ELSEWHERE, regex=True),
        said_to=end_of(passages["date"]),
        known=stated("known"),
        grade=stated("grade"),
        kind=stated("type"),
        group=passages["actor_group"].replace({"un": "UN"}),
        repeated=passages["evidence_id"].isin(parents),
        # A document may also repeat itself, which restates nobody.
        restated=[
            root not in rows or rows[root]["source_id"] != rows[identifier]["source_id"]
            for identifier, root in zip(rows, roots, strict=True)
        ],
    ).astype({"restated": bool, "here": bool})


def count_origins(passages: pd.DataFrame, unit: str = "origins") -> Estimate:
    """Bound the number of independent origins behind passages that :func:`attribute` gave.

    At most there are as many as voices. At fewest, everybody whom one outlet quotes is one origin,
    since it chose and reported them; outlets that quote one voice are one origin, too, and so are
    all who speak for one body.
    """
    voices = passages["voice"].tolist()
    fewest = float(count_fewest(passages, passages))
    most = float(len(set(voices)))
    ids = tuple(passages["evidence_id"])
    shown = [*ids[:_MOST_SHOWN], *(["…"] if len(ids) > _MOST_SHOWN else [])]
    formula = "origins(" + ", ".join(shown) + ")"
    return Estimate(fewest if fewest == most else None, fewest, most, unit, ids, formula)


def count_fewest(passages: pd.DataFrame, chosen: pd.DataFrame) -> int:
    """Count the fewest independent origins of some passages, by all ties that others show."""
    columns = (passages[column].tolist() for column in ("outlet", "body"))
    parts = _join_voices(passages["voice"].tolist(), *columns)
    return len({parts[voice] for voice in chosen["voice"]})


def _join_voices(voices: list[str], *links: list[object]) -> dict[str, object]:
    """Map each voice to its group: all that shared outlets and bodies tie together.

    >>> groups = _join_voices(["Anna", "Bea", "Cleo"], [1, 1, 2])
    >>> groups["Anna"] == groups["Bea"], len(set(groups.values()))
    (True, 2)
    """
    parts: dict[object, object] = {}

    def find(entry: object) -> object:
        while (above := parts.setdefault(entry, entry)) != entry:
            parts[entry], entry = parts[above], above
        return entry

    for kind, others in enumerate(links):
        for voice, other in zip(voices, others, strict=True):
            parts[find((kind, other))] = find(("voice", voice))
    return {voice: find(("voice", voice)) for voice in voices}


def count_rows(
    rows: pd.DataFrame, unit: str = "passages", among: pd.DataFrame | None = None
) -> Estimate:
    """Count passages or measures; their first column is their id.

    That there is none rests on all rows ``among`` which they were looked for.
    """
    founding = among if rows.empty and among is not None else rows
    return Estimate.count(founding.iloc[:, 0], unit, len(rows))


def count_risks(chosen: Sequence[Risk], among: Sequence[Risk]) -> Estimate:
    """Count risks; the count rests on one passage of each, the first that reports it as fact.

    A risk that is foreseen only is vouched for by the first passage that raises it; that there is
    none rests on all risks looked through.
    """
    ids = (
        (risk.raising if risk.reported.empty else risk.reported)["evidence_id"].iloc[0]
        for risk in chosen or among
    )
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


def _group_documents(
    evidence: Evidence, rows: dict[str, dict[str, str]], parents: dict[str, str]
) -> dict[str, int]:
    """Number the outlets; documents of one outlet carry the same number."""
    documents = nx.Graph()
    for row in evidence.sources.to_dict(orient="records"):
        name = row.get("reprint_of") or row["publisher"]
        nameless = name in ("", "unknown") or name.startswith(("unnamed", "Unnamed"))
        documents.add_edge(row["source_id"], row["source_id"] if nameless else _key(name))
    documents.add_edges_from(
        (rows[child]["source_id"], rows[parent]["source_id"])
        for child, parent in parents.items()
        if parent in rows
    )
    return {
        document: number
        for number, linked in enumerate(nx.connected_components(documents))
        for document in linked
    }


def _name_voice(row: dict[str, str], documents: dict[str, dict[str, str]]) -> str:
    """Name who speaks in a passage, without the occasion; a nameless document by its id.

    Where a reprint speaks in its own voice, the voice is of what it reprints.
    """
    voice = _OCCASION.sub("", row["actor"])
    if "document itself" in row["actor"].lower():
        own = "" if voice.lower() == "the document itself" else voice
        return documents[row["source_id"]].get("reprint_of") or own or row["source_id"]
    return voice


def _read_bodies(evidence: Evidence) -> dict[str, str]:
    """Map the name of each origin to the origin with which it counts as one."""
    origins = evidence.tables["origins"]
    return {
        _key(name): counts_with
        for name, counts_with in zip(origins["origin"], origins["counts_with"], strict=True)
    }


def _find_body(voice: str, bodies: dict[str, str]) -> str:
    """Find for which body somebody speaks: by a part of the name, else by how the name begins.

    >>> _find_body("Volker Türk, OHCHR", {"ohchr": "BINUH"})
    'BINUH'
    >>> _find_body("MSS spokesperson", {"mss": "MSS"})
    'MSS'
    """
    for part in voice.split(", "):
        if _key(part) in bodies:
            return bodies[_key(part)]
    words = _key(voice).split(" ")
    starts = (" ".join(words[:length]) for length in range(len(words), 0, -1))
    return next((bodies[start] for start in starts if start in bodies), voice)


def _key(name: str) -> str:
    """Compare names without their article and letter case."""
    return name.casefold().removeprefix("the ")


def _pair(interaction: str) -> tuple[str, str]:
    first, _, second = interaction.partition("-")
    return min(first, second), max(first, second)


def _split(words: str) -> list[str]:
    return [part for part in words.split("; ") if part]
