"""Measures against risks: what is in place, what is talked of, and where nothing is told."""

import pandas as pd

from mss_analysis.count_chart import draw_balance
from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import Text, bare, compose, compose_plural, join, when
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
from mss_analysis.risks.tally import flatten_counts, nothing
from mss_analysis.risks.vocabulary import retell, tally_measures

# Height of a row of the balance: three lines of a name.
_ROW = 42
# Headings of the columns, by status.
_HEADINGS = {
    REPORTED: mark("Reported as fact"),
    "implemented": mark("Implemented"),
    "adopted": mark("Adopted"),
    "announced": mark("Announced"),
    "proposed": mark("Proposed"),
    "absent": mark("Absent"),
}


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
        rows.append({"Risk": risk.title} | {_HEADINGS[part]: parts[part] for part in parts})
        cells += [
            {"Risk": risk.title, "part": part, "Number": figure}
            for part, figure in parts.items()
            if figure
        ]
    named = bool(risks) and not evidence.mitigations.empty
    # A count of origins is drawn up to its lower end, which is sure.
    frame = flatten_counts(evidence, cells, "Number", "part")
    chart = cells and draw_balance(
        frame.assign(Number=frame["Number_low"]),
        "Risk",
        "Number",
        [tell("← reported as fact"), tell("measures →")],
        "part",
        [translate(part) for part in (REPORTED, *MEASURES)],
    ).properties(height=_ROW * len(rows))
    return exhibit(
        evidence,
        "harm-and-measures",
        tell("What is reported as fact, and what measures stand against it?"),
        _tell_measures(evidence.mitigations) if risks else nothing(),
        rows,
        chart,
        compose(
            "To the left independent origins, drawn up to the fewest; to the right measures as "
            "documents tell them, so that one which two of them tell counts twice. Only "
            "“implemented” means that a document reports a measure in place; whether it works is "
            "not said. “Absent” is a measure that a document says does not exist."
        ),
        headline=_tell_in_place(evidence.mitigations) if named else None,
        subtitle=tell(
            "By risk: origins that report it as fact, and measures against it by status; "
            "documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
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
            "Furthest measure": risk.rung or mark("none named"),
            "What it is": _describe_furthest(risk),
        }
        for risk in gaps
    ]
    frame = flatten_counts(evidence, rows)
    chart = rows and draw_ranges(
        frame, "Risk", "Reported as fact by", tell("Origins that report it as fact")
    )
    return exhibit(
        evidence,
        "gaps",
        tell("Which risks reported as fact meet no measure in place?"),
        _tell_unanswered(risks, gaps, closed_by) if risks else nothing(),
        rows,
        chart,
        compose(
            "That no document reports a measure does not show that there is none: the documents "
            "are few, and a quiet measure leaves no passage."
        ),
        headline=_tell_gaps(risks, closed_by) if risks else None,
        subtitle=tell(
            "Independent origins that report each such risk as fact, from fewest to most; "
            "documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def conclude(risks: list[Risk], closed_by: str = "implemented") -> list[Finding]:
    """Conclude from measures and from silence about them."""
    found = []
    if reported := [risk for risk in risks if risk.status == REPORTED]:
        gaps = count_risks(find_gaps(risks, closed_by), reported)
        label = tell("Risks reported as fact with no measure reported in place")
        found.append(Finding("risks.gaps", label, gaps, _tell_gaps(risks, closed_by), True))
    absent = pd.concat(risk.measures for risk in risks).query("status == 'absent'")
    if len(absent):
        figure = count_rows(absent, "measures")
        text = compose_plural(
            "Documents say that {count} does not exist.",
            "Documents say that {count} do not exist.",
            by="count",
            count=figure,
        )
        label = tell("Measures said to be absent")
        found.append(Finding("risks.absent-measures", label, figure, text))
    return found


def _tell_in_place(measures: pd.DataFrame) -> Text:
    """Say how many measures documents name, and how many of them are in place."""
    named = measures[measures["status"] != "absent"]
    done = named[named["status"] == "implemented"]
    all_named = count_rows(named, "measures", measures)
    if done.empty:
        return compose("Documents name {all}; they report none as in place.", all=all_named)
    return compose(
        "Documents name {all}; they report {done} as in place.",
        all=all_named,
        done=bare(count_rows(done, "measures")),
    )


def _tell_measures(measures: pd.DataFrame) -> Text:
    """Say how many measures have come how far."""
    if measures.empty:
        return compose("No document known on this day names a measure.")
    return compose("Measures by status: {parts}.", parts=tally_measures(measures))


def _tell_gaps(risks: list[Risk], closed_by: str) -> Text:
    """Say against how many risks reported as fact no measure is reported."""
    reported = [risk for risk in risks if risk.status == REPORTED]
    if not reported:
        return compose("No document known on this day reports a risk as fact.")
    parts = {
        "gaps": bare(count_risks(find_gaps(risks, closed_by), reported)),
        "reported": count_risks(reported, risks),
        "status": closed_by,
    }
    if closed_by == "implemented":
        return compose(
            "Against {gaps} of {reported} reported as fact, no known document reports a measure "
            "as {status}.",
            **parts,
        )
    return compose(
        "Against {gaps} of {reported} reported as fact, no known document reports a measure as "
        "{status} or further.",
        **parts,
    )


def _tell_unanswered(risks: list[Risk], gaps: list[Risk], closed_by: str) -> Text:
    """Say against how many of the gaps no measure is named at all."""
    if not gaps:
        return _tell_gaps(risks, closed_by)
    unanswered = [risk for risk in gaps if risk.measures.empty]
    if not unanswered:
        return compose(
            "Against each of these {gaps}, documents name a measure that has come less far.",
            gaps=count_risks(gaps, gaps),
        )
    return compose(
        "Against {unanswered} of these {gaps}, documents name no measure at all.",
        unanswered=bare(count_risks(unanswered, gaps)),
        gaps=count_risks(gaps, gaps),
    )


def _describe_furthest(risk: Risk) -> Text | None:
    """Retell the measures that got furthest, and lead to where they stand."""
    found = risk.measures[risk.measures["status"] == risk.rung]
    if found.empty:
        return None
    told = zip(found["mitigation_id"], found["description"], strict=True)
    return join([retell(identifier, words) for identifier, words in told], tell("; "))


def _date_last(risk: Risk) -> Text:
    """Say when the risk was last reported as fact."""
    order = risk.reported.sort_values(["said_from", "known"], kind="stable")
    return when(order["date"].iloc[-1])
