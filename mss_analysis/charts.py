"""Altair charts in one theme, with uncertainty drawn.

A dot is a figure stated as exact, a ring one stated as about, a bar its bounds, an arrow an end
that the wording leaves open. Every mark carries a sentence as tooltip that names its source, and
``observation`` (ids), so that a page can lead from the mark to the paragraph.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from mss_analysis import language
from mss_analysis.dates import month_names, short_months, write_date
from mss_analysis.language import tell
from mss_analysis.live import is_live

INK, MUTED, GRID, PAPER = "#1f2328", "#5c6670", "#d9d5cc", "#fbfaf7"
# Told apart with any colour vision and, by their lightness, in grey print; a test measures it.
PALETTE = ["#0b5c6b", "#d4581a", "#351a61", "#3a9d4c", "#38042b", "#5a4420"]
# How the bounds of a figure are drawn: thin, since a paler bar would be too faint to see.
RANGE = {"strokeWidth": 3, "opacity": 1}
_DOT = {"filled": True, "size": 85, "opacity": 1}
_RING = {"filled": False, "size": 75, "strokeWidth": 2.2, "opacity": 1}
_ARROWS = {"x": ("triangle-left", "triangle-right"), "y": ("triangle-down", "triangle-up")}
# Room beyond the largest figure in which open ends are drawn.
_HEADROOM = 1.12
# Longest line of a row's name, in letters.
_LINE = 24
# From here on an axis counts in millions.
MILLION = 1e6
_DAYS = {
    "fr": "dimanche lundi mardi mercredi jeudi vendredi samedi",
    "ht": "dimanch lendi madi mèkredi jedi vandredi samdi",
}


@alt.theme.register("mss", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """One look for all charts: system fonts, ink on paper, few lines."""
    font = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
    axis = {
        "labelColor": INK,
        "titleColor": MUTED,
        "gridColor": GRID,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 210,
    }
    return alt.theme.ThemeConfig(
        config={
            **write_locale(language.current()),
            "font": font,
            "background": "transparent",
            # The text alternative speaks for the chart; its marks would read out internals.
            "aria": False,
            "view": {"stroke": None},
            "axis": axis,
            "axisY": {"titleAnchor": "end"},
            # Numbers side by side on a phone must not touch, nor run over the edge.
            "axisX": {"labelSeparation": 6, "labelFlush": 28},
            "legend": {
                "labelColor": INK,
                "titleColor": MUTED,
                "titleFontWeight": "normal",
                "orient": "top",
                # One below the other, so that a phone shows all of them.
                "direction": "vertical",
                "labelLimit": 240,
            },
            # One more than colours, so that a seventh kind does not look like the first.
            "range": {"category": [*PALETTE, MUTED]},
            "text": {"color": INK, "fontSize": 12},
        }
    )


if is_live() and alt.renderers.active == "default":
    # Altair's own way asks the network for the script that draws.
    alt.renderers.enable("svg")


def write_locale(code: str) -> dict[str, Any]:
    """Give the numbers and months of a language as Vega's configuration; English is its own.

    >>> write_locale("ht")["locale"]["time"]["shortMonths"][7]
    'out'
    """
    if code == "en":
        return {}
    number = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0$"]}
    time = {
        "dateTime": "%A %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": _DAYS[code].split(),
        "shortDays": [f"{day[:3]}." for day in _DAYS[code].split()],
        "months": month_names(code),
        "shortMonths": short_months(code),
    }
    return {"locale": {"number": {**number, "percent": "\u00a0%"}, "time": time}}


def draw_intervals(
    frame: pd.DataFrame, label: str, figure: str, axis: str, group: str = "", wrap: bool = True
) -> alt.LayerChart:
    """Draw one line a row: bounds as a bar, the stated value as a dot, an open end as an arrow.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives; ``label`` and ``group`` name text
    columns, ``figure`` a figure column, ``axis`` the axis title with its unit. Labels that are no
    sources stay on one line without ``wrap``.
    """
    lines = frame[label].map(lambda words: _break_lines(words, at_commas=wrap))
    y = _name_rows("line")
    says = _sentences(frame, figure, label)
    return _layer(frame.assign(line=lines), figure, axis, "x", y, group, _stack(lines), says)


def draw_levels(
    frame: pd.DataFrame, time: str, figure: str, axis: str, group: str = ""
) -> alt.LayerChart:
    """Draw figures at dates: bounds as bars, stated values as dots, open ends as arrows.

    ``time`` names a column of ISO dates.
    """
    x = alt.X(f"{time}:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6))
    says = _dated(frame, figure, frame[time].map(write_date))
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
    x = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6))
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
    known = alt.Chart(frame.assign(says=_dated(frame, figure, days))).encode(
        alt.X(f"{time}:T"), alt.Y(f"{figure}_low:Q", scale=scale)
    )
    floor = known.mark_line(interpolate="step-after", color=PALETTE[0], strokeWidth=2)
    dots = known.mark_point(filled=True, size=70, color=PALETTE[0], opacity=1).encode(**_tooltip())
    return (band + floor + dots).properties(width="container", height=300)


def draw_lanes(
    frame: pd.DataFrame, lane: str, title: str, start: str = "start", end: str = "end"
) -> alt.LayerChart:
    """Draw dated events in lanes; a partial date is a bar over the span that it leaves open.

    The frame has ISO columns ``start`` and ``end``, a lane, a title and ``source``.
    """
    says = [
        tell("{title}. {source}.", title=words, source=source)
        for words, source in zip(frame[title], frame["source"], strict=True)
    ]
    data = frame.assign(says=says)
    base = alt.Chart(data).encode(
        alt.Y(f"{lane}:N", title=None),
        alt.X(f"{start}:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6)),
        color=alt.Color(f"{lane}:N", legend=None),
        **_tooltip(),
    )
    spans = base.mark_bar(height=6, opacity=1, cornerRadius=3).encode(alt.X2(f"{end}:T"))
    points = base.mark_point(filled=True, size=70, opacity=0.9)
    return (spans + points).properties(width="container", height=34 * frame[lane].nunique())


def draw_matrix(frame: pd.DataFrame, x: str, y: str, count: str, axis: str) -> alt.LayerChart:
    """Draw counts in a grid; the number stands in each cell, an empty cell stays empty."""
    says = _sentences(frame.assign(cell=frame[y] + ", " + frame[x]), count, "cell")
    data = frame.assign(says=says, line=frame[y].map(_break_lines))
    base = alt.Chart(data).encode(
        alt.X(f"{x}:N", title=None, sort=None, axis=alt.Axis(orient="top", labelAngle=-90)),
        _name_rows("line"),
    )
    highest = float(data[count].max())
    cells = base.mark_rect(stroke="white").encode(
        alt.Color(
            f"{count}:Q",
            title=axis,
            scale=alt.Scale(range=["#e3eef0", PALETTE[0]], domain=[0, highest]),
            legend=None,
        ),
        **_tooltip(),
    )
    dark = alt.datum[count] > highest * 0.45
    numbers = base.mark_text(fontSize=12).encode(
        alt.Text(f"{count}:Q"),
        color=alt.condition(dark, alt.value("white"), alt.value(INK)),
        **_tooltip(),
    )
    return (cells + numbers).properties(width="container", height=_stack(data["line"]))


def draw_bars(frame: pd.DataFrame, label: str, count: str, axis: str, group: str = "") -> alt.Chart:
    """Draw stacked counts, one bar a label, parts told apart by colour and named in the legend."""
    data = frame.assign(says=_sentences(frame, count, label), line=frame[label].map(_break_lines))
    if group:
        data["place"] = pd.factorize(data[group])[0]
    return (
        alt.Chart(data)
        .mark_bar(stroke="white")
        .encode(
            alt.X(f"{count}:Q", title=axis, axis=alt.Axis(tickMinStep=1)),
            _name_rows("line"),
            color=alt.Color(f"{group}:N", title=None, sort=None)
            if group
            else alt.value(PALETTE[0]),
            order=alt.Order("place:Q") if group else alt.Undefined,
            **_tooltip(),
        )
        .properties(width="container", height=_stack(data["line"]))
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
            **_tooltip(),
        )
    )
    counts = alt.Chart(ties.assign(mx=(ties.x + ties.x2) / 2, my=(ties.y + ties.y2) / 2)).encode(
        alt.X("mx:Q", **wide), alt.Y("my:Q", **hidden), alt.Text("count:Q"), **_tooltip()
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
        return alt.Chart(rows).encode(other, color=color, **_tooltip())

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


def label_millions() -> str:
    """Give the expression by which an axis of millions (format ``~s``) labels its ticks."""
    # Vega gives all ticks the prefix of the largest, zero too; and its G is a B of money.
    return f"datum.value === 0 ? '0' : replace(datum.label, 'G', '{tell('B')}')"


def stripe(number: int = 6) -> alt.Gradient:
    """Make pale stripes: nobody counted, which is not zero."""
    colors = [GRID if at % 2 else "#ffffff" for at in range(number)]
    stops = [
        alt.GradientStop(offset=offset, color=color)
        for at, color in enumerate(colors)
        for offset in (at / number + 0.001, (at + 1) / number)
    ]
    return alt.Gradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)


def _name_rows(column: str) -> alt.Y:
    """Name the rows of a chart by a column whose labels may hold several lines."""
    lines = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=190, labelLineHeight=13)
    return alt.Y(f"{column}:N", sort=None, title=None, axis=lines)


def _break_lines(words: str, at_commas: bool = False) -> str:
    """Break a label at its commas (publisher, date, paragraph), or else between words."""
    parts = re.split(r", | to ", words) if at_commas else [words]
    return "\n".join(line for part in parts for line in textwrap.wrap(part, _LINE) or [part])


def _stack(labels: pd.Series) -> int:
    """Give the height of a chart with one row a label, as many lines each as the longest has."""
    lines = 1 + int(labels.str.count("\n").max())
    return (10 + 13 * lines) * labels.nunique()


def _top(frame: pd.DataFrame, figure: str) -> float:
    return float(frame[[figure, f"{figure}_low", f"{figure}_high"]].max().max()) * _HEADROOM or 1.0


def _sentences(frame: pd.DataFrame, figure: str, label: str) -> pd.Series:
    """Say of each row of a chart what it shows, and who says so."""
    words = zip(frame[label].astype(str), frame[f"{figure}_text"], frame["source"], strict=True)
    # A row without a figure draws no mark that could say anything.
    said = [tell_row(*row) if isinstance(row[1], str) else row[0] for row in words]
    return pd.Series(said, index=frame.index, dtype=object)


def tell_row(label: str, figure: str, source: str) -> str:
    """Say what a row shows; a figure or a source that its name holds is not said twice.

    >>> tell_row("Kenya, deployed", "730 people", "The Watch, September 2024")
    'The row “Kenya, deployed” shows 730 people, by The Watch, September 2024.'
    """
    if figure in label:
        return tell("The row “{label}” rests on {source}.", label=label, source=source)
    if source == label:
        return tell("The row “{label}” shows {figure}.", label=label, figure=figure)
    return tell(
        "The row “{label}” shows {figure}, by {source}.", label=label, figure=figure, source=source
    )


def _dated(frame: pd.DataFrame, figure: str, days: Iterable[str]) -> list[str]:
    """Say of each mark what it shows on its day, and who says so."""
    words = zip(days, frame[f"{figure}_text"], frame["source"], strict=True)
    return [
        tell("On {day} the figure was {figure}. {source}.", day=day, figure=told, source=source)
        for day, told, source in words
    ]


def _tooltip() -> dict[str, alt.Tooltip]:
    return {"tooltip": alt.Tooltip("says:N", title=" ")}


def draw_chronology(
    frame: pd.DataFrame, lane: str, title: str, dated: str, lanes: list[str]
) -> alt.LayerChart:
    """Draw events in lanes by how exactly they are dated.

    A dot is a day, a full bar a span, a hollow bar outer limits, a diamond something expected.
    The frame has ISO columns ``start`` and ``end``; ``dated`` is day, span, limits or expected.
    """
    words = zip(frame[title], frame["Date"], frame["source"], strict=True)
    says = [
        tell("{event} ({day}). {source}.", event=event, day=day, source=source)
        for event, day, source in words
    ]
    data = frame.assign(says=says)
    order = [entry for entry in lanes if entry in set(frame[lane])]
    base = alt.Chart(data).encode(
        alt.Y(f"{lane}:N", title=None, sort=order),
        alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6)),
        color=alt.Color(f"{lane}:N", legend=None, sort=order),
        **_tooltip(),
    )
    end = alt.X2("end:T")
    looks = {
        "limits": base.mark_bar(height=18, filled=False, strokeWidth=1.2, cornerRadius=3).encode(
            end
        ),
        "span": base.mark_bar(height=6, opacity=1, cornerRadius=3).encode(end),
        "expected": base.mark_point(shape="diamond", size=90, strokeWidth=2),
        "day": base.mark_point(filled=True, size=80, opacity=0.95),
    }
    # A layer without rows would leave Vega without an extent, hence it isn't drawn.
    layers = [
        layer.transform_filter(alt.FieldOneOfPredicate(dated, [grade]))
        for grade, layer in looks.items()
        if frame[dated].eq(grade).any()
    ]
    return alt.layer(*layers).properties(width="container", height=34 * frame[lane].nunique())


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
        says=_sentences(frame, count, label),
        line=frame[label].map(_break_lines),
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
            _name_rows("line"),
            alt.Color(
                f"{group}:N",
                title=None,
                scale=alt.Scale(domain=list(parts), range=colors),
            ),
            alt.Order("place:Q"),
            **_tooltip(),
        )
        .properties(width="container", height=_stack(data["line"]))
    )
