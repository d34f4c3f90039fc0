"""Risks of civil-police-military interaction: what is feared, what is reported, who says so."""

import pandas as pd

from mss_analysis import measures
from mss_analysis.charts import draw_bars, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.prose import Prose, Table, Text, bare, cite, compose, name, refer, say, tabulate
from mss_analysis.register import FORESEEN, REPORTED, Risk, count_risks, count_rows, read_risks
from mss_analysis.tally import NOTHING, STANCES, count_cells, flatten_counts


def list_risks(evidence: Evidence) -> Exhibit:
    """Show every risk with its passages by stance, its origins, first mention and status."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            **{
                heading[0].upper() + heading[1:]: count_rows(found) if len(found) else None
                for stance, heading in STANCES.items()
                for found in [risk.passages[risk.passages["stance"] == stance]]
            },
            "Independent origins": risk.origins,
            "First raised": _first(evidence, risk),
            "Status": compose(
                "{status} in {passages}", status=REPORTED, passages=count_rows(risk.reported)
            )
            if risk.status == REPORTED
            else FORESEEN,
        }
        for risk in risks
    ]
    answer = _tell_status(risks) if risks else Text(NOTHING, NOTHING)
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
        "Which risks are raised, by how many passages, and which are reported as fact?",
        answer,
        rows,
        chart,
        compose(
            "Risks with the most independent origins come first. A long bar means that much was "
            "written, not that the risk is likely or grave. “Reported as fact” means that a "
            "passage says so, not that a court or the United Nations has found it proved."
        ),
    )


def tell_statements(evidence: Evidence) -> Table | Prose:
    """Show the wording of every risk: its cause, its event and its consequence."""
    rows = [
        {"Risk": risk.title, "Cause, event and consequence": name(f"{risk.statement}.")}
        for risk in read_risks(evidence)
    ]
    return tabulate(evidence, rows) if rows else say(evidence, Text(NOTHING, NOTHING))


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


def read_passages(evidence: Evidence, risk: str) -> Exhibit:
    """Show what is said on one risk, and by whom."""
    chosen = [entry for entry in read_risks(evidence) if entry.id == risk]
    rows: list[Row] = []
    answer = Text(NOTHING, NOTHING)
    about = f"“{chosen[0].title}”" if chosen else "this risk"
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
        f"Who says what on {about}?",
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
    reported = count_risks([risk for risk in risks if risk.status == REPORTED], risks)
    single = count_risks([risk for risk in risks if risk.origins.low == 1], risks)
    found = [
        Finding(
            "risks.raised",
            "Risks raised",
            every,
            compose("The documents raise {every}.", every=every),
        ),
        Finding("risks.reported", "Risks reported as fact", reported, _tell_status(risks), True),
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
    return found + measures.conclude(risks, closed_by)


def _tell_status(risks: list[Risk]) -> Text:
    """Say how many risks are reported as fact, and what that does not say."""
    reported = [risk for risk in risks if risk.status == REPORTED]
    every = count_risks(risks, risks)
    if not reported:
        return compose("No passage reports one of the {every} raised as fact.", every=every)
    answer = compose(
        "For {reported} of the {every} raised, a passage reports harm, or a condition that the "
        "risk describes, as fact; the passage may speak of another time, place or actor.",
        reported=bare(count_risks(reported, risks)),
        every=every,
    )
    if len(reported) == len(risks):
        return answer
    return compose("{answer} The others are foreseen only.", answer=answer)


def _first(evidence: Evidence, risk: Risk) -> Text:
    """Name the document that raised the risk first, and lead to its passages."""
    known = evidence.sources.set_index("source_id")["known"]
    order = risk.raising["source_id"].map(known).sort_values(kind="stable", na_position="last")
    source = risk.raising.loc[order.index[0], "source_id"]
    passages = risk.raising[risk.raising["source_id"] == source]
    return refer(passages["evidence_id"], evidence.label(source))
