"""Haiti's departments as a map: a shade by number, stripes where nobody counted.

The outlines (``data/departments.geojson``) are Natural Earth's, in the public domain.
"""

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from mss_analysis.labels import tooltip
from mss_analysis.language import tell
from mss_analysis.look import INK, MUTED, PALETTE, stripe
from mss_analysis.schema import locate_data

_SHADES = ["#d3e3e6", PALETTE[0]]
# Haiti is about four parts wide and three high.
_HEIGHT = 380


def draw_departments(
    frame: pd.DataFrame, figure: str, axis: str, names: Mapping[str, str]
) -> alt.LayerChart:
    """Draw a number for each department.

    Parameters
    ----------
    frame
        One row a department: ``pcode`` (``HT01``), ``department`` (its name in the language), the
        columns of ``figure`` as :func:`mss_analysis.exhibit.flatten` gives them, ``says``,
        ``observation``, ``formula``. Departments without a row are striped.
    figure
        Column of the number; its lower bound shades the department.
    axis
        Title of the legend, with the unit.
    names
        P-code -> name of a department in the language, for those without a row.

    """
    told = frame.set_index("pcode")
    counted, silent, labels = [], [], []
    for feature in read_outlines():
        pcode = feature["id"]
        if pcode in told.index:
            row = told.loc[pcode]
            told_of = row[["says", "observation", "formula"]].to_dict()
            counted.append({**feature, **told_of, "shade": float(row[f"{figure}_low"])})
            east, north = _middle(feature["geometry"])
            words = f"{row['department']}\n{row['short']}"
            # The words hide some of the shape: what it answers, they do, too.
            labels.append({"east": east, "north": north, "words": words, **told_of})
        else:
            says = tell("No count is known for {department}.", department=names[pcode])
            silent.append({**feature, "says": says})
    layers = []
    if silent:
        layers.append(_shapes(silent, fill=stripe(24)))
    if counted:
        shade = alt.Color(
            "shade:Q",
            title=axis,
            scale=alt.Scale(domainMin=0, range=_SHADES),
            legend=alt.Legend(direction="horizontal", gradientLength=140, tickCount=4),
        )
        layers.append(_shapes(counted).encode(shade))
        words = alt.Chart(pd.DataFrame(labels)).encode(
            longitude="east:Q", latitude="north:Q", text="words:N", tooltip=tooltip()
        )
        look = {"fontSize": 12, "fontWeight": "bold", "lineBreak": "\n", "lineHeight": 13}
        # A pale edge keeps the words readable on every shade.
        layers.append(words.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **look))
        layers.append(words.mark_text(color=INK, **look))
    chart = alt.layer(*layers).project(type="mercator")
    return chart.properties(width="container", height=_HEIGHT)


@cache
def read_outlines() -> list[dict[str, Any]]:
    """Read the outlines of the ten departments, by P-code.

    >>> len(read_outlines()), read_outlines()[0]["id"]
    (10, 'HT01')
    """
    text = locate_data().joinpath("departments.geojson").read_text(encoding="utf-8")
    return json.loads(text)["features"]


def _shapes(features: list[dict[str, Any]], **look: Any) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke=MUTED, strokeWidth=0.8, **look)
        .encode(tooltip=tooltip())
    )


def _middle(geometry: dict[str, Any]) -> tuple[float, float]:
    """Find the middle of the largest part of an outline (centroid of its outer ring)."""
    rings = [polygon[0] for polygon in geometry["coordinates"]]
    east, north, _ = max((_centroid(ring) for ring in rings), key=lambda found: found[2])
    return east, north


def _centroid(ring: list[list[float]]) -> tuple[float, float, float]:
    """Give the centroid and the area of a closed ring, by the shoelace formula."""
    twice = east = north = 0.0
    for (x, y), (x2, y2) in pairwise(ring):
        cross = x * y2 - x2 * y
        twice += cross
        east += (x + x2) * cross
        north += (y + y2) * cross
    return east / (3 * twice), north / (3 * twice), abs(twice) / 2
