"""Charts with one row a risk: when it was raised, by how many origins, and how it ranks.

Counts of origins have two ends: the solid mark is the fewest, the pale one the most.
"""

import json

import altair as alt
import pandas as pd

from mss_analysis.labels import break_lines, name_rows, stack, tell_rows, tooltip
from mss_analysis.language import tell
from mss_analysis.look import GRID, INK, PALETTE


def draw_mentions(
    frame: pd.DataFrame, label: str, start: str, end: str, group: str
) -> alt.LayerChart:
    """Draw when each risk was raised: a dot a month, a pale bar where only the year is known.

    ``start`` and ``end`` name ISO columns; a dot's size is ``count``; ``says`` is its sentence.
    """
    data = frame.assign(line=frame[label].map(break_lines))
    groups = list(dict.fromkeys(frame[group]))
    colors = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=groups, range=PALETTE))
    x = alt.X(f"{start}:T", title=None, axis=alt.Axis(format="%Y", labelAngle=0, tickCount="year"))
    size = alt.Size("count:Q", scale=alt.Scale(range=[45, 190]), legend=None)
    layers = []
    # What is said in one month in two ways stands one above the other.
    for place, entry in enumerate(groups):
        shift = 7 * (place - (len(groups) - 1) / 2)
        for is_year in (True, False):
            rows = data[(data[group] == entry) & (data["is_year"] == is_year)]
            # A layer without rows would leave Vega without an extent, hence it isn't drawn.
            if rows.empty:
                continue
            base = alt.Chart(rows).encode(
                x, name_rows("line", data["line"], grid=True), colors, tooltip=tooltip()
            )
            if is_year:
                bars = base.mark_bar(height=5, opacity=0.3, yOffset=shift, y2Offset=shift)
                layers.append(bars.encode(alt.X2(f"{end}:T")))
            else:
                dots = base.mark_point(filled=True, opacity=0.8, yOffset=shift)
                layers.append(dots.encode(size))
    return alt.layer(*layers).properties(width="container", height=stack(data["line"]))


def draw_ranges(frame: pd.DataFrame, label: str, figure: str, axis: str) -> alt.LayerChart:
    """Draw one bar a risk from the fewest to the most, with a tick at either end.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives.
    """
    data = frame.assign(line=frame[label].map(break_lines), says=tell_rows(frame, figure, label))
    low, high = f"{figure}_low", f"{figure}_high"
    base = alt.Chart(data).encode(
        name_rows("line", data["line"], grid=True), tooltip=tooltip(), color=alt.value(PALETTE[0])
    )
    x = alt.X(f"{low}:Q", title=axis, axis=alt.Axis(tickMinStep=1), scale=alt.Scale(zero=True))
    bars = base.mark_bar(height=9, opacity=0.35).encode(x, alt.X2(f"{high}:Q"))
    ends = [base.mark_tick(thickness=3, height=15).encode(alt.X(f"{end}:Q")) for end in (low, high)]
    return alt.layer(bars, *ends).properties(width="container", height=stack(data["line"]))


def draw_cells(frame: pd.DataFrame, x: str, y: str, figure: str) -> alt.LayerChart:
    """Draw counts with two ends in a grid: the fewest, with a plus where there may be more."""
    low, high = frame[f"{figure}_low"], frame[f"{figure}_high"]
    ends = [
        f"{least:.0f}" if least == most else f"{least:.0f}+"
        for least, most in zip(low, high, strict=True)
    ]
    data = frame.assign(
        says=tell_rows(frame, figure, y, x),
        ends=ends,
        line=frame[y].map(break_lines),
        fewest=low,
    )
    highest = float(low.max())
    base = alt.Chart(data).encode(
        alt.X(f"{x}:N", title=None, sort=None, axis=alt.Axis(orient="top", labelAngle=-90)),
        name_rows("line", data["line"], grid=False),
        tooltip=tooltip(),
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color(
            "fewest:Q",
            scale=alt.Scale(range=["#e3eef0", PALETTE[0]], domain=[0, highest]),
            legend=None,
        )
    )
    dark = alt.datum.fewest > highest * 0.45
    numbers = base.mark_text(fontSize=11).encode(
        alt.Text("ends:N"), color=alt.condition(dark, alt.value("white"), alt.value(INK))
    )
    return (cells + numbers).properties(width="container", height=stack(data["line"]))


