"""Risks of civil-police-military interaction: what is feared, what is reported, who says so."""

import pandas as pd

from mss_analysis.charts import draw_balance, draw_bars, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, name, refer
from mss_analysis.register import (
    FEAR,
    HARM,
    MEASURES,
    Risk,
    count_risks,
    count_rows,
    find_gaps,
    read_risks,
)

NOTHING = "No document known on this day names a risk."
STANCES = {"raises": "raises the risk", "disputes": "disputes it", "mitigates": "names a remedy"}


def list_risks(evidence: Evidence) -> Exhibit:
    """Show every risk with its passages by stance, its origins, first mention and status."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Statement": name(risk.statement),
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
            "The documents raise {raised}. For {harmed} of them a passage reports harm that has "
            "happened, be it before the mission, beside it or by it; the others are foreseen only.",
            raised=count_risks(risks, risks),
            harmed=bare(count_risks(harmed, risks)),
        )
    chart = risks and draw_bars(
        flatten_counts(evidence, count_cells(risks, "stance", STANCES), "Passages", "stance"),
        "Risk",
        "Passages",
        "Passages",
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
            "{single} of {all} may rest on one origin only, however many passages raise them. The "
            "widest base has {title}: {passages}, which go back to {origins}.",
            single=bare(count_risks([risk for risk in risks if risk.origins.low == 1], risks)),
            all=count_risks(risks, risks),
            title=name(f"“{first.title}”"),
            passages=count_rows(first.raising),
            origins=first.origins,
        )
    frame = flatten_counts(evidence, rows)
    chart = risks and draw_intervals(
        frame, "Risk", "Independent origins", "Independent origins", "Status", wrap=False
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
    measures = evidence.mitigations
    if rows and measures.empty:
        answer = compose("No document known on this day names a measure.")
    elif rows:
        answer = compose(
            "Of {all} that documents name, they report {done} as in place and {absent} as not "
            "existing.",
            all=count_rows(measures, "measures"),
            **{
                slot: bare(count_rows(measures[measures["status"] == status], "measures", measures))
                for slot, status in {"done": "implemented", "absent": "absent"}.items()
            },
        )
    chart = cells and draw_balance(
        flatten_counts(evidence, cells, "Number", "part"),
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
    # What nobody has even proposed to answer comes first.
    ladder = ("", *reversed(MEASURES))
    gaps = sorted(find_gaps(risks, closed_by), key=lambda risk: ladder.index(risk.rung))
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Harm reported": count_rows(risk.harm),
            "Furthest measure": risk.rung or "none named",
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
            gaps=bare(count_risks(gaps, harmed)),
            harmed=count_risks(harmed, harmed),
            status=_in_place(closed_by),
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
                "Speaker": name(row["actor"]),
                "Group": row["group"],
                "Stance": STANCES[row["stance"]],
                "Status": row["status"] if row["stance"] == "raises" else "",
                "In our words": refer([row["evidence_id"]], row["paraphrase"]),
                "Where": cite(evidence, [row["evidence_id"]]),
                "Repeats another": "yes" if row["repeated"] else "",
            }
            for row in entry.passages.to_dict(orient="records")
        ]
        answer = compose(
            "Raised in {raising} that go back to {origins}; disputed or answered in {others}.",
            raising=count_rows(entry.raising),
            origins=entry.origins,
            others=count_rows(
                entry.passages[entry.passages["stance"] != "raises"], among=entry.passages
            ),
        )
    parts = [
        {"Group": str(group), "Stance": label, "Passages": count_rows(found)}
        for entry in chosen
        for stance, label in STANCES.items()
        for group, found in entry.passages[entry.passages["stance"] == stance].groupby("group")
    ]
    chart = parts and draw_bars(
        flatten_counts(evidence, parts, "Passages", "Stance"),
        "Group",
        "Passages",
        "Passages",
        "Stance",
    )
    return exhibit(
        evidence,
        "passages-of-a-risk",
        f"Who says what on “{title}”?",
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
                "For {harm} of the {every} raised, a passage reports harm that has happened, be "
                "it before the mission, beside it or by it; the others are foreseen only.",
                harm=bare(harm),
                every=every,
            ),
            True,
        ),
        Finding(
            "risks.single-origin",
            "Risks that may rest on one origin",
            single,
            compose(
                "Counted strictly, {single} of {every} may rest on one independent origin only.",
                single=bare(single),
                every=every,
            ),
        ),
    ]
    if harmed:
        gaps = count_risks(find_gaps(risks, closed_by), harmed)
        text = compose(
            "Against {gaps} of {harm} with reported harm, no known document reports a measure "
            "as {status}.",
            gaps=bare(gaps),
            harm=harm,
            status=_in_place(closed_by),
        )
        label = "Risks with reported harm and no measure reported in place"
        found.append(Finding("risks.gaps", label, gaps, text, True))
    passages = pd.concat(risk.passages for risk in risks)
    repeated = passages[passages["repeated"]]
    if len(repeated):
        share = (count_rows(repeated) / count_rows(passages)).as_percent()
        text = compose(
            "The {all} include {repeated} of another; a repetition counts with its origin.",
            repeated=count_rows(repeated, "repetitions"),
            all=count_rows(passages),
        )
        found.append(Finding("risks.repeated", "Share of passages that repeat", share, text))
    absent = pd.concat(risk.measures for risk in risks).query("status == 'absent'")
    if len(absent):
        figure = count_rows(absent, "measures")
        text = compose("Documents find {count} missing.", count=figure)
        found.append(Finding("risks.absent-measures", "Measures said to be absent", figure, text))
    return found


def count_cells(risks: list[Risk], column: str, labels: dict[str, str]) -> list[Row]:
    """Count the passages of each risk by one of their columns, in the order of the labels."""
    cells: list[Row] = []
    for risk in risks:
        named = risk.passages[column].map(labels)
        for label in dict.fromkeys(labels.values()):
            found = risk.passages[named == label]
            if len(found):
                counts = found["stance"].value_counts().reindex(list(STANCES)).dropna()
                says = [f"{STANCES[stance]}: {number:.0f}" for stance, number in counts.items()]
                cells.append(
                    {
                        "Risk": risk.title,
                        column: name(label),
                        "Passages": count_rows(found),
                        "detail": name(", ".join(says)),
                    }
                )
    return cells


def flatten_counts(
    evidence: Evidence, rows: list[Row], count: str = "", detail: str = ""
) -> pd.DataFrame:
    """Flatten counts; a mark that rests on many passages names their documents only.

    The words of column ``detail`` follow the figure of column ``count`` where a mark tells it.
    """
    frame = flatten(evidence, rows)
    documents = {
        identifier: evidence.label(source)
        for table in (evidence.passages, evidence.mitigations)
        for identifier, source in zip(table.iloc[:, 0], table["source_id"], strict=True)
    }
    for index, ids in enumerate(frame.get("observation", ())):
        named = dict.fromkeys(documents[entry] for entry in ids.split())
        frame.loc[index, "source"] = "; ".join(named)
    if len(frame) and detail:
        frame[f"{count}_text"] += " (" + frame[detail] + ")"
    return frame


def _first(evidence: Evidence, risk: Risk) -> Text:
    """Name the document that raised the risk first, and lead to its passages."""
    known = evidence.sources.set_index("source_id")["known"]
    order = risk.raising["source_id"].map(known).sort_values(kind="stable", na_position="last")
    source = risk.raising.loc[order.index[0], "source_id"]
    passages = risk.raising[risk.raising["source_id"] == source]
    return refer(passages["evidence_id"], evidence.label(source))


def _in_place(closed_by: str) -> str:
    return closed_by if closed_by == "implemented" else f"{closed_by} or further"
