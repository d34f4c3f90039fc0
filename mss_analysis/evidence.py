"""The evidence base as it was known on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mss_analysis.codes import tell_status
from mss_analysis.dates import describe, write_date
from mss_analysis.estimate import Estimate
from mss_analysis.language import mark, name_of, tell, translate
from mss_analysis.schema import SEPARATOR, WHOLE_PAGE
from mss_analysis.wording import phrase

CORPORA = {"seed": mark("documents of the reading list"), "full": mark("all documents")}
# Tables whose rows state something at a place in a document, and their ids.
STATEMENTS = {
    "events": "event_id",
    "evidence": "evidence_id",
    "mitigations": "mitigation_id",
    "observations": "observation_id",
}
_TOLD = {"event": "title", "evidence": "paraphrase", "mitigation": "description"}
_TOLD_LABELS = {
    "event": mark("Event"),
    "evidence": mark("Passage on a risk"),
    "mitigation": mark("Measure"),
}
# So many places the sentence of a mark names.
FEW = 3
# So many documents an evidence base shows of itself, the newest.
_SHOWN = 10


class ParameterError(ValueError):
    """A parameter has a value that it can't have; the message says which would be right."""


@dataclass(frozen=True)
class Evidence:
    """All tables, restricted to what was known on ``as_of``.

    ``tables`` maps a table's name to its frame, in file order, with all corrections applied.
    ``observations`` carries resolved ``low`` and ``high`` (an open end is infinite), real dates,
    and the ``origin`` under which a figure counts as one witness.
    """

    as_of: date
    corpus: str
    tables: dict[str, pd.DataFrame]
    fingerprint: str
    min_grade: str = "F"
    language: str = "en"

    @property
    def sources(self) -> pd.DataFrame:
        """Documents; ``known`` is the day from which each counts as known, ``grade`` its worth."""
        return self.tables["sources"]

    @property
    def indicators(self) -> pd.DataFrame:
        """Things counted."""
        return self.tables["indicators"]

    @property
    def observations(self) -> pd.DataFrame:
        """Figures, one row for each statement of a source."""
        return self.tables["observations"]

    @property
    def identities(self) -> pd.DataFrame:
        """Relations that must hold between figures, one row a term."""
        return self.tables["identities"]

    @property
    def events(self) -> pd.DataFrame:
        """Events; ``start`` and ``end`` span what a partial date leaves open."""
        return self.tables["events"]

    @property
    def corrections(self) -> pd.DataFrame:
        """Errata of rows known on the day."""
        return self.tables["corrections"]

    @property
    def risks(self) -> pd.DataFrame:
        """Risks on which a known document has a passage."""
        return self.tables["risks"]

    @property
    def passages(self) -> pd.DataFrame:
        """Passages that bear on a risk (``evidence.csv``)."""
        return self.tables["evidence"]

    @property
    def mitigations(self) -> pd.DataFrame:
        """Measures against risks."""
        return self.tables["mitigations"]

    def select(self, indicator: str | Iterable[str], **where: str | Iterable[str]) -> pd.DataFrame:
        """Pick observations by indicator and by any other column.

        >>> import mss_analysis as mss
        >>> mss.load(corpus="seed").select("killed", place="Haiti").empty
        False
        """
        rows = self.observations
        for column, wanted in {"indicator": indicator, **where}.items():
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            rows = rows[rows[column].isin(values)]
        return rows

    def row(self, identifier: str) -> dict[str, Any]:
        """Give the row of an observation, event, passage or measure."""
        return self._records[identifier]

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """The row of each document."""
        return {row["source_id"]: row for row in self.sources.to_dict(orient="records")}

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each observation stands in the table."""
        return {entry: at for at, entry in enumerate(self.observations["observation_id"])}

    @cached_property
    def indicator_labels(self) -> dict[str, str]:
        """What each indicator is called."""
        named = map(name_of, self.indicators["label"])
        return dict(zip(self.indicators["indicator"], named, strict=True))

    @cached_property
    def type_labels(self) -> dict[str, str]:
        """What each kind of document is called; one that the table lacks keeps its code."""
        types = self.tables["source_types"]
        named = dict(zip(types["type"], types["label"], strict=True))
        return {kind: name_of(named.get(kind, kind)) for kind in {*named, *self.sources["type"]}}

    def estimate(self, observation_id: str) -> Estimate:
        """Give one observation as an :class:`Estimate`.

        Raises
        ------
        KeyError
            When nothing of that id was known on ``as_of``.

        """
        return self._estimates[observation_id]

    def estimates(self, observations: pd.DataFrame | Iterable[str]) -> list[Estimate]:
        """Give several observations as estimates, in order."""
        if isinstance(observations, pd.DataFrame):
            observations = observations["observation_id"]
        return [self._estimates[identifier] for identifier in observations]

    @cached_property
    def terms(self) -> list[tuple[str, str, dict[str, list[str]]]]:
        """The declared relations in file order: (identity, kind, role -> ids of figures)."""
        found: dict[str, tuple[str, str, dict[str, list[str]]]] = {}
        columns = ["identity_id", "kind", "role", "observation_id"]
        for identity, kind, role, observation in self.identities[columns].itertuples(index=False):
            entry = found.setdefault(identity, (identity, kind, {}))
            entry[2].setdefault(role, []).append(observation)
        return list(found.values())

    def relations(self, kind: str) -> list[tuple[str, dict[str, Estimate]]]:
        """Read the declared relations of one kind whose roles each have one term.

        Gives (identity, role -> figure), in file order.
        """
        return [
            (identity, {role: self._estimates[ids[0]] for role, ids in roles.items()})
            for identity, is_kind, roles in self.terms
            if is_kind == kind
        ]

    def lies_within(self, place: str, whole: str) -> bool:
        """Whether a place is another, or lies in it.

        >>> import mss_analysis as mss
        >>> mss.load(corpus="seed").lies_within("Port-au-Prince", "Haiti")
        True
        """
        while place and place != whole:
            place = self._within.get(place, "")
        return place == whole

    @cached_property
    def explained(self) -> list[tuple[dict[str, str], set[str]]]:
        """Explanations of conflicts that a person gave, with the figures that each is about."""
        rows = self.tables["explanations"].to_dict(orient="records")
        return [(row, set(row["observations"].split(SEPARATOR))) for row in rows]

    @cached_property
    def memo(self) -> dict[str, Any]:
        """Results that several pages ask for, by name."""
        return {}

    @property
    def coverage(self) -> str:
        """Say which documents count: all of a corpus, or those of a grade and better."""
        words = translate(CORPORA[self.corpus])
        if self.min_grade == "F":
            return words
        return tell("{documents} of grade {grade} or better", documents=words, grade=self.min_grade)

    @property
    def statements(self) -> list[str]:
        """Ids of everything that stands at a place in a document."""
        return list(self._records)

    def states(self, identifier: str) -> bool:
        """Whether a row of that id was known on ``as_of``, in whichever table."""
        return identifier in self._records

    def label(self, source_id: str) -> str:
        """Name a source in a few words: publisher (or kind) and date."""
        return self._labels[source_id]

    def cite(self, ids: Iterable[str], most: int | None = None) -> str:
        """Name the places where rows stand: ``The New Humanitarian, June 2024, p8``.

        A document that is one page is named alone. Of many places ``most`` are named and the rest
        counted. Ids of observations, events, passages and mitigations are all understood.
        """
        places = {}
        for identifier in ids:
            row = self._records[identifier]
            label, locator = self.label(row["source_id"]), row["locator"]
            places[label if locator == WHOLE_PAGE else f"{label}, {locator}"] = True
        return name_few(list(places), most)

    def name_documents(self, ids: Iterable[str], most: int | None = None) -> str:
        """Name the documents that rows stand in, as :meth:`cite` names the places."""
        named = dict.fromkeys(self.label(self.row(each)["source_id"]) for each in ids)
        return name_few(list(named), most)

    def publishers(self, source_ids: Iterable[str]) -> list[str]:
        """Name the publishers of documents, those of most documents first."""
        wanted = set(source_ids)
        rows = self.sources[self.sources["source_id"].isin(wanted)]
        unnamed = mark("publishers not named")
        known = rows["publisher"].astype(str).replace("unknown", unnamed)
        ranked = known.value_counts(sort=True).index
        # Nobody's name comes before somebody's.
        return [name_of(words) for words in sorted(ranked, key=lambda words: words == unnamed)]

    def provenance(self, ids: Iterable[str]) -> dict[str, Any]:
        """Describe rows and their sources so that a page can show where each stands."""
        # The module of changes reads evidence, hence it comes in late.
        from mss_analysis.changes import find_newer

        newer = find_newer(self)
        rows = {identifier: self._describe(identifier) for identifier in dict.fromkeys(ids)}
        for identifier in rows.keys() & newer.keys():
            later = newer[identifier]
            rows[identifier]["superseded"] = later
            rows[identifier]["newer"] = tell(
                "{figure}, {when} ({where})",
                figure=phrase(self.estimate(later)),
                when=describe(self.row(later)),
                where=self.cite([later]),
            )
        wanted = {entry["source"] for entry in rows.values()}
        known = self.sources[self.sources["source_id"].isin(wanted)]
        return {
            "observations": rows,
            "sources": {
                row["source_id"]: self._describe_source(row)
                for row in known.to_dict(orient="records")
            },
            "edition": {
                "as_of": self.as_of.isoformat(),
                "corpus": self.coverage,
                "language": self.language,
            },
        }

    def _describe(self, identifier: str) -> dict[str, Any]:
        row = self._records[identifier]
        kind = "observation"
        if "observation_id" in row:
            figure = self.estimate(identifier)
            told = {
                "wording": phrase(figure),
                "value": _finite(figure.value),
                "low": _finite(figure.low),
                "high": _finite(figure.high),
                "indicator": self.indicator_labels[row["indicator"]],
                "when": describe(row),
            }
        else:
            kind, words = next(
                (kind, column) for kind, column in _TOLD.items() if f"{kind}_id" in row
            )
            told = {
                "wording": name_of(row[words]),
                "value": None,
                "low": None,
                "high": None,
                "indicator": translate(_TOLD_LABELS[kind]),
                "when": write_date(row["date"]),
            }
        return told | {
            "place": name_of(row.get("place", "")),
            "party": name_of(row.get("party", row.get("parties", ""))),
            "population": name_of(row.get("population", "")),
            "status": tell_status(kind, row.get("status", "")),
            "who": name_of(row.get("attributed_to", row.get("actor", row.get("owner", "")))),
            "source": row["source_id"],
            "locator": row["locator"],
            "note": " ".join(filter(None, [row["note"], self._errata.get(identifier, "")])),
        }

    def _describe_source(self, row: dict[str, Any]) -> dict[str, str]:
        """Describe a document in the language; an unknown publisher is left empty."""
        return {
            "title": row["title"],
            "publisher": "" if row["publisher"] == "unknown" else name_of(row["publisher"]),
            "published": row["published"],
            "type": self.type_labels[row["type"]],
            "grade": row["grade"],
            "url": row["url"],
            "note": name_of(row["note"]),
        }

    @cached_property
    def _records(self) -> dict[str, dict[str, Any]]:
        """Every row that states something at a place in a document, by its id."""
        return {
            row[key]: row
            for table, key in STATEMENTS.items()
            for row in self.tables[table].to_dict(orient="records")
        }

    @cached_property
    def _within(self) -> dict[str, str]:
        places = self.tables["places"]
        return dict(zip(places["place"], places["within"], strict=True))

    @cached_property
    def _errata(self) -> dict[str, str]:
        """What was mended in a row, in words."""
        told: dict[str, list[str]] = {}
        for entry in self.corrections.to_dict(orient="records"):
            words = tell(
                "Corrected: {column} was recorded as {was}.",
                column=entry["column"],
                was=entry["was"] or translate(mark("empty")),
            )
            told.setdefault(entry["row"], []).append(words)
        return {row: " ".join(words) for row, words in told.items()}

    @cached_property
    def _estimates(self) -> dict[str, Estimate]:
        return {
            identifier: Estimate(
                None if pd.isna(row["value"]) else float(row["value"]),
                row["low"],
                row["high"],
                row["unit"],
                (identifier,),
                identifier,
                row["qualifier"],
                row["status"],
            )
            for identifier, row in self._records.items()
            if "observation_id" in row
        }

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            row["source_id"]: ", ".join(
                filter(
                    None,
                    [
                        _capitalise(self.type_labels[row["type"]])
                        if row["publisher"] == "unknown"
                        else name_of(row["publisher"]),
                        write_date(row["published"])
                        if row["published"]
                        else translate(mark("undated")),
                    ],
                )
            )
            for row in self.sources.to_dict(orient="records")
        }

    def _repr_html_(self) -> str:
        words = tell(
            "{documents} documents, {observations} observations, {events} events, known on {day}.",
            documents=len(self.sources),
            observations=len(self.observations),
            events=len(self.events),
            day=write_date(self.as_of.isoformat(), "on"),
        )
        newest = self.sources.sort_values("known", kind="stable", ascending=False)
        rows = "".join(_list_document(row) for row in newest.head(_SHOWN).to_dict(orient="records"))
        heads = (mark("Document"), mark("Publisher"), mark("Published"), mark("Grade"))
        head = "".join(f"<th>{escape(translate(words))}</th>" for words in heads)
        return f"<p>{words}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def name_few(names: Sequence[str], most: int | None = None) -> str:
    """Name all of a list, or ``most`` and the number of the others; one more is named, too.

    >>> name_few(["A", "B", "C"], 2), name_few(["A", "B", "C", "D"], 2)
    ('A; B; C', 'A; B and 2 others')
    """
    if most is None or len(names) <= most + 1:
        return tell("; ").join(names)
    few = tell("; ").join(names[:most])
    return tell("{documents} and {n} others", documents=few, n=len(names) - most)


def _capitalise(words: str) -> str:
    """Begin with a capital; abbreviations further on keep theirs."""
    return words[:1].upper() + words[1:]


def _list_document(row: dict[str, Any]) -> str:
    """Write a document as a row of a table, with a link to where it stands."""
    title, url = escape(row["title"]), str(row["url"])
    if url.startswith(("https://", "http://")):
        title = f'<a href="{escape(url, quote=True)}">{title}</a>'
    published = write_date(row["published"]) if row["published"] else translate(mark("undated"))
    cells = (title, escape(name_of(row["publisher"])), escape(published), row["grade"])
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None
