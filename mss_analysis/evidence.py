"""The evidence base as it was known on a day."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mss_analysis.bounds import Rules, read_rules, resolve
from mss_analysis.dates import describe, end_of, start_of, write_date
from mss_analysis.estimate import Estimate
from mss_analysis.schema import EvidenceError, Table, locate_data, read_schema
from mss_analysis.wording import phrase

CORPORA = {"seed": "documents of the reading list", "full": "all documents"}
LANGUAGES = ("en",)
# Tables whose rows state something at a place in a document, and their ids.
STATEMENTS = {
    "events": "event_id",
    "evidence": "evidence_id",
    "mitigations": "mitigation_id",
    "observations": "observation_id",
}
_TOLD = {"event": "title", "evidence": "paraphrase", "mitigation": "description"}
_TOLD_LABELS = {"event": "Event", "evidence": "Passage on a risk", "mitigation": "Measure"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATES = ("period_start", "period_end", "as_of")


class ParameterError(ValueError):
    """A parameter has a value that it can't have; the message says which would be right."""


@dataclass(frozen=True)
class Evidence:
    """All tables, restricted to what was known on ``as_of``.

    ``tables`` maps a table's name to its frame, in file order. ``observations`` carries resolved
    ``low`` and ``high`` (an open end is infinite) and real dates.
    """

    as_of: date
    corpus: str
    tables: dict[str, pd.DataFrame]
    fingerprint: str

    @property
    def sources(self) -> pd.DataFrame:
        """Documents; ``known`` is the day from which each counts as known."""
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

        >>> load(corpus="seed").select("killed", place="Haiti").empty
        False
        """
        rows = self.observations
        for column, wanted in {"indicator": indicator, **where}.items():
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            rows = rows[rows[column].isin(values)]
        return rows

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

    def relations(self, kind: str) -> list[tuple[str, dict[str, Estimate]]]:
        """Read the declared relations of one kind whose roles each have one term.

        Gives (identity, role -> figure), in file order.
        """
        rows = self.identities[self.identities["kind"] == kind]
        return [
            (str(identifier), dict(zip(terms["role"], self.estimates(terms), strict=True)))
            for identifier, terms in rows.groupby("identity_id", sort=False)
        ]

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

    def cite(self, ids: Iterable[str]) -> str:
        """Name the places where rows stand: ``The New Humanitarian, June 2024, p8``.

        Ids of observations, events, passages and mitigations are all understood.
        """
        places = {}
        for identifier in ids:
            row = self._records[identifier]
            places[f"{self.label(row['source_id'])}, {row['locator']}"] = True
        return "; ".join(places)

    def provenance(self, ids: Iterable[str]) -> dict[str, Any]:
        """Describe rows and their sources so that a page can show where each stands."""
        rows = {identifier: self._describe(identifier) for identifier in dict.fromkeys(ids)}
        wanted = {entry["source"] for entry in rows.values()}
        columns = ["title", "publisher", "published", "type", "url", "note"]
        known = self.sources[self.sources["source_id"].isin(wanted)].set_index("source_id")
        return {
            "observations": rows,
            "sources": known[columns].to_dict(orient="index"),
            "edition": {"as_of": self.as_of.isoformat(), "corpus": CORPORA[self.corpus]},
        }

    def _describe(self, identifier: str) -> dict[str, Any]:
        row = self._records[identifier]
        if "observation_id" in row:
            figure = self.estimate(identifier)
            told = {
                "wording": phrase(figure),
                "value": _finite(figure.value),
                "low": _finite(figure.low),
                "high": _finite(figure.high),
                "indicator": self._indicators[row["indicator"]]["label"],
                "when": describe(row),
            }
        else:
            kind, words = next(
                (kind, column) for kind, column in _TOLD.items() if f"{kind}_id" in row
            )
            told = {
                "wording": row[words],
                "value": None,
                "low": None,
                "high": None,
                "indicator": _TOLD_LABELS[kind],
                "when": write_date(row["date"]),
            }
        return told | {
            "place": row.get("place", ""),
            "party": row.get("party", row.get("parties", "")),
            "population": row.get("population", ""),
            "status": row.get("status", ""),
            "who": row.get("attributed_to", row.get("actor", row.get("owner", ""))),
            "source": row["source_id"],
            "locator": row["locator"],
            "note": row["note"],
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
    def _indicators(self) -> dict[str, dict[str, Any]]:
        return self.indicators.set_index("indicator", drop=False).to_dict(orient="index")

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
                        row["type"].capitalize()
                        if row["publisher"] == "unknown"
                        else row["publisher"],
                        write_date(row["published"]) if row["published"] else "undated",
                    ],
                )
            )
            for row in self.sources.to_dict(orient="records")
        }

    def _repr_html_(self) -> str:
        return (
            f"<p>{len(self.sources)} documents, {len(self.observations)} observations, "
            f"{len(self.events)} events, known on {write_date(self.as_of.isoformat())}.</p>"
        )


def load(
    as_of: str = "latest",
    corpus: str = "full",
    language: str = "en",
    data: Path | str | None = None,
    rules: Rules | None = None,
) -> Evidence:
    """Read the evidence base as it was known on a day.

    Parameters
    ----------
    as_of
        ISO date, or ``latest``: the newest publication date in the data, never the clock. A
        document with a partial publication date counts as known at the end of that month or year,
        one without any only at ``latest``.
    corpus
        ``seed`` (the documents the project started from) or ``full``.
    language
        Language of labels and sentences; ``en``.
    data
        Folder of the tables; by default the one that comes with the library.
    rules
        Bounds for each wording; by default those of ``qualifiers.csv``.

    Raises
    ------
    ParameterError
        When a parameter has an impossible value.
    EvidenceError
        When a table is missing or can't be read.

    Examples
    --------
    >>> load("2024-07-01", corpus="seed").sources["source_id"].tolist()
    ['004_ecda221a58dc764e']

    """
    _choose("corpus", corpus, CORPORA)
    _choose("language", language, LANGUAGES)
    folder = Path(data) if data else locate_data()
    schema = read_schema(folder)
    tables = {name: read_table(folder, table) for name, table in schema.items()}
    try:
        day = _restrict(tables, schema, as_of, corpus)
        _complete(tables, rules or read_rules(folder / schema["qualifiers"].path))
    except ParameterError:
        raise
    except (ValueError, KeyError, ArithmeticError) as error:
        words = str(error).partition("\n")[0].partition(",")[0]
        raise EvidenceError(
            f"The tables in {folder} can't be used ({words}); run `mss check`."
        ) from None
    return Evidence(day, corpus, tables, _fingerprint(folder, schema))


def _restrict(
    tables: dict[str, pd.DataFrame], schema: dict[str, Table], as_of: str, corpus: str
) -> date:
    """Keep what was known on the day, and give that day."""
    sources = tables["sources"]
    sources["known"] = end_of(sources["published"])
    if corpus == "seed":
        sources = sources[sources["corpus"] == "seed"]
    day = _parse_day(as_of, sources["known"].max())
    is_known = sources["known"] <= pd.Timestamp(day)
    if as_of == "latest":
        is_known |= sources["known"].isna()
    tables["sources"] = sources[is_known].reset_index(drop=True)
    for name, table in schema.items():
        if any(reference.table == "sources" for reference in table.references):
            stated = tables[name]["source_id"].isin(tables["sources"]["source_id"])
            tables[name] = tables[name][stated].reset_index(drop=True)
    _keep_known_terms(tables)
    return day


def _complete(tables: dict[str, pd.DataFrame], rules: Rules) -> None:
    """Fill bounds from wording, and turn written dates into dates."""
    observations, events = tables["observations"], tables["events"]
    observations[["low", "high"]] = resolve(observations, rules)
    for column in _DATES:
        observations[column] = pd.to_datetime(observations[column], format="%Y-%m-%d")
    events["start"] = start_of(events["date"])
    events["end"] = end_of(events["date_end"].where(events["date_end"] != "", events["date"]))


def read_table(folder: Path, table: Table) -> pd.DataFrame:
    """Read one table: text columns as text (empty when missing), numbers as floats.

    Raises
    ------
    EvidenceError
        When the file is missing or is not the table described.

    """
    path = folder / table.path
    kinds = {name: "float64" if name in table.numbers else "str" for name in table.columns}
    try:
        frame = pd.read_csv(
            path,
            dtype=kinds,
            keep_default_na=False,
            na_values={name: [""] for name in table.numbers},
            usecols=table.columns,
            encoding="utf-8",
        )
    except FileNotFoundError:
        raise EvidenceError(f"{table.path} is missing in {folder}.") from None
    except ValueError as error:
        raise EvidenceError(
            f"{table.path} can't be read ({str(error).splitlines()[0]}); run `mss check`."
        ) from None
    return frame[table.columns]


def _choose(parameter: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise ParameterError(f"{parameter} must be one of {', '.join(choices)}, not {value!r}.")


def _parse_day(as_of: str, newest: pd.Timestamp) -> date:
    if as_of == "latest":
        if pd.isna(newest):
            raise EvidenceError("No source has a publication date, so there is no latest vintage.")
        return newest.date()
    try:
        # ISO 8601 knows other spellings (20241130, weeks) that a reader may misread.
        return datetime.strptime(_DAY.fullmatch(str(as_of))[0], "%Y-%m-%d").date()
    except (TypeError, ValueError):
        raise ParameterError(
            f"as_of must be an ISO date such as 2024-11-30, or 'latest', not {as_of!r}."
        ) from None


def _keep_known_terms(tables: dict[str, pd.DataFrame]) -> None:
    """Drop relations and risks that no known document bears on."""
    identities, passages = tables["identities"], tables["evidence"]
    known = identities["observation_id"].isin(tables["observations"]["observation_id"])
    # A relation one of whose terms isn't known yet can't be tested at that vintage, unless it
    # says that several figures are the same: then any two of them will do.
    terms = known.groupby(identities["identity_id"])
    is_testable = terms.transform("all") | (
        (identities["kind"] == "same") & (terms.transform("sum") > 1)
    )
    tables["identities"] = identities[known & is_testable].reset_index(drop=True)
    raised = tables["risks"]["risk_id"].isin(passages["risk_id"])
    tables["risks"] = tables["risks"][raised].reset_index(drop=True)


def _fingerprint(folder: Path, schema: dict[str, Table]) -> str:
    digest = hashlib.sha256()
    for table in schema.values():
        digest.update(table.path.encode() + b"\0" + (folder / table.path).read_bytes() + b"\0")
    return digest.hexdigest()


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None
