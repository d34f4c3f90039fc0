"""A chart of a stock over time: rounds of one counter as steps, other statements as marks."""

import altair as alt
import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Row, flatten
from mss_analysis.labels import name_months, tell_days, tooltip
from mss_analysis.language import tell
from mss_analysis.look import INK, MILLION, PALETTE, label_millions

_HEADROOM = 1.08


def draw_dated(
    evidence: Evidence, dated: list[tuple[pd.Timestamp, bool, Row]], figure: str, axis: str
) -> alt.LayerChart | None:
    """Draw rounds as steps and the rest as rings; nothing where there is nothing."""
    if not dated:
        return None
    frame = flatten(evidence, [row for _, _, row in dated])
    frame["day"] = [f"{day:%Y-%m-%d}" for day, _, _ in dated]
    steps = pd.Series([is_round for _, is_round, _ in dated])
    last = max(evidence.as_of.isoformat(), frame["day"].max())
    return draw_steps(frame[steps], frame[~steps], "day", figure, axis, last, "Date")


def draw_steps(
    rounds: pd.DataFrame,
    others: pd.DataFrame,
    time: str,
    figure: str,
    axis: str,
    end: str,
    label: str,
) -> alt.LayerChart:
    """Draw a stock that holds until the next round, and what others say of it.

    Parameters
    ----------
    rounds, others
        What :func:`mss_analysis.exhibit.flatten` gives, with a column of ISO dates; either may be
        empty.
    time, figure, axis
        The date column, the figure column, the axis title with its unit.
    end
        ISO date to which the last round is drawn.
    label
        The column that tells the date in words.

    """
    everything = pd.concat([rounds, others], ignore_index=True)
    columns = [figure, f"{figure}_low", f"{figure}_high"]
    top = float(everything[columns].max().max()) * _HEADROOM or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    x = name_months(time)
    layers = []
    if len(rounds):
        layers += _draw_rounds(_tell(rounds, label, figure), x, scale, time, figure, axis, end, top)
    if len(others):
        marks = alt.Chart(_tell(others, label, figure)).mark_point(
            shape="circle", size=50, color=PALETTE[1], strokeWidth=1.6, opacity=0.9
        )
        height = alt.Y("level:Q", title=axis, scale=scale, axis=_tick(top))
        layers.append(marks.encode(x, height, tooltip=tooltip()))
    return alt.layer(*layers).properties(width="container", height=300)


def _draw_rounds(
    rounds: pd.DataFrame,
    x: alt.X,
    scale: alt.Scale,
    time: str,
    figure: str,
    axis: str,
    end: str,
    top: float,
) -> list[alt.Chart]:
    data = rounds.assign(until=rounds[time].shift(-1).fillna(end))
    data["ceiling"] = data[f"{figure}_high"].fillna(top)
    capped, open_ended = tell("bounded"), tell("no upper limit")
    data["closed"] = data[f"{figure}_high"].notna().map({True: capped, False: open_ended})
    ticks = _tick(top)
    height = alt.Y("low:Q", title=axis, scale=scale, axis=ticks)
    tip = {"tooltip": tooltip()}
    base = alt.Chart(data.assign(low=data[f"{figure}_low"])).encode(x, height, **tip)
    bands = base.mark_rect(color=PALETTE[0]).encode(
        alt.X2("until:T"),
        alt.Y2("ceiling:Q"),
        alt.FillOpacity(
            "closed:O",
            sort=[capped, open_ended],
            scale=alt.Scale(domain=[capped, open_ended], range=[0.35, 0.1]),
            title=tell("The count lies in the band"),
        ),
    )
    lines = base.mark_rule(color=PALETTE[0], strokeWidth=2).encode(alt.X2("until:T"))
    dots = base.mark_point(filled=True, size=65, color=PALETTE[0], stroke=INK, opacity=1).encode(
        alt.Y("level:Q", title=axis, scale=scale, axis=ticks)
    )
    return [bands, lines, dots]


def _tick(top: float) -> alt.Axis:
    if top < MILLION:
        return alt.Axis(format=",d", tickCount=6)
    return alt.Axis(format="~s", labelExpr=label_millions(), tickCount=6)


def _tell(frame: pd.DataFrame, label: str, figure: str) -> pd.DataFrame:
    says = tell_days(frame, figure, frame[label])
    level = frame[figure].fillna(frame[f"{figure}_low"]).astype(float)
    return frame.assign(says=says, level=level)
