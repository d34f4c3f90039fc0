"""Measures against risks: what is in place, what is talked of, and where nothing is told."""

import pandas as pd

from mss_analysis.charts import draw_balance
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, compose, join, link, refer, when
from mss_analysis.risks.register import (
    MEASURES,
    REPORTED,
    Risk,
    count_origins,
    count_risks,
    count_rows,
    find_gaps,
    read_risks,
)
from mss_analysis.risks.risk_chart import draw_ranges
from mss_analysis.risks.tally import NOTHING, flatten_counts

# Height of a row of the balance: three lines of a name.
_ROW = 39


def balance_measures(evidence: Evidence) -> Exhibit:
    """Show passages that report a risk as fact beside the measures against it, by status."""
    risks = read_risks(evidence)
    rows: list[Row] = []
    cells: list[Row] = []
    for risk in risks:
        if risk.status != REPORTED and risk.measures.empty:
            continue
        parts: dict[str, Estimate | None] = {
            REPORTED: count_origins(risk.reported) if len(risk.reported) else None
        } | {
            rung: count_rows(risk.measures[risk.measures["status"] == rung], "measures")
            for rung in MEASURES
        }
        parts = {part: figure if figure and figure.high else None for part, figure in parts.items()}
        rows.append({"Risk": risk.title} | {part.capitalize(): parts[part] for part in parts})
        cells += [
            {"Risk": risk.title, "part": part, "Number": figure}
            for part, figure in parts.items()
            if figure
        ]
    answer = _tell_measures(evidence.mitigations) if risks else Text(NOTHING, NOTHING)
    # A count of origins is drawn up to its lower end, which is sure.
    frame = flatten_counts(evidence, cells, "Number", "part")
    chart = cells and draw_balance(
        frame.assign(Number=frame["Number_low"]),
        "Risk",
        "Number",
        "← reported as fact | measures →",
        "part",
        (REPORTED, *MEASURES),
    ).properties(height=_ROW * len(rows))
    return exhibit(
        evidence,
        "harm-and-measures",
        "What is reported as fact, and what measures stand against it?",
        answer,
        rows,
        chart,
        compose(
            "To the left independent origins, drawn up to the fewest; to the right measures as "
            "documents tell them, so that one which two of them tell counts twice. Only "
            "“implemented” means that a document reports a measure in place; whether it works is "
            "not said. “Absent” is a measure that a document says does not exist."
        ),
    )


def list_gaps(evidence: Evidence, closed_by: str = "implemented") -> Exhibit:
    """Show the risks reported as fact against which no document tells of a measure in place."""
    risks = read_risks(evidence)
    # What nobody has even proposed to answer comes first, then what most origins report.
    ladder = ("", *reversed(MEASURES))
    gaps = sorted(
        find_gaps(risks, closed_by),
        key=lambda risk: (ladder.index(risk.rung), -count_origins(risk.reported).low, risk.title),
    )
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Reported as fact by": count_origins(risk.reported),
            "Last reported": _date_last(risk),
            "Furthest measure": risk.rung or "none named",
            "What it is": _describe_furthest(risk),
        }
        for risk in gaps
    ]
    answer = _tell_gaps(risks, closed_by) if risks else Text(NOTHING, NOTHING)
    frame = flatten_counts(evidence, rows)
    chart = rows and draw_ranges(
        frame, "Risk", "Reported as fact by", "Origins that report it as fact"
    )
    return exhibit(
        evidence,
        "gaps",
        "Which risks reported as fact meet no measure in place?",
        answer,
        rows,
        chart,
        compose(
            "That no document reports a measure does not show that there is none: the documents "
            "are few, and a quiet measure leaves no passage."
        ),
    )


def conclude(risks: list[Risk], closed_by: str = "implemented") -> list[Finding]:
    """Conclude from measures and from silence about them."""
    found = []
    if reported := [risk for risk in risks if risk.status == REPORTED]:
        gaps = count_risks(find_gaps(risks, closed_by), reported)
        label = "Risks reported as fact with no measure reported in place"
        found.append(Finding("risks.gaps", label, gaps, _tell_gaps(risks, closed_by), True))
    absent = pd.concat(risk.measures for risk in risks).query("status == 'absent'")
    if len(absent):
        figure = count_rows(absent, "measures")
        text = compose(
            "Documents say of {count} that {clause}.", count=figure, clause=_deny(absent)
        )
        found.append(Finding("risks.absent-measures", "Measures said to be absent", figure, text))
    return found


def _tell_measures(measures: pd.DataFrame) -> Text:
    """Say how many measures documents name, how many are in place, and how many don't exist."""
    named = measures[measures["status"] != "absent"]
    absent = measures[measures["status"] == "absent"]
    done = named[named["status"] == "implemented"]
    if measures.empty:
        return compose("No document known on this day names a measure.")
    in_place = count_rows(done, "measures", measures)
    answer = compose(
        "Documents name {all}, {done} of them as in place",
        all=count_rows(named, "measures", measures),
        done=link(in_place, "none") if done.empty else bare(in_place),
    )
    if absent.empty:
        return compose("{answer}.", answer=answer)
    return compose(
        "{answer}, and say of {absent} more that {clause}.",
        answer=answer,
        absent=bare(count_rows(absent, "measures")),
        clause=_deny(absent),
    )


def _tell_gaps(risks: list[Risk], closed_by: str) -> Text:
    """Say against how many risks reported as fact no measure is reported."""
    reported = [risk for risk in risks if risk.status == REPORTED]
    if not reported:
        return compose("No document known on this day reports a risk as fact.")
    return compose(
        "Against {gaps} of {reported} reported as fact, no known document reports a measure as "
        "{status}.",
        gaps=bare(count_risks(find_gaps(risks, closed_by), reported)),
        reported=count_risks(reported, risks),
        status=closed_by if closed_by == "implemented" else f"{closed_by} or further",
    )


def _describe_furthest(risk: Risk) -> Text | None:
    """Retell the measures that got furthest, and lead to where they stand."""
    found = risk.measures[risk.measures["status"] == risk.rung]
    if found.empty:
        return None
    told = zip(found["mitigation_id"], found["description"], strict=True)
    return join([refer([identifier], words) for identifier, words in told], "; ")


def _date_last(risk: Risk) -> Text:
    """Say when the risk was last reported as fact."""
    order = risk.reported.sort_values(["said_from", "known"], kind="stable")
    return when(order["date"].iloc[-1])


def _deny(absent: pd.DataFrame) -> str:
    return "it does not exist" if len(absent) == 1 else "they do not exist"
