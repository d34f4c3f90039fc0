"""Chart of the share for whom something has not happened yet, with those still awaited."""

import altair as alt
import pandas as pd

from mss_analysis.deployment.survival import Curve
from mss_analysis.labels import tooltip
from mss_analysis.language import mark, tell, translate
from mss_analysis.look import INK, MUTED, PALETTE

_READINGS = (mark("shortest waits"), mark("longest waits"))
_STATES = {"has come": mark("has come"), "still awaited": mark("still awaited")}


def draw_survival(
    curves: tuple[Curve, Curve], waits: pd.DataFrame, longest: float
) -> alt.LayerChart:
    """Draw the steps of two curves with the hull of their intervals, and each wait below.

    ``curves`` are by the shortest and the longest durations that dates leave open. ``waits``:
    ``Contributor``, ``longest`` (days), ``state``, ``Days_text``, ``source``, ``observation``.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("start:Q", title=tell("Days after the first pledge on record"))
    axis = tell("Contributors of whom nobody has come, percent")
    y = alt.Y("share:Q", title=axis, scale=scale)
    readings = [translate(reading) for reading in _READINGS]
    steps = pd.concat(
        [
            _step(curve, longest).assign(reading=reading)
            for curve, reading in zip(curves, readings, strict=True)
        ]
    )
    bands = _hull(curves, longest)
    band = (
        alt.Chart(bands)
        .mark_rect(color=PALETTE[0], opacity=0.18)
        .encode(x, alt.X2("end:Q"), alt.Y("low:Q", scale=scale), alt.Y2("high:Q"))
    )
    lines = (
        alt.Chart(steps)
        .mark_line(interpolate="step-after", strokeWidth=2.2)
        .encode(
            x,
            y,
            color=alt.Color(
                "reading:N",
                title=None,
                scale=alt.Scale(domain=readings, range=[PALETTE[0], PALETTE[1]]),
            ),
        )
    )
    says = [
        tell(
            "After {days}, {party} is listed as “{state}”, by {source}.",
            party=row["Contributor"],
            days=row["Days_text"],
            state=translate(_STATES[row["state"]]),
            source=row["source"],
        )
        for row in waits.to_dict(orient="records")
    ]
    base = alt.Chart(waits.assign(says=says)).encode(alt.X("longest:Q"), tooltip=tooltip())
    layers = [band, lines]
    for state, shape in (("has come", "circle"), ("still awaited", "stroke")):
        rows = waits[waits["state"] == state]
        if len(rows):
            layers.append(
                base.transform_filter(alt.FieldOneOfPredicate("state", [state]))
                .mark_point(
                    shape=shape,
                    angle=90 if shape == "stroke" else 0,
                    filled=shape == "circle",
                    size=80,
                    color=INK if shape == "circle" else MUTED,
                    strokeWidth=1.6,
                    opacity=1,
                )
                .encode(y=alt.value(290 if shape == "circle" else 276))
            )
    return alt.layer(*layers).properties(width="container", height=300)


def _step(curve: Curve, longest: float) -> pd.DataFrame:
    """Give the corners of a step function, from nobody having come to the longest wait."""
    starts = [0.0, *curve.durations, longest]
    shares = [1.0, *curve.share, curve.share[-1] if curve.share else 1.0]
    return pd.DataFrame({"start": starts, "share": [100 * share for share in shares]})


def _hull(curves: tuple[Curve, Curve], longest: float) -> pd.DataFrame:
    """Give, between any two steps, the lowest and highest bound of either curve."""
    starts = sorted({0.0, *curves[0].durations, *curves[1].durations})
    ends = [*starts[1:], max(longest, starts[-1])]
    read = [[curve.after(start) for curve in curves] for start in starts]
    return pd.DataFrame(
        {
            "start": starts,
            "end": ends,
            "low": [100 * min(entry[1] for entry in pair) for pair in read],
            "high": [100 * max(entry[2] for entry in pair) for pair in read],
        }
    )
