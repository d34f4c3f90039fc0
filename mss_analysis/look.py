"""The look of all charts: colours, fonts, stripes, and how a language writes numbers and days."""

from typing import Any

import altair as alt

from mss_analysis import language
from mss_analysis.dates import month_names, short_months
from mss_analysis.language import tell
from mss_analysis.live import is_live

INK, MUTED, GRID, PAPER = "#1f2328", "#5c6670", "#d9d5cc", "#fbfaf7"
# Told apart with any colour vision and, by their lightness, in grey print; a test measures it.
PALETTE = ["#0b5c6b", "#d4581a", "#351a61", "#3a9d4c", "#38042b", "#5a4420"]
# How the bounds of a figure are drawn: thin, since a paler bar would be too faint to see.
RANGE = {"strokeWidth": 3, "opacity": 1}
# From here on an axis counts in millions.
MILLION = 1e6
_DAYS = {
    "fr": "dimanche lundi mardi mercredi jeudi vendredi samedi",
    "ht": "dimanch lendi madi mèkredi jedi vandredi samdi",
}


@alt.theme.register("mss", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """One look for all charts: system fonts, ink on paper, few lines."""
    font = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
    axis = {
        "labelColor": INK,
        "titleColor": MUTED,
        "gridColor": GRID,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 210,
    }
    return alt.theme.ThemeConfig(
        config={
            **write_locale(language.current()),
            "font": font,
            "background": "transparent",
            # The text alternative speaks for the chart; its marks would read out internals.
            "aria": False,
            "view": {"stroke": None},
            "axis": axis,
            "axisY": {"titleAnchor": "end"},
            # Numbers side by side on a phone must not touch, nor run over the edge.
            "axisX": {"labelSeparation": 6, "labelFlush": 28},
            "legend": {
                "labelColor": INK,
                "titleColor": MUTED,
                "titleFontWeight": "normal",
                "orient": "top",
                # One below the other, so that a phone shows all of them.
                "direction": "vertical",
                "labelLimit": 240,
            },
            # One more than colours, so that a seventh kind does not look like the first.
            "range": {"category": [*PALETTE, MUTED]},
            "text": {"color": INK, "fontSize": 12},
        }
    )


if is_live() and alt.renderers.active == "default":
    # Altair's own way asks the network for the script that draws.
    alt.renderers.enable("svg")


def write_locale(code: str) -> dict[str, Any]:
    """Give the numbers and months of a language as Vega's configuration; English is its own.

    >>> write_locale("ht")["locale"]["time"]["shortMonths"][7]
    'out'
    """
    if code == "en":
        return {}
    number = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0$"]}
    time = {
        "dateTime": "%A %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": _DAYS[code].split(),
        "shortDays": [f"{day[:3]}." for day in _DAYS[code].split()],
        "months": month_names(code),
        "shortMonths": short_months(code),
    }
    return {"locale": {"number": {**number, "percent": "\u00a0%"}, "time": time}}


def label_millions() -> str:
    """Give the expression by which an axis of millions (format ``~s``) labels its ticks."""
    # Vega gives all ticks the prefix of the largest, zero too; and its G is a B of money.
    return f"datum.value === 0 ? '0' : replace(datum.label, 'G', '{tell('B')}')"


def stripe(number: int = 6) -> alt.Gradient:
    """Make pale stripes: nobody counted, which is not zero."""
    colors = [GRID if at % 2 else "#ffffff" for at in range(number)]
    stops = [
        alt.GradientStop(offset=offset, color=color)
        for at, color in enumerate(colors)
        for offset in (at / number + 0.001, (at + 1) / number)
    ]
    return alt.Gradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)
