"""When risks were raised, disputed and answered, quarter by quarter."""

import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.prose import Text, compose, enumerate_parts, when
from mss_analysis.risks.register import REPORTED, count_origins, count_rows, read_risks
from mss_analysis.risks.risk_chart import draw_quarters
from mss_analysis.risks.tally import NOTHING, flatten_counts

LANES = (REPORTED, "foreseen", "disputed", "remedy named")
_LANE_OF = {"disputes": "disputed", "mitigates": "remedy named"}


def trace_stances(evidence: Evidence) -> Exhibit:
    """Show by how many origins risks were raised, disputed or answered in each quarter."""
    risks = read_risks(evidence)
    rows: list[Row] = []
    chart, answer = None, Text(NOTHING, NOTHING)
    if risks:
        passages = place(pd.concat(risk.passages for risk in risks))
        dated = passages[passages["quarter"].notna()]
        cells = [
            {
                "Quarter": _name_quarter(quarter),
                "lane": lane,
                "start": when(quarter.start_time.strftime("%Y-%m-%d")),
                "end": when(quarter.end_time.strftime("%Y-%m-%d")),
                "Origins": count_origins(found),
            }
            for (quarter, lane), found in dated.groupby(["quarter", "lane"], sort=True)
        ]
        for quarter in dated["quarter"].sort_values().unique():
            label = _name_quarter(quarter)
            figures = {
                str(cell["lane"]): cell["Origins"]
                for cell in cells
                if str(cell["Quarter"]) == str(label)
            }
            rows.append({"Quarter": label} | {lane: figures.get(lane) for lane in LANES})
        answer = _tell(passages)
        chart = _draw(evidence, dated, cells) if cells else None
    return exhibit(
        evidence,
        "evidence-by-quarter",
        "When were risks raised, disputed and answered?",
        answer,
        rows,
        chart,
        compose(
            "A passage stands in the quarter in which it was said, a speaker once a quarter and "
            "lane. The chart begins when a risk is first raised; the table holds what was said "
            "before, too. Solid up to the fewest independent origins, pale up to the most. A "
            "quarter without a bar is one in which no known document has a dated passage: that "
            "is silence, not the absence of the risk. Few bars near the end may mean that few "
            "documents were found."
        ),
    )


def place(passages: pd.DataFrame) -> pd.DataFrame:
    """Add the quarter in which each passage was said, missing when its date spans several.

    ``lane`` is ``reported as fact``, ``foreseen``, ``disputed`` or ``remedy named``.

    >>> days = {"said_from": ["2024-05-01", "2024-01-01"], "said_to": ["2024-05-31", "2024-12-31"]}
    >>> rows = pd.DataFrame(days).astype("datetime64[s]").assign(stance="disputes", status="")
    >>> place(rows)["quarter"].notna().tolist()
    [True, False]
    """
    first, last = (passages[side].dt.to_period("Q") for side in ("said_from", "said_to"))
    raised = passages["status"].map({"reported": REPORTED}).fillna("foreseen")
    return passages.assign(
        quarter=first.where(first == last),
        lane=passages["stance"].map(_LANE_OF).fillna(raised),
    )


def _tell(passages: pd.DataFrame) -> Text:
    """Say which quarter has most origins, and what could not be placed."""
    dated = passages[passages["quarter"].notna()]
    loose = passages[passages["quarter"].isna()]
    if dated.empty:
        return compose("No passage known on this day is dated to a quarter.")
    counts = {quarter: count_origins(found) for quarter, found in dated.groupby("quarter")}
    busiest = max(counts, key=lambda quarter: (counts[quarter].low, counts[quarter].high))
    answer = compose(
        "The quarter from {start} to {end} has the most voices: {count} spoke of risks in it.",
        start=when(busiest.start_time.strftime("%Y-%m")),
        end=when(busiest.end_time.strftime("%Y-%m")),
        count=counts[busiest],
    )
    if loose.empty:
        return answer
    return compose(
        "{answer} {loose} can’t be placed, since only the year is known.",
        answer=answer,
        loose=enumerate_parts([count_rows(loose)]),
    )


def _name_quarter(quarter: pd.Period) -> Text:
    """Name a quarter by its first and last month."""
    return compose(
        "{start} to {end}",
        start=when(quarter.start_time.strftime("%Y-%m")),
        end=when(quarter.end_time.strftime("%Y-%m")),
    )


def _draw(evidence: Evidence, dated: pd.DataFrame, cells: list[Row]) -> object:
    frame = flatten_counts(evidence, cells)
    spans = dated.groupby(["quarter", "lane"], sort=True).size().index
    frame["start"] = [quarter.start_time.strftime("%Y-%m-%d") for quarter, _ in spans]
    frame["end"] = [quarter.end_time.strftime("%Y-%m-%d") for quarter, _ in spans]
    raised = frame[frame["lane"].isin(LANES[:2])]
    if len(raised):
        frame = frame[frame["start"] >= raised["start"].min()].reset_index(drop=True)
    return draw_quarters(frame, "start", "end", "lane", "Origins", list(LANES))