def draw_quarters(
    frame: pd.DataFrame, start: str, end: str, group: str, figure: str, groups: list[str]
) -> alt.LayerChart:
    """Draw counts by quarter, a lane a group: solid up to the fewest, pale up to the most.

    All lanes share one scale; the tallest bar of each lane tells its count. A quarter without a
    bar is one without a statement, not a zero.
    """
    low, high = f"{figure}_low", f"{figure}_high"
    shown = [entry for entry in groups if entry in set(frame[group])]
    height = float(frame[high].max()) * 1.3
    base = frame[group].map({entry: height * place for place, entry in enumerate(shown[::-1])})
    tallest = frame.groupby(group)[high].transform("max") == frame[high]
    ends = [
        f"{least:.0f}" if least == most else f"{least:.0f}–{most:.0f}"
        for least, most in zip(frame[low], frame[high], strict=True)
    ]
    data = frame.assign(
        says=tell_rows(frame, figure, "Quarter", group),
        base=base,
        few=base + frame[low],
        many=base + frame[high],
        ends=pd.Series(ends, index=frame.index).where(
            tallest & ~frame[tallest].duplicated(group).reindex(frame.index, fill_value=False), ""
        ),
    )
    names = shown[::-1]
    axis = alt.Axis(
        values=[height * place for place in range(len(names))],
        labelExpr=f"{json.dumps(names)}[round(datum.value / {height})]",
        labelLimit=150,
        labelBaseline="bottom",
        grid=True,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[0, height * len(shown)], nice=False)
    chart = alt.Chart(data).encode(
        alt.X(
            f"{start}:T",
            title=None,
            axis=alt.Axis(format="%Y", labelAngle=0, tickCount="year", grid=False),
        ),
        alt.X2(f"{end}:T"),
        tooltip=tooltip(),
        color=alt.Color(
            f"{group}:N", legend=None, scale=alt.Scale(domain=shown, range=PALETTE[: len(shown)])
        ),
    )
    bars = [
        chart.mark_bar(opacity=opacity, stroke="white").encode(
            alt.Y("base:Q", axis=axis, scale=scale, title=None), alt.Y2(f"{top}:Q")
        )
        for top, opacity in (("many", 0.3), ("few", 1))
    ]
    words = (
        alt.Chart(data[data["ends"] != ""])
        .mark_text(align="left", baseline="bottom", dy=-2)
        .encode(alt.X(f"{start}:T"), alt.Y("many:Q"), alt.Text("ends:N"))
    )
    return alt.layer(*bars, words).properties(width="container", height=90 * len(shown))


def draw_shares(frame: pd.DataFrame, label: str, low: str, middle: str, high: str) -> alt.Chart:
    """Draw ranks: a line over nine draws in ten, a dot at the middle one; rank one is on the left.

    ``says`` is the sentence of a mark.
    """
    data = frame.assign(line=frame[label].map(break_lines))
    base = alt.Chart(data).encode(name_rows("line", data["line"], grid=True), tooltip=tooltip())
    x = alt.X(
        f"{low}:Q",
        title=tell("Rank (first on the left)"),
        axis=alt.Axis(tickMinStep=1),
        scale=alt.Scale(zero=False),
    )
    lines = base.mark_rule(strokeWidth=6, opacity=0.35, color=PALETTE[0])
    dots = base.mark_point(filled=True, size=85, opacity=1, color=PALETTE[0])
    return (lines.encode(x, alt.X2(f"{high}:Q")) + dots.encode(alt.X(f"{middle}:Q"))).properties(
        width="container", height=stack(data["line"])
    )


def draw_ratings(frame: pd.DataFrame, label: str, steps: int) -> alt.LayerChart:
    """Draw the span of all ratings of each risk as a box in the plane of likelihood and impact.

    Columns: ``likelihood_low``, ``likelihood_high``, ``impact_low``, ``impact_high``, ``says``.
    The grid's cells carry no colour: a colour would claim a rank.
    """
    grid = alt.Scale(domain=[0.5, steps + 0.5], nice=False)
    ticks = alt.Axis(values=list(range(1, steps + 1)), grid=True, gridColor=GRID, format="d")
    pad = 0.18
    data = frame.assign(
        x=frame["likelihood_low"] - pad,
        x2=frame["likelihood_high"] + pad,
        y=frame["impact_low"] - pad,
        y2=frame["impact_high"] + pad,
    )
    return (
        alt.Chart(data)
        .mark_rect(fillOpacity=0.12, stroke=PALETTE[0], strokeWidth=1.5, cornerRadius=4)
        .encode(
            alt.X("x:Q", title=tell("Likelihood, as rated"), scale=grid, axis=ticks),
            alt.X2("x2:Q"),
            alt.Y("y:Q", title=tell("Impact, as rated"), scale=grid, axis=ticks),
            alt.Y2("y2:Q"),
            color=alt.value(PALETTE[0]),
            tooltip=tooltip(),
        )
        .properties(width="container", height=320)
    )
