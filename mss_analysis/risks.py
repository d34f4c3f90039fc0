"""Risks of civil-police-military interaction: what is feared, what is reported, who says so.

A risk is never scored here. Shown are the passages that bear on it, by stance; whether one of them
reports harm or all of them foresee it; the measures that documents name; and how many independent
origins stand behind it. The number of passages measures attention, not likelihood.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import networkx as nx
import pandas as pd

from mss_analysis.charts import draw_balance, draw_bars, draw_intervals, draw_matrix
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, cite, compose, enumerate_parts, refer

NOTHING = "No document known on this day names a risk."
STANCES = {"raises": "raises the risk", "disputes": "disputes it", "mitigates": "names a remedy"}
# From a measure in place to a mere proposal; `absent` says that a document misses the measure.
MEASURES = ("implemented", "adopted", "announced", "proposed", "absent")
HARM, FEAR = "harm reported", "foreseen only"
# A matrix with more columns can't be read; the documents that say least are put together.
_MOST_COLUMNS = 12
_REPEATS = re.compile(r"^repeats: ([\w-]+)")
# What follows a speaker's name: by whom cited, on what occasion.
_OCCASION = re.compile(r"(, as (cited|reported|quoted) by|, citing| \().*")


@dataclass(frozen=True, eq=False)
class Risk:
    """A risk with the passages and the measures that bear on it.

    ``passages`` carries ``voice`` and ``outlet``, as :func:`attribute` gives them.
    """

    id: str
    title: str
    statement: str
    actors: tuple[tuple[str, str], ...]
    affected: tuple[str, ...]
    passages: pd.DataFrame
    measures: pd.DataFrame

    @property
    def raising(self) -> pd.DataFrame:
        """Passages that raise the risk."""
        return self.passages[self.passages["stance"] == "raises"]

    @property
    def harm(self) -> pd.DataFrame:
        """Passages that report that harm happened."""
        return self.raising[self.raising["status"] == "reported"]

    @property
    def status(self) -> str:
        """Whether a passage reports harm, or all foresee it."""
        return FEAR if self.harm.empty else HARM

    @property
    def origins(self) -> Estimate:
        """Independent origins that raise the risk, from fewest to most."""
        return count_origins(self.raising)

    def rung(self) -> str:
        """Give the furthest status that a measure against the risk has; empty without one."""
        return next((rung for rung in MEASURES if (self.measures["status"] == rung).any()), "")


def read_risks(evidence: Evidence) -> list[Risk]:
    """Read the risks that a known passage raises, the most independently attested first."""
    passages = attribute(evidence)
    measures = evidence.mitigations
    risks = [
        Risk(
            row["risk_id"],
            row["title"],
            row["statement"],
            tuple(_pair(entry) for entry in _split(row["interaction"])),
            tuple(_split(row["affected"])),
            passages[passages["risk_id"] == row["risk_id"]],
            measures[measures["risk_id"] == row["risk_id"]],
        )
        for row in evidence.risks.to_dict(orient="records")
    ]
    raised = [(risk, risk.origins) for risk in risks if not risk.raising.empty]
    raised.sort(key=lambda pair: (-pair[1].low, -pair[1].high, pair[0].title))
    return [risk for risk, _ in raised]


def attribute(evidence: Evidence) -> pd.DataFrame:
    """Give each passage its voice, its outlet and its document's name.

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
    voices = []
    for identifier in rows:
        seen = {identifier}
        while (parent := parents.get(identifier)) and parent not in seen:
            seen.add(identifier := parent)
        voices.append(_name_voice(rows[identifier]) if identifier in rows else identifier)

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
        voice=voices,
        outlet=passages["source_id"].map(outlets),
        document=passages["source_id"].map(evidence.label),
        repeated=passages["evidence_id"].isin(parents),
    )


def count_origins(passages: pd.DataFrame) -> Estimate:
    """Bound the number of independent origins behind passages.

    At most as many as there are voices. At fewest, everybody whom one outlet quotes is one origin,
    since it chose and reported them, and outlets that quote one voice are one origin, too.
    """
    if passages.empty:
        return Estimate.count((), "origins")
    links = nx.from_pandas_edgelist(passages, "voice", "outlet")
    fewest = float(nx.number_connected_components(links))
    most = float(passages["voice"].nunique())
    ids = tuple(passages["evidence_id"])
    formula = "origins(" + ", ".join(ids) + ")"
    return Estimate(fewest if fewest == most else None, fewest, most, "origins", ids, formula)


