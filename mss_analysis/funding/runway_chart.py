"""Charts of time that money buys: a grid of months, and bars that follow a slider."""

import altair as alt
import pandas as pd

from mss_analysis.charts import INK, PALETTE

_CELL = 40
# Room for the words beside the longest bar.
_ROOM = 1.15
_CODES = {
    " a year": "",
    "between ": "",
    " and ": "–",
    " million": "M",
    " billion": "B",
    "more than ": ">",
    "at least ": "≥",
    "fewer than ": "<",
    "about ": "~",
    "nearly ": "~",
    "$": "",
}
_TIP = {"title": " "}


def draw_grid(frame: pd.DataFrame, x: str, y: str, figure: str) -> alt.LayerChart:
    """Draw figures in a grid, each cell with its bounds in words, darker for longer.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives; ``x`` and ``y`` name text columns
    and ``figure`` a figure column in months.
    """
    least = frame[f"{figure}_low"].fillna(0.0)
    words = [
        _short(low, high)
        for low, high in zip(frame[f"{figure}_low"], frame[f"{figure}_high"], strict=True)
    ]
    says = frame[y] + ", " + frame[x] + ": " + frame[f"{figure}_text"] + ". " + frame["source"]
    data = frame.assign(
        says=says + ".",
        words=words,
        least=least,
        column=frame[x].map(_code),
        line=frame[y].str.replace(": ", ":\n", n=1),
    )
    base = alt.Chart(data).encode(
        alt.X(
            "column:N",
            sort=None,
            title="Cost of a year, US dollars",
            axis=alt.Axis(orient="top", labelAngle=-50),
        ),
        alt.Y(
            "line:N",
            sort=None,
            title=None,
            axis=alt.Axis(
                labelExpr="split(datum.label, '\\n')", labelLineHeight=13, labelLimit=190
            ),
        ),
        tooltip=alt.Tooltip("says:N", **_TIP),
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color(
            "least:Q",
            legend=None,
            scale=alt.Scale(domainMin=0, range=["#e3eef0", PALETTE[0]]),
        )
    )
    dark = alt.datum.least > float(least.max()) * 0.45
    text = base.mark_text(fontSize=12).encode(
        alt.Text("words:N"), color=alt.condition(dark, alt.value("white"), alt.value(INK))
    )
    return (cells + text).properties(width="container", height=_CELL * data["line"].nunique())


def draw_slider(
    frame: pd.DataFrame, label: str, figure: str, start: float, least: float, most: float
) -> alt.LayerChart:
    """Draw months of operation that follow a slider for the yearly cost, in million dollars.

    The slider is an HTML range input that Vega binds to a parameter of the chart; it needs no
    network. ``start``, ``least`` and ``most`` are in millions.
    """
    cost = alt.param(
        name="yearly_cost",
        value=start,
        bind=alt.binding_range(
            min=least, max=most, step=10, name="Cost of one year, million US dollars "
        ),
    )
    says = frame[label] + ". " + frame["source"] + "."
    data = frame.assign(
        says=says,
        line=frame[label].str.replace(": ", ":\n", n=1),
        low=frame[f"{figure}_low"].fillna(0.0) / 1e6,
        high=frame[f"{figure}_high"].fillna(frame[f"{figure}_low"]) / 1e6,
        open_end=frame[f"{figure}_high"].isna(),
    )
    top = float(data["high"].max()) / least * 12
    base = (
        alt.Chart(data)
        .transform_calculate(
            months_low="datum.low / yearly_cost * 12",
            months_high="datum.high / yearly_cost * 12",
            words="datum.low == 0 ? 'at most ' + format(datum.months_high, '.1f')"
            " : (datum.open_end ? 'at least ' : '') + format(datum.months_low, '.1f')"
            " + (datum.high > datum.low ? ' to ' + format(datum.months_high, '.1f') : '')",
        )
        .encode(
            alt.Y(
                "line:N",
                sort=None,
                title=None,
                axis=alt.Axis(
                    labelExpr="split(datum.label, '\\n')", labelLineHeight=13, labelLimit=190
                ),
            ),
            tooltip=alt.Tooltip("says:N", **_TIP),
        )
    )
    # A fixed axis lets the bars move.
    scale = alt.Scale(domain=[0, top * _ROOM])
    axis = alt.Axis(tickCount=6)
    bars = base.mark_bar(color=PALETTE[0], opacity=0.85, height=14).encode(
        alt.X("months_low:Q", title="Months of operation", scale=scale, axis=axis)
    )
    doubt = base.mark_bar(color=PALETTE[0], opacity=0.3, height=14).encode(
        alt.X("months_low:Q", scale=scale), alt.X2("months_high:Q")
    )
    text = base.mark_text(align="left", dx=6, color=INK).encode(
        alt.X("months_high:Q", scale=scale), alt.Text("words:N")
    )
    height = _CELL * data["line"].nunique()
    return (bars + doubt + text).add_params(cost).properties(width="container", height=height)


def _code(words: str) -> str:
    """Write a cost in few letters: ``about $600 million a year`` as ``~600M``."""
    for old, new in _CODES.items():
        words = words.replace(old, new)
    return words.replace("M–", "–")


def _short(low: float, high: float) -> str:
    """Write bounds in few letters; an end that is open or zero is said."""
    if pd.isna(high):
        return f"≥ {_number(low)}"
    if pd.isna(low) or low <= 0:
        return f"≤ {_number(high)}"
    lower, upper = _number(low), _number(high)
    return lower if lower == upper else f"{lower}–{upper}"


def _number(months: float) -> str:
    return f"{months:.1f}"
