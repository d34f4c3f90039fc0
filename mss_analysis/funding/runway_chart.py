"""Charts of time that money buys: a grid of months, and bars that follow a slider."""

import json
import math

import altair as alt
import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.labels import break_lines, name_rows, tell_days, tooltip
from mss_analysis.language import SLOT, mark, tell, translate
from mss_analysis.look import INK, PALETTE
from mss_analysis.wording import number

_CELL = 46
# Longest line of a name, in letters.
_LETTERS = 26
# Room for the words beside the longest bar.
_ROOM = 1.15
# Signs for wordings, since a column is narrow.
_SIGNS = {"about": "~", "nearly": "~", "more_than": ">", "at_least": "≥", "up_to": "≤"}
_SIGNS["fewer_than"] = "<"
_MILLION = 1e6


def draw_grid(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw figures in a grid, each cell with its bounds in words, darker for longer.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives: figures ``Balance`` and ``Months``
    and text columns ``Day``, ``Cost`` and, for the heads of the columns, ``code``.
    """
    least = frame["Months_low"].fillna(0.0)
    words = pd.Series(
        [
            _short(low, high)
            for low, high in zip(frame["Months_low"], frame["Months_high"], strict=True)
        ],
        frame.index,
    )
    # A narrow cell holds a range in two lines, the upper end below the lower one.
    lines = words.str.split("\n")
    single = lines.str.len() == 1
    says = [
        tell(
            "At a cost of {cost}, the balance of {day} ({balance}) lasts {months}, by {source}.",
            day=row["Day"],
            balance=row["Balance_text"],
            cost=row["Cost"],
            months=row["Months_text"],
            source=row["source"],
        )
        for row in frame.to_dict(orient="records")
    ]
    data = frame.assign(
        says=says,
        least=least,
        line=_name_lines(frame),
        only=words.where(single, ""),
        above=lines.str[0].where(~single, ""),
        below=lines.str[-1].where(~single, ""),
    )
    base = alt.Chart(data).encode(
        alt.X(
            "code:N",
            sort=None,
            title=tell("Cost of a year, million US dollars"),
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                labelLineHeight=13,
                labelPadding=16,
                labelExpr="split(replace(datum.label, '–', '–\\n'), '\\n')",
            ),
        ),
        name_rows("line"),
        tooltip=tooltip(),
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color(
            "least:Q",
            legend=None,
            scale=alt.Scale(domainMin=0, range=["#e3eef0", PALETTE[0]]),
        )
    )
    dark = alt.datum.least > float(least.max()) * 0.45
    ink = alt.condition(dark, alt.value("white"), alt.value(INK))
    texts = [
        base.mark_text(fontSize=12, dy=shift).encode(alt.Text(f"{column}:N"), color=ink)
        for column, shift in (("only", 0), ("above", -7), ("below", 7))
    ]
    height = _CELL * data["line"].nunique()
    return alt.layer(cells, *texts).properties(width="container", height=height)


def draw_slider(frame: pd.DataFrame, start: float, least: float, most: float) -> alt.LayerChart:
    """Draw months of operation that follow a slider for the yearly cost, in million dollars.

    ``frame`` has the text column ``Day`` and the figure ``Balance``. The slider is an HTML range
    input that Vega binds to a parameter of the chart; it needs no network. ``start``, ``least`` and
    ``most`` are in millions.
    """
    cost = alt.param(
        name="yearly_cost",
        value=start,
        bind=alt.binding_range(
            min=least, max=most, step=10, name=tell("Cost of one year, million US dollars") + " "
        ),
    )
    figure = "Balance"
    data = frame.assign(
        says=tell_days(frame, figure, frame["Day"]),
        line=_name_lines(frame),
        low=frame[f"{figure}_low"].fillna(0.0) / _MILLION,
        high=frame[f"{figure}_high"].fillna(frame[f"{figure}_low"]) / _MILLION,
        open_end=frame[f"{figure}_high"].isna(),
    )
    ends = {"low": "datum.months_low", "high": "datum.months_high"}
    at_most = _script(mark("at most {high}"), **ends)
    at_least = _script(mark("at least {low}"), **ends)
    span = _script(mark("{low} to {high}"), **ends)
    one = _script("{low}", **ends)
    top = float(data["high"].max()) / least * 12
    base = (
        alt.Chart(data)
        .transform_calculate(
            months_low="datum.low / yearly_cost * 12",
            months_high="datum.high / yearly_cost * 12",
            words=f"datum.low == 0 ? {at_most} : datum.open_end ? {at_least}"
            f" : datum.high > datum.low ? {span} : {one}",
        )
        .encode(
            name_rows("line"),
            tooltip=tooltip(),
        )
    )
    # A fixed axis lets the bars move.
    scale = alt.Scale(domain=[0, top * _ROOM])
    axis = alt.Axis(tickCount=6)
    bars = base.mark_bar(color=PALETTE[0], opacity=0.85, height=14).encode(
        alt.X("months_low:Q", title=tell("Months of operation"), scale=scale, axis=axis)
    )
    doubt = base.mark_bar(color=PALETTE[0], opacity=0.3, height=14).encode(
        alt.X("months_low:Q", scale=scale), alt.X2("months_high:Q")
    )
    text = base.mark_text(align="left", dx=6, color=INK).encode(
        alt.X("months_high:Q", scale=scale), alt.Text("words:N")
    )
    height = _CELL * data["line"].nunique()
    return (bars + doubt + text).add_params(cost).properties(width="container", height=height)


def _name_lines(frame: pd.DataFrame) -> pd.Series:
    """Name the lines of a chart: the day of a balance, and below it the balance."""
    balances = frame["Balance_text"].map(lambda words: break_lines(words, width=_LETTERS))
    return frame["Day"] + "\n" + balances


def write_cost(cost: Estimate) -> str:
    """Write a cost in million dollars in few letters.

    >>> write_cost(Estimate(600e6, 550e6, 650e6, "USD", qualifier="about"))
    '~600'
    >>> write_cost(Estimate(None, 257.5e6, 300e6, "USD"))
    '257–300'
    """
    if cost.value is not None and (cost.qualifier or cost.is_exact):
        return _SIGNS.get(cost.qualifier, "") + number(round(cost.value / _MILLION))
    if math.isinf(cost.high):
        return f"≥{number(math.floor(cost.low / _MILLION))}"
    ends = math.floor(cost.low / _MILLION), math.ceil(cost.high / _MILLION)
    return f"{number(ends[0])}–{number(ends[1])}"


def _short(low: float, high: float) -> str:
    """Write bounds in few letters, rounded outwards; an end that is open or zero is said."""
    lower = number(math.floor(round(low * 10, 6)) / 10) if low > 0 else ""
    upper = "" if pd.isna(high) else number(math.ceil(round(high * 10, 6)) / 10)
    if not upper:
        return f"≥ {lower}"
    if not lower:
        return f"≤ {upper}"
    return lower if lower == upper else f"{lower}–\n{upper}"


def _script(template: str, **slots: str) -> str:
    """Turn a translated template into an expression of Vega; slots are expressions."""
    words = translate(template)
    pieces = [json.dumps(piece, ensure_ascii=False) for piece in SLOT.split(words)[::3]]
    held = [f"format({slots[slot[1]]}, '.1f')" for slot in SLOT.finditer(words)]
    joined = [piece for pair in zip(pieces, [*held, '""'], strict=True) for piece in pair]
    return " + ".join(joined)
