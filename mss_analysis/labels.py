"""Words in a chart: the names of its rows, and the sentence that each mark says.

A page shows the sentence (column ``says``) where a mark is pointed at, and reads it out where the
mark is reached by keys.
"""

import re
import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from mss_analysis.language import tell

# Longest line of a row's name, in letters.
_LINE = 26


def name_rows(column: str, order: Iterable[str] | None = None, **look: Any) -> alt.Y:
    """Name the rows of a chart by a column whose labels may hold several lines.

    The rows stand as they come, or in an ``order``, which layers with few of them each need.
    """
    sort = None if order is None else list(dict.fromkeys(order))
    split = "split(datum.label, '\\n')"
    lines = {"labelExpr": split, "labelLimit": 190, "labelLineHeight": 13} | look
    return alt.Y(f"{column}:N", sort=sort, title=None, axis=alt.Axis(**lines))


def name_months(column: str, ticks: int = 6) -> alt.X:
    """Name the months along the days of a column."""
    axis = alt.Axis(format="%b %Y", labelAngle=0, tickCount=ticks)
    return alt.X(f"{column}:T", title=None, axis=axis)


def break_lines(words: str, at_commas: bool = False, width: int = _LINE) -> str:
    """Break a label at its commas (publisher, date, paragraph), or else between words."""
    parts = re.split(r", | to ", words) if at_commas else [words]
    return "\n".join(line for part in parts for line in textwrap.wrap(part, width) or [part])


def stack(labels: pd.Series) -> int:
    """Give the height of a chart with one row a label, as many lines each as the longest has."""
    lines = 1 + int(labels.str.count("\n").max())
    return (10 + 13 * lines) * labels.nunique()


def tell_rows(frame: pd.DataFrame, figure: str, *labels: str) -> pd.Series:
    """Say of each row of a chart what it shows, and who says so; its labels make its name."""
    named = zip(*(frame[label] for label in labels), strict=True)
    names = [", ".join(str(part) for part in parts) for parts in named]
    words = zip(names, frame[f"{figure}_text"], frame["source"], strict=True)
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


def tell_days(frame: pd.DataFrame, figure: str, days: Iterable[str]) -> list[str]:
    """Say of each mark what it shows on its day, and who says so."""
    words = zip(days, frame[f"{figure}_text"], frame["source"], strict=True)
    return [
        tell("The figure ({day}) is {figure}, by {source}.", day=day, figure=told, source=source)
        for day, told, source in words
    ]


def tooltip() -> alt.Tooltip:
    """Give the channel by which a mark says its sentence."""
    return alt.Tooltip("says:N", title=" ")
