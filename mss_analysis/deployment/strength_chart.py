"""Charts of strength over time: stocks as marks, promises as lines, turns as rules."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from mss_analysis.labels import name_months, tooltip
from mss_analysis.language import tell, translate
from mss_analysis.look import INK, MUTED, PALETTE, RANGE

_RUNGS = ["deployed", "planned", "pledged", "authorised"]
_COLORS = [PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[4]]
# Two of the colours are nearly black in grey print, hence a dash each.
_DASHES = [[1, 0], [2, 2], [8, 3], [12, 3, 2, 3]]
# One mission follows the other, so the note of the chart tells their marks.
_SHAPES = alt.Scale(domain=["MSS", "GSF"], range=["square", "circle"])
# Room beyond the largest figure in which open ends are drawn.
_HEADROOM = 1.1
_SMALLEST = 1.0
# Below one person there is room for the movements.
_BOTTOM = 0.35
_DISPUTED = "cannot all hold"


@dataclass(frozen=True)
class Mark:
    """A day that a chart names, with the place where it is stated."""

    label: str
    day: str
    source: str
    observation: str


def draw_trajectory(frame: pd.DataFrame, marks: list[Mark]) -> alt.LayerChart:
    """Draw the mission's stocks as marks and its promises as lines over time.

    ``frame``: ``start``, ``end`` (ISO), ``Mission``, ``Rung``, ``People`` with bounds, ``known``
    (dated, or not later than), ``source``, ``observation``.
    """
    data = _prepare(frame, "Mission")
    top = _top(data)
    data = data.assign(low=data["People_low"].fillna(0.0), high=data["People_high"].fillna(top))
    scale = alt.Scale(domain=[0, top], nice=False)
    rungs = [rung for rung in _RUNGS if rung in set(data["Rung_key"])]
    colors = alt.Scale(
        domain=[translate(rung) for rung in rungs],
        range=[_COLORS[_RUNGS.index(rung)] for rung in rungs],
    )
    dashes = alt.Scale(domain=colors.domain, range=[_DASHES[_RUNGS.index(rung)] for rung in rungs])
    base = alt.Chart(data).encode(
        name_months("start"),
        color=alt.Color("Rung:N", title=None, scale=colors, legend=_legend(2, "stroke")),
        tooltip=tooltip(),
    )
    low = alt.Y("low:Q", title=tell("People"), scale=scale)
    # A layer without rows would leave Vega without an extent, hence it isn't drawn.
    is_there = data["Rung_key"] == "deployed"
    layers = []
    if not is_there.all():
        layers += _draw_promises(data[~is_there], base, scale, dashes)
    if is_there.any():
        stocks = base.properties(data=data[is_there])
        layers += _draw_bounds(data[is_there], stocks, low, scale)
        layers += _draw_dots(data[is_there], stocks, alt.Y("People:Q", scale=scale), "Mission_key")
    layers += _draw_marks(marks)
    return alt.layer(*layers).properties(width="container", height=340)


def draw_contingents(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw contingents' stocks on a logarithmic scale, arrivals and departures along the bottom.

    ``frame`` as for :func:`draw_trajectory`, with ``Contingent`` and ``kind`` (in Haiti, arrival,
    departure).
    """
    data = _prepare(frame, "Contingent")
    top = _top(data)
    data = data.assign(
        low=data["People_low"].fillna(_SMALLEST).clip(lower=_SMALLEST),
        high=data["People_high"].fillna(top),
    )
    scale = alt.Scale(type="log", domain=[_BOTTOM, top * _HEADROOM], nice=False)
    # By their English names, so that a contingent has one colour in all languages.
    named = data.drop_duplicates("Contingent_key").sort_values("Contingent_key")
    parties = list(named["Contingent"])
    colors = alt.Scale(domain=parties)
    base = alt.Chart(data).encode(
        name_months("start"),
        color=alt.Color("Contingent:N", title=None, scale=colors, legend=_legend(2)),
        tooltip=tooltip(),
    )
    layers = []
    stocks = data[data["kind"] == "in Haiti"]
    if len(stocks):
        drawn = base.properties(data=stocks)
        ticks = alt.Axis(values=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000], format=",d")
        low = alt.Y("low:Q", title=tell("People in Haiti"), scale=scale, axis=ticks)
        layers += _draw_bounds(stocks, drawn, low, scale)
        layers += _draw_dots(stocks, drawn, alt.Y("People:Q", scale=scale), "")
    for kind, shape, place in (
        ("arrival", "triangle-up", 276),
        ("departure", "triangle-down", 292),
    ):
        moves = data[data["kind"] == kind]
        if len(moves):
            layers.append(
                base.properties(data=moves)
                .mark_point(shape=shape, filled=True, size=90, opacity=0.9)
                .encode(y=alt.value(place))
            )
    return alt.layer(*layers).properties(width="container", height=300)


