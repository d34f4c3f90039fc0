"""Risks of civil-police-military interaction: what is feared, what is reported, who says so."""

import altair as alt
import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.prose import (
    Prose,
    Table,
    Text,
    bare,
    cite,
    compose,
    enumerate_parts,
    name,
    refer,
    say,
    tabulate,
    when,
)
from mss_analysis.risks import measures, ordering
from mss_analysis.risks.register import (
    MEASURES,
    REPORTED,
    Risk,
    count_origins,
    count_risks,
    count_rows,
    read_risks,
)
from mss_analysis.risks.risk_chart import draw_cells, draw_mentions, draw_ranges
from mss_analysis.risks.tally import NOTHING, STANCES, flatten_counts


def list_risks(evidence: Evidence) -> Exhibit:
    """Show every risk: its origins by stance, when it was raised, its status, its measures."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Raised by": risk.origins,
            "Reported as fact by": _count(risk.reported),
            "Disputed by": _count(risk.passages[risk.passages["stance"] == "disputes"]),
            "First raised": _lead(risk, risk.first),
            "Last raised": _lead(risk, risk.last),
            "Status": risk.status,
            "Measures named": _list_measures(risk),
        }
        for risk in risks
    ]
    answer = _tell_status(risks) if risks else Text(NOTHING, NOTHING)
    return exhibit(
        evidence,
        "risk-register",
        "Which risks are raised, since when, and which are reported as fact?",
        answer,
        rows,
        risks and _draw_mentions(evidence, risks),
        compose(
            "Risks with the most independent origins come first. A dot is a month in which "
            "somebody raised the risk, larger where several passages did; a pale bar is a year of "
            "which the month is not known. Many dots mean that much was written, not that the "
            "risk is likely or grave. “Reported as fact” means that a passage says so, not that a "
            "court or the United Nations has found it proved."
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
            "Speakers": Estimate.count(
                risk.raising["evidence_id"], "speakers", risk.raising["voice"].nunique()
            ),
            "Independent origins": risk.origins,
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
    chart = risks and draw_ranges(frame, "Risk", "Independent origins", "Independent origins")
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
            "origin; an outlet that restates another is the same one, as is a page that reprints "
            "an agency or a newspaper; outlets that quote one speaker are one, and so are all who "
            "speak for one body."
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
        {"Group": str(group), "Stance": label, "Origins": count_origins(found)}
        for entry in chosen
        for stance, label in STANCES.items()
        for group, found in entry.passages[entry.passages["stance"] == stance].groupby("group")
    ]
    chart = parts and draw_cells(flatten_counts(evidence, parts), "Stance", "Group", "Origins")
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
    return found + measures.conclude(risks, closed_by) + ordering.conclude(risks)


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


def _count(passages: pd.DataFrame) -> Estimate | None:
    return count_origins(passages) if len(passages) else None


def _lead(risk: Risk, chosen: pd.Series) -> Text:
    """Say when a passage raised the risk, and lead to those of its document."""
    same = risk.raising[risk.raising["source_id"] == chosen["source_id"]]
    where = refer(same["evidence_id"], chosen["document"])
    if chosen["document"].endswith(write_date(chosen["date"])):
        return where
    return compose("{day}, in {where}", day=when(chosen["date"]), where=where)


def _list_measures(risk: Risk) -> Text | None:
    """Count the measures against a risk by how far they got."""
    parts = [
        compose("{number} {rung}", number=bare(count_rows(found, "measures")), rung=rung)
        for rung in MEASURES
        if len(found := risk.measures[risk.measures["status"] == rung])
    ]
    return enumerate_parts(parts) if parts else None


def _draw_mentions(evidence: Evidence, risks: list[Risk]) -> alt.LayerChart:
    """Draw the months in which each risk was raised."""
    records = []
    for risk in risks:
        said = risk.raising.assign(day=risk.raising["date"].str[:7])
        for (day, status), found in said.groupby(["day", "status"], sort=True):
            words = REPORTED if status == "reported" else "foreseen"
            documents = "; ".join(dict.fromkeys(found["document"]))
            records.append(
                {
                    "Risk": risk.title,
                    "start": found["said_from"].min().strftime("%Y-%m-01"),
                    "end": found["said_to"].max().strftime("%Y-%m-%d"),
                    "is_year": len(str(day)) == len("2024"),
                    "count": len(found),
                    "status": words,
                    "observation": " ".join(found["evidence_id"]),
                    "says": f"{risk.title}, {write_date(str(day))}: {words}. {documents}.",
                }
            )
    frame = pd.DataFrame(records).sort_values("status", ascending=False, kind="stable")
    order = {risk.title: place for place, risk in enumerate(risks)}
    frame = frame.sort_values("Risk", key=lambda titles: titles.map(order), kind="stable")
    return draw_mentions(frame, "Risk", "start", "end", "status")
