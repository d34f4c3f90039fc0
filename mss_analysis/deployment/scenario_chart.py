"""Chart of scenarios: one band a pace, and the strengths to be reached as lines."""

import altair as alt
import pandas as pd

from mss_analysis.labels import name_months, tell_row, tooltip
from mss_analysis.language import tell
from mss_analysis.look import INK, MUTED, PALETTE

_HEADROOM = 1.1


def draw_paths(paths: pd.DataFrame, aims: pd.DataFrame) -> alt.LayerChart:
    """Draw bands of strength by month and pace, and promised strengths as lines.

    ``paths``: ``month`` (ISO), ``pace``, ``low``, ``high``, ``source``, ``observation``.
    ``aims``: ``Strength``, ``People`` with bounds, ``source``, ``observation``.
    """
    level = aims["People"].fillna(aims["People_high"])
    top = float(level.max()) * _HEADROOM
    scale = alt.Scale(domain=[0, top], nice=False)
    # A path that has left the chart is cut, not drawn along its edge.
    paths = paths[paths["low"] <= top].assign(high=lambda rows: rows["high"].clip(upper=top))
    x = name_months("month")
    color = alt.Color(
        "pace:N",
        title=tell("Pace"),
        sort=None,
        scale=alt.Scale(
            domain=list(dict.fromkeys(paths["pace"])), range=[PALETTE[1], PALETTE[0], PALETTE[2]]
        ),
    )
    says = [
        tell("The pace “{pace}” starts from the count in {source}.", pace=pace, source=source)
        for pace, source in zip(paths["pace"], paths["source"], strict=True)
    ]
    base = alt.Chart(paths.assign(says=says)).encode(x, color=color, tooltip=tooltip())
    band = base.mark_area(opacity=0.25, clip=True).encode(
        alt.Y("low:Q", title=tell("People in Haiti"), scale=scale), alt.Y2("high:Q")
    )
    edges = [
        base.mark_line(strokeWidth=1.4, clip=True).encode(alt.Y(f"{side}:Q", scale=scale))
        for side in ("low", "high")
    ]
    told = [
        tell_row(*row)
        for row in zip(aims["Strength"], aims["People_text"], aims["source"], strict=True)
    ]
    lines = alt.Chart(aims.assign(level=level, says=told)).encode(
        alt.Y("level:Q", scale=scale), tooltip=tooltip()
    )
    rules = lines.mark_rule(color=MUTED, strokeDash=[4, 3])
    words = lines.mark_text(color=INK, align="left", dy=-6, dx=4, fontSize=11).encode(
        alt.Text("Strength:N"), x=alt.value(0)
    )
    return alt.layer(band, *edges, rules, words).properties(width="container", height=320)