def _draw_promises(
    rows: pd.DataFrame, base: alt.Chart, scale: alt.Scale, dashes: alt.Scale
) -> list[alt.Chart]:
    """Draw each promise from the day it is told to the day it is replaced, with its bounds."""
    y = alt.Y("low:Q", title=tell("People"), scale=scale)
    layers = []
    bounded = rows[(rows["People_low"] > 0) & rows["People_high"].notna()]
    if len(bounded):
        bands = base.properties(data=bounded).mark_rect(opacity=0.22, strokeWidth=1.2)
        layers.append(bands.encode(alt.X2("end:T"), y, alt.Y2("high:Q")))
    stated = rows[rows["People"].notna()]
    if len(stated):
        layers.append(
            base.properties(data=stated)
            .mark_rule(strokeWidth=2.2)
            .encode(
                alt.X2("end:T"),
                alt.Y("People:Q", scale=scale),
                strokeDash=alt.StrokeDash(
                    "Rung:N", title=None, scale=dashes, legend=_legend(2, "stroke")
                ),
            )
        )
    return layers


def _draw_bounds(
    rows: pd.DataFrame, base: alt.Chart, low: alt.Y, scale: alt.Scale
) -> list[alt.Chart]:
    """Draw bounds as bars; dashed with two ends where statements cannot all hold."""
    is_disputed = rows["Do they agree?_key"] == _DISPUTED
    layers = []
    calm, apart = rows[~is_disputed], rows[is_disputed]
    if len(calm):
        bars = base.properties(data=calm).mark_rule(**RANGE)
        layers.append(bars.encode(low, alt.Y2("high:Q")))
    if len(apart):
        bars = base.properties(data=apart)
        dashes = bars.mark_rule(strokeWidth=2, strokeDash=[4, 3])
        layers.append(dashes.encode(low, alt.Y2("high:Q")))
        ends = bars.mark_tick(thickness=2.5, size=14, orient="horizontal")
        layers += [ends.encode(alt.Y(f"{side}:Q", scale=scale)) for side in ("low", "high")]
    open_ends = rows[rows["People_high"].isna()]
    if len(open_ends):
        arrows = base.properties(data=open_ends).mark_point(
            shape="triangle-up", filled=True, size=80, opacity=0.9
        )
        layers.append(arrows.encode(alt.Y("high:Q", scale=scale)))
    return layers


def _legend(columns: int, symbol: str = "square") -> alt.Legend:
    # As long as the longest dash, so that it can be told.
    size = {"symbolSize": 900, "symbolStrokeWidth": 2.2} if symbol == "stroke" else {}
    return alt.Legend(columns=columns, symbolOpacity=1, symbolType=symbol, **size)


def _draw_dots(rows: pd.DataFrame, base: alt.Chart, y: alt.Y, shape: str) -> list[alt.Chart]:
    layers = []
    for known, filled in (("dated", True), ("not later than", False)):
        stated = rows[rows["People"].notna() & (rows["known"] == known)]
        if len(stated):
            dots = base.properties(data=stated).mark_point(
                filled=filled, size=70, opacity=1, strokeWidth=1.8
            )
            more = {"shape": alt.Shape(f"{shape}:N", legend=None, scale=_SHAPES)} if shape else {}
            layers.append(dots.encode(y, **more))
    return layers


def _draw_marks(marks: list[Mark]) -> list[alt.Chart]:
    if not marks:
        return []
    says = [
        tell("“{title}” stands in {source}.", title=mark.label, source=mark.source)
        for mark in marks
    ]
    data = pd.DataFrame([mark.__dict__ for mark in marks]).assign(says=says)
    base = alt.Chart(data).encode(alt.X("day:T"), tooltip=tooltip())
    rules = base.mark_rule(color=MUTED, strokeDash=[4, 3])
    words = base.mark_text(angle=270, align="right", dy=12, dx=-4, color=INK, fontSize=11).encode(
        alt.Text("label:N"), y=alt.value(0)
    )
    return [rules, words]


def _prepare(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    says = [
        tell(
            "For {party} the figure “{rung}” is {people} ({when}), by {source}.",
            party=row[label],
            rung=row["Rung"],
            people=row["People_text"],
            when=row["When"],
            source=row["source"],
        )
        for row in frame.to_dict(orient="records")
    ]
    return frame.assign(says=says)


def _top(frame: pd.DataFrame) -> float:
    columns = ["People", "People_low", "People_high"]
    return float(frame[columns].max().max()) * _HEADROOM or _SMALLEST