def count_rows(rows: pd.DataFrame, unit: str = "passages") -> Estimate:
    """Count passages or measures."""
    return Estimate.count(rows.iloc[:, 0], unit)


def count_risks(chosen: Sequence[Risk], among: Sequence[Risk]) -> Estimate:
    """Count risks; the count rests on the passages that raise them.

    That there is none rests on the passages of all risks looked through.
    """
    ids = pd.concat([risk.raising["evidence_id"] for risk in chosen or among])
    return Estimate.count(ids, "risks", len(chosen))


def find_gaps(risks: Iterable[Risk], closed_by: str = "implemented") -> list[Risk]:
    """Pick the risks with reported harm against which no measure of that status is reported."""
    if closed_by not in MEASURES[:-1]:
        raise ParameterError(
            f"closed_by must be one of {', '.join(MEASURES[:-1])}, not {closed_by!r}."
        )
    closing = MEASURES[: MEASURES.index(closed_by) + 1]
    return [
        risk
        for risk in risks
        if risk.status == HARM and not risk.measures["status"].isin(closing).any()
    ]


def register(evidence: Evidence) -> Exhibit:
    """Show every risk with its passages by stance, its origins, first mention and status."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Statement": quote(risk.statement),
            **{
                heading[0].upper() + heading[1:]: count_rows(found) if len(found) else None
                for stance, heading in STANCES.items()
                for found in [risk.passages[risk.passages["stance"] == stance]]
            },
            "Independent origins": risk.origins,
            "First raised": _first(evidence, risk),
            "Status": compose("{harm} report harm", harm=count_rows(risk.harm))
            if risk.status == HARM
            else FEAR,
        }
        for risk in risks
    ]
    answer = Text(NOTHING, NOTHING)
    if risks:
        harmed = [risk for risk in risks if risk.status == HARM]
        answer = compose(
            "{raised} are raised. For {harmed} at least one passage reports that harm happened; "
            "the others are foreseen only.",
            raised=count_risks(risks, risks),
            harmed=count_risks(harmed, risks),
        )
    chart = risks and draw_bars(
        flatten_counts(evidence, count_cells(risks, "stance", STANCES)),
        "Risk",
        "Passages",
        "Passages (attention, not likelihood)",
        "stance",
    )
    return exhibit(
        evidence,
        "risk-register",
        "Which risks are raised, by how many passages, and has harm been reported?",
        answer,
        rows,
        chart,
        compose(
            "Risks with the most independent origins come first. A long bar means that much was "
            "written, not that the risk is likely or grave. “Reported” means that a passage says "
            "so, not that a court or the United Nations has found it proved."
        ),
    )


def weigh_origins(evidence: Evidence) -> Exhibit:
    """Show how many independent origins raise each risk, at fewest and at most."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Passages that raise it": count_rows(risk.raising),
            "Documents": Estimate.count(
                risk.raising["evidence_id"], "documents", risk.raising["source_id"].nunique()
            ),
            "Independent origins": risk.origins,
            "Status": risk.status,
        }
        for risk in risks
    ]
    answer = Text(NOTHING, NOTHING)
    if risks:
        first = risks[0]
        answer = compose(
            "{single} may rest on one origin only, however many passages raise them. The widest "
            "base has {title}: {passages}, but {origins}.",
            single=count_risks([risk for risk in risks if risk.origins.low == 1], risks),
            title=quote(f"“{first.title}”"),
            passages=count_rows(first.raising),
            origins=first.origins,
        )
    frame = flatten_counts(evidence, rows)
    chart = risks and draw_intervals(
        frame, "Risk", "Independent origins", "Independent origins, fewest to most", "Status"
    )
    return exhibit(
        evidence,
        "independent-origins",
        "On how many independent origins does each risk rest?",
        answer,
        rows,
        chart,
        compose(
            "The rule: a passage that repeats another belongs to the other’s speaker. At most, "
            "each speaker is an origin. At fewest, all speakers whom one outlet quotes are one "
            "origin, an outlet that restates another is the same one, and outlets that quote one "
            "speaker are one."
        ),
    )


