"""The register: every source with all that it states, every conflict, and what changed of late.

The press makes a page of each, and the index of its search, from this one record; by hand,
``describe_register(["en"])`` shows it in a notebook.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mss_analysis import language
from mss_analysis.changes import find_changes
from mss_analysis.conflict import CONTRADICTION, Conflict, find_explanation
from mss_analysis.evidence import STATEMENTS, Evidence
from mss_analysis.language import mark, name_of, translate
from mss_analysis.overview import pick_changes
from mss_analysis.prose import Text, cite, compose, link, told
from mss_analysis.sources.disputes import order_conflicts
from mss_analysis.sources.holdings import GRADES
from mss_analysis.themes import name_theme, weigh
from mss_analysis.vintage import load

REGISTER = "application/vnd.mss.register+json"
Record = dict[str, Any]

# What a reader is told of each kind of conflict.
KINDS = {
    "time": mark("The figures speak of different times, as far as their documents tell."),
    "scope": mark("The figures differ in whom or where they count."),
    "definition": mark("The figures come from bodies that count apart, or count different things."),
    "arithmetic": mark("The figures do not add up."),
    "rounding": mark("The difference is small enough to come from rounding."),
    "unexplained": mark("Nothing in the documents explains the difference."),
}
# The author of explanations that are ours, named here for the catalogues.
EDITORS = mark("MSS Haiti research notebooks, editors")
_GROUPS = {
    "observations": mark("Figures"),
    "events": mark("Events"),
    "evidence": mark("Passages on risks"),
    "mitigations": mark("Measures against risks"),
}
_TOLD = {"events": "title", "evidence": "paraphrase", "mitigations": "description"}
_CHANGES = {"revised": mark("revised"), "superseded": mark("newer")}
_MOST_CHANGES = _MOST_DISPUTES = 6
# A gap of this share of the figures is news; a smaller one is for the page on the conflict.
_LARGE = 0.05


@dataclass(frozen=True)
class Register:
    """What the register holds, by language."""

    languages: dict[str, Record]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        first = next(iter(self.languages.values()))
        counts = f"{len(first['sources'])} sources, {len(first['disputes'])} conflicts"
        return {REGISTER: {"languages": self.languages}, "text/plain": counts}


def describe_register(
    languages: Iterable[str] = ("en",),
    as_of: str = "latest",
    corpus: str = "full",
    since: str = "",
) -> Register:
    """Describe all sources and conflicts of a vintage, and the changes since an earlier one.

    Examples
    --------
    >>> register = describe_register(corpus="seed").languages["en"]
    >>> [source["publisher"] for source in register["sources"] if source["published"] == "2024-06"]
    ['The New Humanitarian']

    """
    found = {}
    for code in languages:
        with language.spoken(code):
            evidence = load(as_of, corpus, code)
            earlier = load(since, corpus, code) if since else None
            found[code] = _describe(evidence, earlier)
    return Register(found)


def _describe(evidence: Evidence, earlier: Evidence | None) -> Record:
    groups = {
        identifier: table
        for table, key in STATEMENTS.items()
        for identifier in evidence.tables[table][key]
    }
    rows = evidence.provenance(groups)["observations"]
    themes = dict(zip(evidence.risks["risk_id"], evidence.risks["title"], strict=True))
    for identifier, row in rows.items():
        row |= _tell_apart(evidence.row(identifier), groups[identifier], themes)
    return {
        "as_of": evidence.as_of.isoformat(),
        "corpus": evidence.coverage,
        "rows": rows,
        "groups": [[table, translate(words)] for table, words in _GROUPS.items()],
        "sources": _list_sources(evidence, rows),
        "disputes": _list_disputes(evidence),
        "since": earlier.as_of.isoformat() if earlier else "",
        "changes": _list_changes(earlier, evidence) if earlier else [],
    }


def _tell_apart(row: Record, table: str, risks: dict[str, str]) -> Record:
    """What a row has beside its wording: its group, its day, the risk that it bears on."""
    own: Record = {"group": table}
    if table == "observations":
        own["unit"] = row["unit"]
    else:
        own["translated"] = language.has_name(row[_TOLD[table]])
    if "risk_id" in row:
        own["indicator"] = name_of(risks.get(row["risk_id"], ""))
    return own


def _list_sources(evidence: Evidence, rows: dict[str, Record]) -> list[Record]:
    """Describe each document, newest first, with the ids of what it states."""
    stated: dict[str, list[str]] = defaultdict(list)
    for identifier, row in rows.items():
        stated[row["source"]].append(identifier)
    sources = evidence.sources.sort_values(
        ["known", "source_id"], ascending=[False, True], na_position="last"
    ).to_dict(orient="records")
    reprints: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        reprints[source["reprint_of"]].append(source["source_id"])
    types = evidence.tables["source_types"].set_index("type")["definition"].to_dict()
    errata = _list_errata(evidence, rows)
    return [
        {
            "id": source["source_id"],
            "title": source["title"],
            "publisher": "" if source["publisher"] == "unknown" else name_of(source["publisher"]),
            "type": evidence.type_labels[source["type"]],
            "rule": name_of(types.get(source["type"], "")),
            "grade": source["grade"],
            "reliability": translate(GRADES[source["grade"]]),
            "published": source["published"],
            "known": "" if pd.isna(source["known"]) else source["known"].strftime("%Y-%m-%d"),
            "url": source["url"],
            "language": source["language"],
            "is_seed": source["corpus"] == "seed",
            "label": evidence.label(source["source_id"]),
            "reprint_of": source["reprint_of"],
            "reprints": reprints[source["source_id"]],
            "note": name_of(source["note"]),
            "errata": errata.get(source["source_id"], []),
            "stated": stated[source["source_id"]],
        }
        for source in sources
    ]


def _list_errata(evidence: Evidence, rows: dict[str, Record]) -> dict[str, list[Record]]:
    """List what was mended of each document, and of the rows that rest on it."""
    found: dict[str, list[Record]] = defaultdict(list)
    for entry in evidence.corrections.to_dict(orient="records"):
        row = entry["row"]
        own = {column: entry[column] for column in ("row", "column", "was", "is", "date")}
        own["reason"] = name_of(entry["reason"])
        found[rows[row]["source"] if row in rows else row].append(own)
    return found


def _list_disputes(evidence: Evidence) -> list[Record]:
    """Describe each conflict, the weightiest first; ``lead`` marks those for a front page."""
    ordered = order_conflicts(evidence)
    leading = _pick_leading(evidence, ordered)
    notes = dict(zip(evidence.identities["identity_id"], evidence.identities["note"], strict=True))
    return [
        _describe_dispute(evidence, conflict, notes.get(conflict.id, ""))
        | {"lead": conflict.id in leading}
        for conflict in ordered
    ]


def _pick_leading(evidence: Evidence, ordered: list[Conflict]) -> set[str]:
    """Pick the first contradiction on each thing that is too large to come from rounding."""
    found: dict[str, str] = {}
    for conflict in ordered:
        gap = conflict.revision
        if gap is None or conflict.kind == "rounding":
            continue
        alike = [f.low for f in evidence.estimates(conflict.observations) if f.unit == gap.unit]
        if alike and gap.low >= _LARGE * max(alike):
            found.setdefault(evidence.row(conflict.observations[0])["indicator"], conflict.id)
    return set(list(found.values())[:_MOST_DISPUTES])


def _describe_dispute(evidence: Evidence, conflict: Conflict, relation: str) -> Record:
    indicator = evidence.row(conflict.observations[0])["indicator"]
    explanation = find_explanation(evidence, conflict.observations)
    stated = [evidence.row(entry)["source_id"] for entry in conflict.observations]
    sources = evidence.sources.set_index("source_id").loc[stated]
    # An undated document counts as known at the latest vintage only.
    known = sources["known"].fillna(pd.Timestamp(evidence.as_of)).max()
    # Figures that cannot all be true could not either when all of them had just become known.
    return {
        "id": conflict.id,
        "contested": conflict.severity == CONTRADICTION and conflict.kind != "rounding",
        "known": known.strftime("%Y-%m-%d"),
        "within": {
            "corpus": ["full", *(["seed"] if (sources["corpus"] == "seed").all() else [])],
            "min_grade": [grade for grade in reversed(GRADES) if grade >= sources["grade"].max()],
        },
        "severity": conflict.severity,
        "severity_name": translate(conflict.severity),
        "kind": translate(conflict.kind),
        "meaning": translate(KINDS[conflict.kind]),
        "counted": evidence.indicator_labels[indicator],
        "theme": translate(name_theme(indicator)),
        "sentence": _without_places(evidence, conflict),
        "relation": told(relation).html if relation else "",
        "reason": told(explanation["reason"]).html if explanation else "",
        "author": name_of(explanation["author"]) if explanation else "",
        "revision": _strip(link(conflict.revision)) if conflict.revision else None,
        "observations": list(conflict.observations),
    }


def _without_places(evidence: Evidence, conflict: Conflict) -> Record:
    """Say what is at odds; where each figure stands, its page tells anyway."""
    places = compose("({places})", places=cite(evidence, conflict.observations))
    told = _strip(conflict.sentence)
    return {
        "html": told["html"].removesuffix(f" {places.html}"),
        "plain": told["plain"].removesuffix(f" {places.plain}"),
    }


def _list_changes(earlier: Evidence, later: Evidence) -> list[Record]:
    """Describe the changes that weigh the most: of each thing the latest."""
    moved = [change for change in find_changes(earlier, later) if change.kind != "new"]
    picked = pick_changes(later, moved)
    picked.sort(key=lambda change: weigh(later, change.observation))
    return [
        {"kind": translate(_CHANGES[change.kind]), "sentence": _strip(change.sentence)}
        for change in picked[:_MOST_CHANGES]
    ]


def _strip(text: Text) -> Record:
    return {"html": text.html, "plain": text.plain}
