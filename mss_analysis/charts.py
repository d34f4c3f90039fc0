"""Charts of figures with their bounds.

A dot is a figure stated as exact, a ring one stated as about, a bar its bounds, an arrow an end
that the wording leaves open. Every mark carries a sentence as tooltip that names its source, and
``observation`` (ids), so that a page can lead from the mark to the paragraph.
"""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.labels import (
    break_lines,
    name_months,
    name_rows,
    stack,
    tell_days,
    tell_rows,
    tooltip,
)
from mss_analysis.language import tell
from mss_analysis.look import MILLION, PALETTE, RANGE, label_millions

_DOT = {"filled": True, "size": 85, "opacity": 1}
_RING = {"filled": False, "size": 75, "strokeWidth": 2.2, "opacity": 1}
_ARROWS = {"x": ("triangle-left", "triangle-right"), "y": ("triangle-down", "triangle-up")}
# Room beyond the largest figure in which open ends are drawn.
_HEADROOM = 1.12


def draw_intervals(
    frame: pd.DataFrame, label: str, figure: str, axis: str, group: str = "", wrap: bool = True
) -> alt.LayerChart:
    """Draw one line a row: bounds as a bar, the stated value as a dot, an open end as an arrow.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives; ``label`` and ``group`` name text
    columns, ``figure`` a figure column, ``axis`` the axis title with its unit. Labels that are no
    sources stay on one line without ``wrap``.
    """
    lines = frame[label].map(lambda words: break_lines(words, at_commas=wrap))
    y = name_rows("line")
    says = tell_rows(frame, figure, label)
    return _layer(frame.assign(line=lines), figure, axis, "x", y, group, stack(lines), says)


def draw_levels(
    frame: pd.DataFrame, time: str, figure: str, axis: str, group: str = ""
) -> alt.LayerChart:
    """Draw figures at dates: bounds as bars, stated values as dots, open ends as arrows.

    ``time`` names a column of ISO dates.
    """
    x = name_months(time)
    says = tell_days(frame, figure, frame[time].map(write_date))
    return _layer(frame, figure, axis, "y", x, group, 280, says)


def draw_envelope(
    frame: pd.DataFrame, time: str, figure: str, axis: str, label: str = ""
) -> alt.LayerChart:
    """Draw lower and upper bound of a cumulative count over time.

    ``time`` names a column of ISO dates, ``label`` one that tells them in words.

    Between two days that figures name, the count lies between the lower bound of the earlier and
    the upper bound of the later; where nothing caps it, the band is pale and reaches the top edge.
    """
    top = _top(frame, figure)
    days = frame[label] if label else frame[time].map(write_date)
    ahead = frame.shift(-1)
    capped, open_ended = tell("bounded"), tell("no upper limit")
    bands = pd.DataFrame(
        {
            "start": frame[time],
            "end": ahead[time],
            "lower": frame[f"{figure}_low"],
            "upper": ahead[f"{figure}_high"].fillna(top),
            "band": ahead[f"{figure}_high"].isna().map({True: open_ended, False: capped}),
        }
    ).iloc[:-1]
    scale = alt.Scale(domain=[0, top], nice=False)
    x = name_months("start")
    band = (
        alt.Chart(bands)
        .mark_rect(color=PALETTE[0])
        .encode(
            x,
            alt.X2("end:T"),
            alt.Y("lower:Q", title=axis, scale=scale),
            alt.Y2("upper:Q"),
            alt.FillOpacity(
                "band:N",
                scale=alt.Scale(domain=[capped, open_ended], range=[0.4, 0.12]),
                title=tell("The count lies in the band"),
                sort=[capped, open_ended],
            ),
        )
    )
    known = alt.Chart(frame.assign(says=tell_days(frame, figure, days))).encode(
        alt.X(f"{time}:T"), alt.Y(f"{figure}_low:Q", scale=scale)
    )
    floor = known.mark_line(interpolate="step-after", color=PALETTE[0], strokeWidth=2)
    dots = known.mark_point(filled=True, size=70, color=PALETTE[0], opacity=1).encode(
        tooltip=tooltip()
    )
    return (band + floor + dots).properties(width="container", height=300)


def _layer(
    frame: pd.DataFrame,
    figure: str,
    axis: str,
    direction: str,
    other: alt.X | alt.Y,
    group: str,
    height: int,
    says: Sequence[str],
) -> alt.LayerChart:
    channel = {"x": alt.X, "y": alt.Y}[direction]
    second = {"x": alt.X2, "y": alt.Y2}[direction]
    top = _top(frame, figure)
    bottom = min(0.0, float(frame[[f"{figure}_low", figure]].min().min()))
    data = frame.assign(
        drawn_low=frame[f"{figure}_low"].fillna(bottom),
        drawn_high=frame[f"{figure}_high"].fillna(top),
        no_ceiling=frame[f"{figure}_high"].isna(),
        no_floor=~(frame[f"{figure}_low"] > bottom) & (frame[f"{figure}_high"] > bottom),
        says=says,
    )
    scale = alt.Scale(domain=[bottom, top], nice=False)
    # Both channels name all groups, else a layer without one of them gets a legend of its own.
    groups = alt.Scale(domain=list(dict.fromkeys(frame[group]))) if group else None
    color = alt.Color(f"{group}:N", title=None, scale=groups) if group else alt.value(PALETTE[0])
    shape = {"shape": alt.Shape(f"{group}:N", title=None, scale=groups)} if group else {}
    whole = bool((data[["drawn_low", f"{figure}_low"]].stack() % 1 == 0).all())
    ticks = alt.Axis(tickCount=7, tickMinStep=1 if whole else 0.01)
    if top >= MILLION:
        ticks.format, ticks.labelExpr = "~s", label_millions()

    def draw(rows: pd.DataFrame) -> alt.Chart:
        return alt.Chart(rows).encode(other, color=color, tooltip=tooltip())

    layers = [
        draw(data)
        .mark_rule(**RANGE)
        .encode(channel("drawn_low:Q", title=axis, scale=scale, axis=ticks), second("drawn_high:Q"))
    ]
    # A layer without rows would leave Vega without an extent, hence it isn't drawn.
    ends = ("drawn_low", data["no_floor"]), ("drawn_high", data["no_ceiling"])
    for arrow, (column, is_open) in zip(_ARROWS[direction], ends, strict=True):
        if is_open.any():
            arrows = draw(data[is_open]).mark_point(shape=arrow, filled=True, size=110, opacity=1)
            layers.append(arrows.encode(channel(f"{column}:Q", scale=scale)))
    stated, soft = data[figure].notna(), data[f"{figure}_about"].eq(True)
    for rows, look in ((stated & ~soft, _DOT), (stated & soft, _RING)):
        if rows.any():
            dots = draw(data[rows]).mark_point(**look)
            layers.append(dots.encode(channel(f"{figure}:Q", scale=scale), **shape))
    return alt.layer(*layers).properties(width="container", height=height)


def _top(frame: pd.DataFrame, figure: str) -> float:
    return float(frame[[figure, f"{figure}_low", f"{figure}_high"]].max().max()) * _HEADROOM or 1.0
