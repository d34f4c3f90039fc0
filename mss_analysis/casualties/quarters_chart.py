"""A chart of counts by quarter, in lanes: bars with bounds, and hatching where nobody counted."""

import math

import altair as alt
import pandas as pd

from mss_analysis.labels import name_months, tooltip
from mss_analysis.look import INK, MUTED

_LANE, _FILL = 118, 0.74
# Hatching: lines a quarter, and how far each leans, in quarters.
_LINES, _LEAN = 3, 0.55


def draw_quarters(frame: pd.DataFrame, lanes: list[str]) -> alt.LayerChart:
    """Draw counts by quarter, one lane a series, each with a scale of its own.

    Parameters
    ----------
    frame
        One row a lane and quarter: ``lane``, ISO ``start`` and ``end``, ``low`` and ``high``
        (persons; both ``NaN`` where nothing is known, ``high`` alone where it is open), ``says``
        and ``observation``.
    lanes
        Names of the lanes from top to bottom.

    """
    data = _place(frame, lanes)
    known = data[data["low"].notna()]
    x = name_months("start")
    scale = alt.Scale(domain=[0, len(lanes)], nice=False)

    def at(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=None, scale=scale)

    y = at("floor")
    tip = {"tooltip": tooltip()}
    color = alt.Color("lane:N", legend=None, sort=lanes, scale=alt.Scale(domain=lanes))
    layers = [
        alt.Chart(_rule(data, lanes))
        .mark_rule(color=MUTED, opacity=0.35)
        .encode(x, alt.X2("end:T"), at("at"))
    ]
    if len(gaps := _hatch(data)):
        hatching = alt.Chart(gaps).mark_rule(color=MUTED, opacity=0.55, strokeWidth=1)
        layers.append(hatching.encode(x, y, alt.X2("end:T"), alt.Y2("top:Q")))
        # Lines are hard to meet with a pointer: the whole quarter answers.
        silent = data[data["low"].isna()].assign(top=lambda rows: rows["floor"] + _FILL)
        answering = alt.Chart(silent).mark_rect(fillOpacity=0)
        layers.append(answering.encode(x, y, alt.X2("end:T"), alt.Y2("top:Q"), **tip))
    if len(known):
        bars = alt.Chart(known).encode(x, alt.X2("end:T"), y, color=color, **tip)
        # The certain part is full, what the bounds leave open is pale.
        layers.append(bars.mark_bar(opacity=0.9).encode(alt.Y2("low_top:Q")))
        # An edge carries the contrast that the pale filling lacks.
        pale = bars.mark_bar(fillOpacity=0.3, strokeWidth=1)
        layers.append(
            pale.encode(
                at("low_top"),
                alt.Y2("high_top:Q"),
                stroke=alt.Stroke("lane:N", legend=None, scale=alt.Scale(domain=lanes)),
            )
        )
    if len(opened := known[known["high"].isna()]):
        arrows = alt.Chart(opened).mark_point(
            shape="triangle-up", filled=True, size=45, opacity=0.9
        )
        layers.append(arrows.encode(alt.X("middle:T"), at("high_top"), color=color, **tip))
    words = alt.Chart(_name(data, lanes)).encode(x, at("at"))
    names = words.mark_text(align="left", fontSize=12, fontWeight="bold", color=INK, dy=-4)
    layers.append(names.encode(alt.Text("lane:N")))
    labels = alt.Chart(_rule(data, lanes)).mark_text(
        align="left", baseline="bottom", fontSize=10, color=INK, dx=2, dy=-1
    )
    marks = labels.transform_filter("datum.number > 0")
    layers.append(marks.encode(x, at("at"), alt.Text("number:Q", format=",d")))
    return alt.layer(*layers).properties(width="container", height=_LANE * len(lanes))


def _place(frame: pd.DataFrame, lanes: list[str]) -> pd.DataFrame:
    """Find each bar's ends within its lane."""
    data = frame.copy()
    data["floor"] = data["lane"].map({lane: len(lanes) - 1 - at for at, lane in enumerate(lanes)})
    highest = data[["low", "high"]].max(axis=1).groupby(data["lane"]).transform("max")
    data["unit"] = _FILL / highest.where(highest > 0, 1.0).fillna(1.0)
    data["highest"] = highest
    data["low_top"] = data["floor"] + data["low"] * data["unit"]
    # An open end rises a little above what is certain.
    ends = (data["high"] * data["unit"]).fillna(data["low"] * data["unit"] + 0.07)
    data["high_top"] = data["floor"] + ends
    starts, stops = pd.to_datetime(data["start"]), pd.to_datetime(data["end"])
    data["middle"] = (starts + (stops - starts) / 2).dt.strftime("%Y-%m-%d")
    return data


def _rule(data: pd.DataFrame, lanes: list[str]) -> pd.DataFrame:
    """Rule a base line and one line at a round number in each lane."""
    records = []
    start, end = data["start"].min(), data["end"].max()
    for lane in lanes:
        rows = data[data["lane"] == lane]
        floor = float(rows["floor"].iloc[0])
        records.append({"start": start, "end": end, "at": floor, "number": 0})
        highest = rows["highest"].iloc[0]
        if pd.notna(highest) and highest > 0:
            number = _round_down(highest)
            at = floor + number * float(rows["unit"].iloc[0])
            records.append({"start": start, "end": end, "at": at, "number": number})
    return pd.DataFrame(records)


def _name(data: pd.DataFrame, lanes: list[str]) -> pd.DataFrame:
    start = data["start"].min()
    top = len(lanes)
    return pd.DataFrame(
        [{"start": start, "lane": lane, "at": top - at - 0.12} for at, lane in enumerate(lanes)]
    )


def _hatch(data: pd.DataFrame) -> pd.DataFrame:
    """Lean lines over every quarter of which nothing is known."""
    lines = []
    for row in data[data["low"].isna()].itertuples():
        start, stop = pd.Timestamp(row.start), pd.Timestamp(row.end)
        length = stop - start
        for number in range(_LINES):
            foot = number / _LINES
            share = min(1.0, (1 - foot) / _LEAN)
            lines.append(
                {
                    "start": f"{start + length * foot:%Y-%m-%dT%H:%M}",
                    "end": f"{start + length * (foot + share * _LEAN):%Y-%m-%dT%H:%M}",
                    "floor": row.floor,
                    "top": row.floor + share * _FILL,
                }
            )
    return pd.DataFrame(lines)


def _round_down(number: float) -> int:
    """The largest of 1, 2, 5 times a power of ten that isn't above a number; 1 at least."""
    power = 10.0 ** math.floor(math.log10(max(number, 1)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(number, 1)))
