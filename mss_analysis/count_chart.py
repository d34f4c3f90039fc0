"""Charts of counts: bars, bars to both sides of a line, and a network."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from mss_analysis.labels import break_lines, name_rows, stack, tell_rows, tooltip
from mss_analysis.look import INK, MUTED, PALETTE


def draw_bars(frame: pd.DataFrame, label: str, count: str, axis: str, group: str = "") -> alt.Chart:
    """Draw stacked counts, one bar a label, parts told apart by colour and named in the legend."""
    data = frame.assign(says=tell_rows(frame, count, label), line=frame[label].map(break_lines))
    if group:
        data["place"] = pd.factorize(data[group])[0]
    return (
        alt.Chart(data)
        .mark_bar(stroke="white")
        .encode(
            alt.X(f"{count}:Q", title=axis, axis=alt.Axis(tickMinStep=1)),
            name_rows("line"),
            color=alt.Color(f"{group}:N", title=None, sort=None)
            if group
            else alt.value(PALETTE[0]),
            order=alt.Order("place:Q") if group else alt.Undefined,
            tooltip=tooltip(),
        )
        .properties(width="container", height=stack(data["line"]))
    )


def draw_balance(
    frame: pd.DataFrame, label: str, count: str, axis: list[str], group: str, parts: Sequence[str]
) -> alt.Chart:
    """Draw counts to both sides of a line: the first part to the left, the others stacked right.

    ``axis`` holds the lines of the axis title.
    ``parts`` names the values of ``group`` in their order; the further to the right, the paler,
    and the last is only an outline.
    """
    left = frame[group] == parts[0]
    data = frame.assign(
        drawn=frame[count].where(~left, -frame[count]),
        place=frame[group].map({part: place for place, part in enumerate(parts)}),
        says=tell_rows(frame, count, label),
        line=frame[label].map(break_lines),
    )
    shades = [PALETTE[1], PALETTE[0], "#4f8b96", "#94bac1", "#d3e3e6"]
    colors = [*shades[: len(parts) - 1], "#ffffff"]
    return (
        alt.Chart(data)
        .mark_bar(stroke=MUTED, strokeWidth=0.6)
        .encode(
            alt.X(
                "drawn:Q",
                title=axis,
                axis=alt.Axis(tickMinStep=1, labelExpr="format(abs(datum.value), 'd')"),
            ),
            name_rows("line"),
            alt.Color(
                f"{group}:N",
                title=None,
                scale=alt.Scale(domain=list(parts), range=colors),
            ),
            alt.Order("place:Q"),
            tooltip=tooltip(),
        )
        .properties(width="container", height=stack(data["line"]))
    )


def draw_network(nodes: pd.DataFrame, ties: pd.DataFrame) -> alt.LayerChart:
    """Draw actors and the ties between them; a tie's width is its count.

    ``nodes``: ``actor``, ``x``, ``y`` in [0, 1]. ``ties``: ``x``, ``y``, ``x2``, ``y2``, ``count``,
    ``says``, ``observation``.
    """
    hidden = {"axis": None, "scale": alt.Scale(domain=[-0.12, 1.12])}
    # A name is wider than high, and a phone narrow.
    wide = {"axis": None, "scale": alt.Scale(domain=[-0.22, 1.22])}
    lines = (
        alt.Chart(ties)
        .mark_rule(color=PALETTE[0], opacity=0.65)
        .encode(
            alt.X("x:Q", **wide),
            alt.Y("y:Q", **hidden),
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
            alt.StrokeWidth("count:Q", scale=alt.Scale(range=[1, 12]), legend=None),
            tooltip=tooltip(),
        )
    )
    counts = alt.Chart(ties.assign(mx=(ties.x + ties.x2) / 2, my=(ties.y + ties.y2) / 2)).encode(
        alt.X("mx:Q", **wide), alt.Y("my:Q", **hidden), alt.Text("count:Q"), tooltip=tooltip()
    )
    rims = counts.mark_text(
        fontSize=12, fontWeight="bold", stroke="white", strokeWidth=4, strokeJoin="round"
    )
    middles = counts.mark_text(fontSize=12, fontWeight="bold")
    names = alt.Chart(nodes).encode(alt.X("x:Q", **wide), alt.Y("y:Q", **hidden))
    circles = names.mark_circle(size=420, color=PALETTE[0], opacity=1)
    # A pale edge keeps words readable where a tie passes below them.
    words = {"fontSize": 13, "fontWeight": "bold", "dy": 22, "lineBreak": "\n"}
    edges = names.mark_text(stroke="white", strokeWidth=5, strokeJoin="round", **words).encode(
        alt.Text("actor:N")
    )
    labels = names.mark_text(color=INK, **words).encode(alt.Text("actor:N"))
    return (lines + circles + edges + labels + rims + middles).properties(
        width="container", height=420
    )
