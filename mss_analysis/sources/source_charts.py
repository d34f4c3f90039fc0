"""Charts of the sources: a calendar of counts with its gaps, and ties from origins to documents."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.labels import break_lines, tooltip
from mss_analysis.language import tell
from mss_analysis.look import INK, MUTED, PALETTE, stripe

_SHADES = ["#cfe3e6", PALETTE[0]]
_ROW, _TALL = 24, 36
# So long a line of a name is on a phone.
_LETTERS = 16


def draw_calendar(
    cells: pd.DataFrame, months: Sequence[str], rows: Sequence[str]
) -> alt.LayerChart:
    """Draw counts by month and row; where there is none, stripes.

    ``cells``: ``month`` (``YYYY-MM``), ``row``, ``count``, ``says``, ``observation``.
    """
    filled = set(zip(cells["month"], cells["row"], strict=True))
    gaps = pd.DataFrame(
        [
            {
                "month": month,
                "row": row,
                "says": tell("{theme}, {month}: no figure.", theme=row, month=write_date(month)),
            }
            for row in rows
            for month in months
            if (month, row) not in filled
        ],
        columns=["month", "row", "says"],
    )
    year = "indexof(datum.value, '-01') == 4 ? slice(datum.value, 0, 4) : ''"
    x = alt.X(
        "month:O",
        title=None,
        scale=alt.Scale(domain=list(months), paddingInner=0.08),
        axis=alt.Axis(
            labelExpr=year,
            labelAngle=0,
            labelOverlap=False,
            labelFontSize=10,
            ticks=False,
            domain=False,
        ),
    )
    y = alt.Y(
        "row:N",
        title=None,
        sort=list(rows),
        scale=alt.Scale(domain=list(rows), paddingInner=0.1),
        axis=alt.Axis(
            # A long name takes two lines, which leaves room for the months on a phone.
            labelExpr=f"split(replace(datum.label, /^(.{{{_LETTERS},}}?) /, '$1\\n'), '\\n')",
            labelFontSize=11,
            labelLineHeight=11,
            labelLimit=160,
            ticks=False,
            domain=False,
        ),
    )
    shade = alt.Color(
        "count:Q",
        title=tell("Figures"),
        scale=alt.Scale(type="sqrt", range=_SHADES),
        legend=alt.Legend(
            orient="top",
            direction="horizontal",
            tickCount=3,
            gradientLength=150,
            labelOverlap="greedy",
            titleLimit=240,
        ),
    )
    layers = []
    if len(gaps):
        layers.append(alt.Chart(gaps).mark_rect(fill=stripe()).encode(x, y, tooltip=tooltip()))
    if len(cells):
        layers.append(alt.Chart(cells).mark_rect().encode(x, y, shade, tooltip=tooltip()))
    return alt.layer(*layers).properties(width="container", height=_ROW * len(rows))


def draw_ties(
    ties: pd.DataFrame, left: Sequence[str], right: Sequence[str], groups: Sequence[str]
) -> alt.LayerChart:
    """Draw ties from a column of names to another, as wide as their counts.

    ``ties``: ``from``, ``to``, ``count``, ``group`` (of the name to the left), ``says``,
    ``observation``.
    """
    height = _TALL * max(len(left), len(right))
    places = {name: _place(at, len(left)) for at, name in enumerate(left)}
    ends = {name: _place(at, len(right)) for at, name in enumerate(right)}
    data = ties.assign(
        x=0.0, x2=1.0, y=ties["from"].map(places), y2=ties["to"].map(ends)
    ).sort_values("count", ascending=False)
    across = {"axis": None, "scale": alt.Scale(domain=[-0.66, 1.62], nice=False)}
    down = {"axis": None, "scale": alt.Scale(domain=[0, 1], nice=False)}
    lines = (
        alt.Chart(data)
        .mark_rule(opacity=0.7, strokeCap="round")
        .encode(
            alt.X("x:Q", **across),
            alt.Y("y:Q", **down),
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
            alt.StrokeWidth("count:Q", scale=alt.Scale(type="sqrt", range=[1, 14]), legend=None),
            alt.Color(
                "group:N",
                title=None,
                scale=alt.Scale(domain=list(groups), range=[*PALETTE[:2], PALETTE[2], MUTED]),
            ),
            tooltip=tooltip(),
        )
    )
    layers = [lines]
    for names, at, align in ((places, -0.03, "right"), (ends, 1.03, "left")):
        frame = pd.DataFrame({"name": list(names), "y": list(names.values()), "x": at})
        frame["name"] = [break_lines(entry, width=_LETTERS) for entry in frame["name"]]
        words = alt.Chart(frame).mark_text(
            align=align, color=INK, fontSize=11, lineBreak="\n", lineHeight=11, baseline="middle"
        )
        layers.append(
            words.encode(alt.X("x:Q", **across), alt.Y("y:Q", **down), alt.Text("name:N"))
        )
    return alt.layer(*layers).properties(width="container", height=height)


def _place(at: int, number: int) -> float:
    """Spread names evenly from the top of a column to its bottom."""
    return 1 - (at + 0.5) / number