def balance_measures(evidence: Evidence) -> Exhibit:
    """Show passages that report harm beside the measures that documents name, by status."""
    risks = [risk for risk in read_risks(evidence) if risk.status == HARM or len(risk.measures)]
    rows: list[Row] = []
    cells: list[Row] = []
    for risk in risks:
        parts = {HARM: count_rows(risk.harm)} | {
            rung: count_rows(risk.measures[risk.measures["status"] == rung], "measures")
            for rung in MEASURES
        }
        parts = {part: figure if figure.high else None for part, figure in parts.items()}
        rows.append({"Risk": risk.title} | {part.capitalize(): parts[part] for part in parts})
        cells += [
            {"Risk": risk.title, "part": part, "Number": figure}
            for part, figure in parts.items()
            if figure
        ]
    answer = Text(NOTHING, NOTHING)
    if risks:
        measures = pd.concat(risk.measures for risk in risks)
        answer = compose(
            "Documents name {all}; {done} are reported as in place, and of {absent} they say that "
            "it does not exist.",
            all=count_rows(measures, "measures"),
            done=count_rows(measures[measures["status"] == "implemented"], "measures"),
            absent=count_rows(measures[measures["status"] == "absent"], "measures"),
        )
    chart = cells and draw_balance(
        flatten_counts(evidence, cells),
        "Risk",
        "Number",
        "← passages that report harm | measures named →",
        "part",
        (HARM, *MEASURES),
    )
    return exhibit(
        evidence,
        "harm-and-measures",
        "What is reported of harm, and what measures stand against it?",
        answer,
        rows,
        chart,
        compose(
            "Only “implemented” means that a document reports a measure in place; whether it works "
            "is not said. An absent measure is one that a document misses, not a measure."
        ),
    )


def list_gaps(evidence: Evidence, closed_by: str = "implemented") -> Exhibit:
    """Show the risks with reported harm and no measure in place that a document tells of."""
    risks = read_risks(evidence)
    gaps = find_gaps(risks, closed_by)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Harm reported": count_rows(risk.harm),
            "Furthest measure": risk.rung() or "none named",
            "Where": cite(evidence, [*risk.harm["evidence_id"], *risk.measures["mitigation_id"]]),
        }
        for risk in gaps
    ]
    answer = Text(NOTHING, NOTHING)
    harmed = [risk for risk in risks if risk.status == HARM]
    if harmed:
        answer = compose(
            "Against {gaps} of {harmed} whose harm is reported, no known document reports a "
            "measure as {status}.",
            gaps=count_risks(gaps, harmed),
            harmed=count_risks(harmed, harmed),
            status=closed_by if closed_by == "implemented" else f"{closed_by} or further",
        )
    chart = rows and draw_bars(
        flatten_counts(evidence, rows),
        "Risk",
        "Harm reported",
        "Passages that report harm",
        "Furthest measure",
    )
    return exhibit(
        evidence,
        "gaps",
        "Which reported harm meets no measure in place?",
        answer,
        rows,
        chart,
        compose(
            "That no document reports a measure does not show that there is none: the documents "
            "are few, and a quiet measure leaves no passage."
        ),
    )


def read_passages(evidence: Evidence, risk: str) -> Exhibit:
    """Show what is said on one risk, and by whom."""
    chosen = [entry for entry in read_risks(evidence) if entry.id == risk]
    rows: list[Row] = []
    answer = Text(NOTHING, NOTHING)
    title = chosen[0].title if chosen else risk
    for entry in chosen:
        rows = [
            {
                "Speaker": quote(row["actor"]),
                "Group": row["actor_group"],
                "Stance": STANCES[row["stance"]],
                "Status": row["status"],
                "In our words": quote(row["paraphrase"]),
                "Where": cite(evidence, [row["evidence_id"]]),
                "Repeats another": "yes" if row["repeated"] else "",
            }
            for row in entry.passages.to_dict(orient="records")
        ]
        answer = compose(
            "{raising} raise the risk, from {origins}; {others} dispute it or name a remedy.",
            raising=count_rows(entry.raising),
            origins=entry.origins,
            others=count_rows(entry.passages[entry.passages["stance"] != "raises"]),
        )
    parts = [
        {"Group": str(group), "Stance": STANCES[str(stance)], "Passages": count_rows(found)}
        for entry in chosen
        for (group, stance), found in entry.passages.groupby(["actor_group", "stance"])
    ]
    chart = parts and draw_bars(flatten_counts(evidence, parts), "Group", "Passages", "Passages", "Stance")
    return exhibit(
        evidence,
        "passages",
        f"What is said on one risk: {title[0].lower() + title[1:]}?",
        answer,
        rows,
        chart,
        compose("Each passage is retold in our words; “where” leads to the paragraph."),
    )


