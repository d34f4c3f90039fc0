"""Displacement and hunger: stocks at a date, and what may not be compared with them."""

import pandas as pd

from mss_analysis.charts import draw_intervals, draw_levels
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, moment, when

STOCK, SINCE = "displaced at that date", "displaced since January"
_KINDS = {"idp_total": STOCK, "displaced": SINCE}


def trace_displacement(evidence: Evidence) -> Exhibit:
    """Show displaced people over time: stocks at a date, and counts since January."""
    dated = _list_displaced(evidence)
    rows = [row for _, row in dated]
    stocks = [row for row in rows if row["Kind"] == STOCK]
    answer = None
    if stocks:
        answer = compose(
            "The earliest stock is {first} ({first_day}), the latest {last} ({last_day}).",
            first=stocks[0]["Displaced"],
            first_day=stocks[0]["Date"],
            last=stocks[-1]["Displaced"],
            last_day=stocks[-1]["Date"],
        )
    frame = flatten(evidence, rows).assign(day=[f"{day:%Y-%m-%d}" for day, _ in dated])
    return exhibit(
        evidence,
        "displacement",
        "How many people were displaced, and when?",
        answer,
        rows,
        rows and draw_levels(frame, "day", "Displaced", "Displaced people", "Kind"),
        compose(
            "A stock at a date and a count since January are different things, and neither may be "
            "added to the other. “By” a day means no later than it: the document gives no date, "
            "and its own stands in."
        ),
    )


def compare_hunger(evidence: Evidence) -> Exhibit:
    """Show how many people go hungry by each statement; shares become people by the population."""
    rows = [
        {
            "Source": cite(evidence, [row["observation_id"]]),
            "Date": moment(row),
            "Stated": evidence.estimate(row["observation_id"]),
            "People": people,
        }
        for row, people in _count_hungry(evidence)
    ]
    figures = sorted((row["People"] for row in rows), key=lambda figure: figure.low)
    answer = None
    if len(figures) == 1:
        answer = compose(
            "The one statement known on this day comes to {people} in acute food insecurity.",
            people=figures[0],
        )
    elif figures:
        answer = compose(
            "The statements run from {least} to {most}; they may not count the same thing.",
            least=figures[0],
            most=figures[-1],
        )
    return exhibit(
        evidence,
        "hunger",
        "How many people go hungry, and do the documents agree?",
        answer,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Source", "People", "People in hunger"),
        compose(
            "A share of the population becomes a number of people by the population that one of "
            "the documents states. Acute food insecurity and a hunger crisis may not be one thing."
        ),
    )


def displaced_before(evidence: Evidence) -> Estimate | None:
    """Derive the earlier stock from a later one and the stated change between them.

    >>> import mss_analysis as mss
    >>> displaced_before(mss.load(corpus="seed"))
    Estimate(between 355,000 and 365,000 people)
    """
    for _, terms in evidence.relations("change"):
        if "base" not in terms:
            return terms["level"] - terms["change"]
    return None


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how many people were displaced."""
    found = []
    base = displaced_before(evidence)
    if base is not None:
        text = compose(
            "The stated rise in displacement implies that {base} were displaced in {month}.",
            base=base,
            month=_month_before(evidence),
        )
        label = "People displaced before the stated rise"
        found.append(Finding("casualties.displaced-before", label, base, text))
    stocks = evidence.select("idp_total").sort_values("as_of", kind="stable")
    for row in stocks.tail(1).to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        text = compose(
            "The latest stock of displaced people is {figure} ({day}).",
            figure=bare(figure),
            day=moment(row),
        )
        found.append(Finding("casualties.displaced", "Displaced people", figure, text, True))
    return found


def _list_displaced(evidence: Evidence) -> list[tuple[pd.Timestamp, Row]]:
    """List stated and derived numbers of displaced people in order of time."""
    dated: list[tuple[pd.Timestamp, Row]] = [
        (
            row["as_of"] if pd.notna(row["as_of"]) else row["period_end"],
            {
                "Source": cite(evidence, [row["observation_id"]]),
                "Date": moment(row),
                "Displaced": evidence.estimate(row["observation_id"]),
                "Kind": _KINDS[row["indicator"]],
            },
        )
        for row in evidence.select(_KINDS).to_dict(orient="records")
    ]
    base = displaced_before(evidence)
    if base is not None:
        row = {
            "Source": compose("derived: level less change"),
            "Date": _month_before(evidence),
            "Displaced": base,
            "Kind": STOCK,
        }
        dated.append((evidence.select("idp_change")["period_start"].iloc[0], row))
    return sorted(dated, key=lambda entry: entry[0])


def _count_hungry(evidence: Evidence) -> list[tuple[dict, Estimate]]:
    """Read each statement on hunger as a number of people."""
    populations = evidence.estimates(evidence.select("population"))
    counted = []
    wanted = ["ipc3plus_share", "ipc3plus", "hunger_affected"]
    for row in evidence.select(wanted).to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        if row["indicator"] == "ipc3plus_share":
            if not populations:
                continue
            figure = figure / Estimate.stated(100, "percent") * populations[-1]
        counted.append((row, figure))
    return counted


def _month_before(evidence: Evidence) -> Text:
    return when(evidence.select("idp_change")["period_start"].iloc[0].strftime("%Y-%m"))
