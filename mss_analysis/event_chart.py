"""Charts of events in lanes, a partial date drawn over all the days that it may mean."""

import altair as alt
import pandas as pd

from mss_analysis.labels import name_months, tooltip
from mss_analysis.language import tell


def draw_lanes(
    frame: pd.DataFrame, lane: str, title: str, start: str = "start", end: str = "end"
) -> alt.LayerChart:
    """Draw dated events in lanes; a partial date is a bar over the span that it leaves open.

    The frame has ISO columns ``start`` and ``end``, a lane, a title and ``source``.
    """
    says = [
        tell("“{title}” comes from {source}.", title=words, source=source)
        for words, source in zip(frame[title], frame["source"], strict=True)
    ]
    data = frame.assign(says=says)
    base = alt.Chart(data).encode(
        alt.Y(f"{lane}:N", title=None),
        name_months(start),
        color=alt.Color(f"{lane}:N", legend=None),
        tooltip=tooltip(),
    )
    spans = base.mark_bar(height=6, opacity=1, cornerRadius=3).encode(alt.X2(f"{end}:T"))
    points = base.mark_point(filled=True, size=70, opacity=0.9)
    return (spans + points).properties(width="container", height=34 * frame[lane].nunique())


def draw_chronology(
    frame: pd.DataFrame, lane: str, title: str, dated: str, lanes: list[str]
) -> alt.LayerChart:
    """Draw events in lanes by how exactly they are dated.

    A dot is a day, a full bar a span, a hollow bar outer limits, a diamond something expected.
    The frame has ISO columns ``start`` and ``end``; ``dated`` is day, span, limits or expected.
    """
    words = zip(frame[title], frame["Date"], frame["source"], strict=True)
    says = [
        tell("“{event}” is dated {day}, by {source}.", event=event, day=day, source=source)
        for event, day, source in words
    ]
    data = frame.assign(says=says)
    order = [entry for entry in lanes if entry in set(frame[lane])]
    base = alt.Chart(data).encode(
        alt.Y(f"{lane}:N", title=None, sort=order),
        name_months("start"),
        color=alt.Color(f"{lane}:N", legend=None, sort=order),
        tooltip=tooltip(),
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