def findings(evidence: Evidence, closed_by: str = "implemented") -> list[Finding]:
    """Conclude from passages and measures; only what is known on the day appears."""
    risks = read_risks(evidence)
    if not risks:
        return []
    every = count_risks(risks, risks)
    harmed = [risk for risk in risks if risk.status == HARM]
    harm = count_risks(harmed, risks)
    single = count_risks([risk for risk in risks if risk.origins.low == 1], risks)
    found = [
        Finding(
            "risks.raised",
            "Risks raised",
            every,
            compose("The documents raise {every}.", every=every),
        ),
        Finding(
            "risks.harm-reported",
            "Risks whose harm is reported",
            harm,
            compose(
                "For {harm} of the {every} raised, a passage reports that harm happened; the "
                "others are foreseen only.",
                harm=harm,
                every=every,
            ),
            True,
        ),
        Finding(
            "risks.single-origin",
            "Risks that may rest on one origin",
            single,
            compose(
                "{single} may rest on one independent origin only, counted strictly.", single=single
            ),
        ),
    ]
    if harmed:
        gaps = count_risks(find_gaps(risks, closed_by), harmed)
        text = compose(
            "Against {gaps} of {harm} with reported harm, no known document reports a measure "
            "as {status}.",
            gaps=gaps,
            harm=harm,
            status=closed_by if closed_by == "implemented" else f"{closed_by} or further",
        )
        label = "Risks with reported harm and no measure reported in place"
        found.append(Finding("risks.gaps", label, gaps, text, True))
    passages = pd.concat(risk.passages for risk in risks)
    repeated = passages[passages["repeated"]]
    if len(repeated):
        share = (count_rows(repeated) / count_rows(passages)).as_percent()
        text = compose(
            "{repeated} of {all} repeat another passage; they are counted with its origin.",
            repeated=count_rows(repeated),
            all=count_rows(passages),
        )
        found.append(Finding("risks.repeated", "Share of passages that repeat", share, text))
    absent = pd.concat(risk.measures for risk in risks).query("status == 'absent'")
    if len(absent):
        figure = count_rows(absent, "measures")
        text = compose("Of {count} a document says that it does not exist.", count=figure)
        found.append(Finding("risks.absent-measures", "Measures said to be absent", figure, text))
    return found


def countcount_cells(risks: list[Risk], column: str, labels: dict[str, str]) -> list[Row]:
    """Count the passages of each risk by one of their columns; parts in the order of labels."""
    cells: list[Row] = []
    for risk in risks:
        named = risk.passages[column].map(labels)
        for label in dict.fromkeys(labels.values()):
            found = risk.passages[named == label]
            if len(found):
                stances = found["stance"].value_counts()
                cells.append(
                    {
                        "Risk": risk.title,
                        column: quote(label),
                        "Passages": count_rows(found),
                        "stances": quote(
                            ", ".join(
                                f"{words}: {stances[stance]}"
                                for stance, words in STANCES.items()
                                if stance in stances
                            )
                        ),
                    }
                )
    return cells


def flatten_counts(evidence: Evidence, rows: list[Row]) -> pd.DataFrame:
    """Flatten counts; a mark that rests on many passages names their documents only."""
    frame = flatten(evidence, rows)
    if len(frame):
        documents = _documents(evidence)
        frame["source"] = [
            "; ".join(dict.fromkeys(documents[entry] for entry in ids.split()))
            for ids in frame["observation"]
        ]
    return frame


def _documents(evidence: Evidence) -> dict[str, str]:
    """Name the document of each passage and measure."""
    return {
        identifier: evidence.label(source)
        for table in (evidence.passages, evidence.mitigations)
        for identifier, source in zip(table.iloc[:, 0], table["source_id"], strict=True)
    }


def _first(evidence: Evidence, risk: Risk) -> Text:
    """Name the document that raised the risk first, and lead to its passages."""
    known = evidence.sources.set_index("source_id")["known"]
    order = risk.raising["source_id"].map(known).sort_values(kind="stable", na_position="last")
    source = risk.raising.loc[order.index[0], "source_id"]
    passages = risk.raising[risk.raising["source_id"] == source]
    return refer(passages["evidence_id"], evidence.label(source))


def _name_voice(row: dict[str, str]) -> str:
    """Name who speaks in a passage, without the occasion; a nameless document by its id."""
    voice = _OCCASION.sub("", row["actor"])
    return row["source_id"] if voice.lower() == "the document itself" else voice


def _split(words: str) -> list[str]:
    return [part for part in words.split("; ") if part]


def quote(words: str) -> Text:
    """Pass on words of the evidence base, which may hold digits."""
    return Text(escape(words), words)
