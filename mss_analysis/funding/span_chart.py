"""A chart of spans: one line a claim, from its first statement to its last."""

from textwrap import wrap

import altair as alt
import pandas as pd

from mss_analysis.labels import name_months, name_rows, tooltip
from mss_analysis.language import tell
from mss_analysis.look import GRID, PALETTE

_SHAPES = ["square", "diamond"]
_LINE = 24


def draw_spans(frame: pd.DataFrame, label: str, state: str) -> alt.LayerChart:
    """Draw one line a row: a bar from ``start`` to ``end``, marks at both ends, coloured by state.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives, with ISO columns ``start`` and
    ``end``; ``label`` and ``state`` name text columns.
    """
    says = [
        tell(
            "The money “{label}” is given as “{state}”, by {source}.",
            label=named,
            state=words,
            source=source,
        )
        for named, words, source in zip(frame[label], frame[state], frame["source"], strict=True)
    ]
    lines = ["\n".join(wrap(words, _LINE, break_on_hyphens=False)) for words in frame[label]]
    data = frame.assign(says=says, line=lines, row=range(len(frame)))
    # Two claims may read alike; each keeps a line of its own.
    data["line"] = data["line"] + data.groupby("line").cumcount().map(lambda at: "\u200b" * at)
    states = list(dict.fromkeys(frame[state]))
    color = alt.Color(
        f"{state}:N", title=None, scale=alt.Scale(domain=states, range=PALETTE[: len(states)])
    )
    y = name_rows("line", grid=True, gridColor=GRID)
    x = name_months("start", ticks=5)
    base = alt.Chart(data).encode(y, x, color=color, tooltip=tooltip())
    bars = base.mark_rule(strokeWidth=5, opacity=1).encode(alt.X2("end:T"))
    shape = alt.Shape(
        f"{state}:N", title=None, scale=alt.Scale(domain=states, range=_SHAPES[: len(states)])
    )
    starts = base.mark_point(filled=True, size=70, opacity=1).encode(shape=shape)
    ends = starts.encode(alt.X("end:T"))
    most = 1 + int(data["line"].str.count("\n").max())
    height = (8 + 13 * most) * len(data)
    return (bars + starts + ends).properties(width="container", height=height)
