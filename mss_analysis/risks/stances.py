"""When risks were raised, disputed and answered, quarter by quarter."""

import altair as alt
import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import Text, compose, when
from mss_analysis.risks.register import REPORTED, count_origins, count_rows, read_risks
from mss_analysis.risks.risk_chart import draw_quarters
from mss_analysis.risks.tally import flatten_counts, nothing

LANES = (REPORTED, mark("foreseen"), mark("disputed"), mark("remedy named"))
_LANE_OF = {"disputes": "disputed", "mitigates": "remedy named"}


def trace_stances(evidence: Evidence) -> Exhibit:
    """Show by how many origins risks were raised, disputed or answered in each quarter."""
    risks = read_risks(evidence)
    rows: list[Row] = []
    chart, answer, headline, subtitle = None, nothing(), None, ""
    if risks:
        passages = place(pd.concat(risk.passages for risk in risks))
        dated = passages[passages["quarter"].notna()]
        counts = {
            cell: count_origins(found)
            for cell, found in dated.groupby(["quarter", "lane"], sort=True)
        }
        quarters = dated["quarter"].sort_values().unique()
        rows = [
            {"Quarter": _name_quarter(quarter)}
            | {lane: counts.get((quarter, lane)) for lane in LANES}
            for quarter in quarters
        ]
        answer = _tell(passages)
        if counts:
            chart = _draw(evidence, counts)
            headline = _tell_busiest(dated)
            subtitle = tell(
                "Independent origins that speak of risks of the mission in Haiti, by quarter, "
                "{start} to {end}",
                start=write_date(quarters[0].start_time.strftime("%Y-%m")),
                end=write_date(quarters[-1].end_time.strftime("%Y-%m")),
            )
    return exhibit(
        evidence,
        "evidence-by-quarter",
        tell("When were risks raised, disputed and answered?"),
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
        headline=headline,
        subtitle=subtitle,
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
    """Say how much could be placed in a quarter, and what could not."""
    dated = passages[passages["quarter"].notna()]
    loose = passages[passages["quarter"].isna()]
    if dated.empty:
        return compose("No passage known on this day is dated to a quarter.")
    answer = compose("{dated} can be placed in a quarter.", dated=count_rows(dated))
    if loose.empty:
        return answer
    return compose(
        "{answer} {loose} can’t, since only the year is known.",
        answer=answer,
        loose=count_rows(loose),
    )


def _tell_busiest(dated: pd.DataFrame) -> Text:
    """Say in which quarter most origins spoke; bounds overlap, so only the fewest are compared."""
    counts = {quarter: count_origins(found) for quarter, found in dated.groupby("quarter")}
    busiest = max(counts, key=lambda quarter: (counts[quarter].low, counts[quarter].high))
    return compose(
        "Counted strictly, no quarter has more origins than {start} to {end}: {count}.",
        start=when(busiest.start_time.strftime("%Y-%m")),
        end=when(busiest.end_time.strftime("%Y-%m")),
        count=counts[busiest],
    )


def _name_quarter(quarter: pd.Period) -> Text:
    """Name a quarter by its first and last month."""
    return compose(
        "{start} to {end}",
        start=when(quarter.start_time.strftime("%Y-%m")),
        end=when(quarter.end_time.strftime("%Y-%m")),
    )


def _draw(evidence: Evidence, counts: dict[tuple[pd.Period, str], Estimate]) -> alt.LayerChart:
    raised = [quarter for quarter, lane in counts if lane in LANES[:2]]
    shown = [cell for cell in counts if not raised or cell[0] >= min(raised)]
    rows: list[Row] = [
        {"Quarter": _name_quarter(quarter), "lane": lane, "Origins": counts[quarter, lane]}
        for quarter, lane in shown
    ]
    frame = flatten_counts(evidence, rows).assign(
        start=[quarter.start_time.strftime("%Y-%m-%d") for quarter, _ in shown],
        end=[quarter.end_time.strftime("%Y-%m-%d") for quarter, _ in shown],
    )
    lanes = [translate(lane) for lane in LANES]
    return draw_quarters(frame, "start", "end", "lane", "Origins", lanes)
