"""A chart of the ladder: donors as rows, steps as colours, on a scale of tenfold steps."""

import altair as alt
import pandas as pd

from mss_analysis.labels import break_lines, name_rows, tooltip
from mss_analysis.language import tell
from mss_analysis.look import PALETTE, RANGE

_LINE = 13
# Longest line of a donor's name, in letters.
_LETTERS = 16
_ROOM = 1.6
_POWERS = [10.0**power for power in range(3, 13)]


def draw_ladder(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw one band a donor and one line a figure: a dot, its bounds, an arrow for an open end.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives: text columns ``Donor``, ``Rung``
    and ``For``, a figure ``Amount`` in dollars, and, in the language, ``step`` of the ladder (a
    colour each, ordered by the number in ``order``) and ``pot`` (a shape each). The scale is
    logarithmic, since gifts differ a thousandfold: distance shows a ratio.
    """
    donor, figure = "Donor", "Amount"
    says = [
        tell(
            "For {donor} ({pot}) the figure “{rung}” is {amount}, by {source}.",
            donor=row[donor],
            rung=row["Rung"],
            pot=row["For"],
            amount=row[f"{figure}_text"],
            source=row["source"],
        )
        for row in frame.to_dict(orient="records")
    ]
    ends = frame[[figure, f"{figure}_low", f"{figure}_high"]]
    top = float(ends.max().max()) * _ROOM
    bottom = float(ends[ends > 0].min().min()) / _ROOM
    data = frame.assign(
        says=says,
        drawn_low=frame[f"{figure}_low"].clip(lower=bottom),
        drawn_high=frame[f"{figure}_high"].fillna(top),
        open_end=frame[f"{figure}_high"].isna(),
        shown=frame[figure].fillna(frame[f"{figure}_low"].clip(lower=bottom)),
        place=frame.groupby(donor).cumcount(),
        line=frame[donor].map(lambda words: break_lines(words, width=_LETTERS)),
    )
    steps = list(dict.fromkeys(data.sort_values("order", kind="stable")["step"]))
    pots = [pot for pot in (tell("Trust fund"), tell("Elsewhere")) if pot in set(data["pot"])]
    color = alt.Color("step:N", title=None, scale=alt.Scale(domain=steps, range=PALETTE))
    shape = alt.Shape("pot:N", title=None, scale=alt.Scale(domain=pots, range=["circle", "square"]))
    scale = alt.Scale(type="log", domain=[bottom, top], nice=False)
    values = [power for power in _POWERS if bottom <= power <= top]
    axis = alt.Axis(
        values=values,
        labelExpr=f"replace(format(datum.value, '~s'), 'G', '{tell('B')}')",
        labelOverlap=False,
    )
    base = alt.Chart(data).encode(
        name_rows("line", labelLimit=130, grid=False, ticks=False).scale(paddingInner=0.25),
        alt.YOffset("place:O", scale=alt.Scale(paddingOuter=0.2)),
        color=color,
        tooltip=tooltip(),
    )
    x = alt.X("drawn_low:Q", title=tell("US dollars (tenfold steps)"), scale=scale, axis=axis)
    layers = [base.mark_rule(**RANGE).encode(x, alt.X2("drawn_high:Q"))]
    if data["open_end"].any():
        arrows = base.transform_filter("datum.open_end").mark_point(
            shape="triangle-right", filled=True, size=80
        )
        layers.append(arrows.encode(alt.X("drawn_high:Q", scale=scale)))
    dots = base.mark_point(filled=True, size=75, opacity=1)
    layers.append(dots.encode(alt.X("shown:Q", scale=scale), shape=shape))
    # Bands are equally high, hence the fullest one sets the height.
    most = int(data.groupby(donor)["place"].max().max()) + 1
    height = max(110, _LINE * (most + 1) * data["line"].nunique() // 2)
    return alt.layer(*layers).properties(width="container", height=min(height, 760))
