"""The palette (any colour vision, grey print, the page's paper), axes, and layers with rows."""

import re
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
import vl_convert

import mss_analysis as mss
from mss_analysis.casualties.stocks_chart import draw_steps
from mss_analysis.charts import draw_intervals, draw_levels
from mss_analysis.deployment.trajectory import trace_strength
from mss_analysis.event_chart import draw_chronology
from mss_analysis.exhibit import Exhibit, exhibit
from mss_analysis.labels import tell_row
from mss_analysis.language import spoken
from mss_analysis.look import INK, MUTED, PALETTE, PAPER
from mss_analysis.prose import compose, name

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "ordinary": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)


def linear(color):
    parts = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light):
    share = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one, other):
    dark, light = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISION)
def test_colours_differ_in_every_vision(vision):
    seen = [lab(np.array(VISION[vision]) @ linear(color)) for color in PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


def test_colours_differ_in_grey_print():
    lightness = sorted(lab(linear(color))[0] for color in PALETTE)
    assert min(b - a for a, b in pairwise(lightness)) > 4
    # The first three serve most charts.
    first = sorted(lab(linear(color))[0] for color in PALETTE[:3])
    assert min(b - a for a, b in pairwise(first)) > 15


def find_scales(spec, channel):
    """Find the scales of a channel in a chart, as pairs of a value and what it is drawn with."""
    if isinstance(spec, list):
        return [pair for part in spec for pair in find_scales(part, channel)]
    if not isinstance(spec, dict):
        return []
    scale = spec[channel].get("scale", {}) if isinstance(spec.get(channel), dict) else {}
    own = list(zip(scale.get("domain", []), map(str, scale.get("range", [])), strict=False))
    return own + [pair for part in spec.values() for pair in find_scales(part, channel)]


def test_lines_of_one_chart_differ_by_more_than_colour():
    spec = trace_strength(mss.load()).chart.to_dict()
    colors, dashes = (dict(find_scales(spec, channel)) for channel in ("color", "strokeDash"))
    assert len(colors) == 4
    for one, other in combinations(colors, 2):
        apart = abs(lab(linear(colors[one]))[0] - lab(linear(colors[other]))[0])
        assert apart > 15 or dashes[one] != dashes[other], (one, other)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("Kenya", "730 people", "BBC, May 2024"), "The row “Kenya” shows 730 people, by BBC, May"),
        (("Pledged: $309 million", "$309 million", "BBC"), "The row “Pledged: $309 million” rests"),
        (
            ("BBC, May 2024, p3", "up to 50%", "BBC, May 2024, p3"),
            "The row “BBC, May 2024, p3” ",
        ),
    ],
)
def test_a_tooltip_is_a_sentence_that_says_nothing_twice(row, said):
    told = tell_row(*row)
    assert told.startswith(said)
    assert told.endswith(".")
    assert all(told.count(part) == 1 for part in row)


def test_a_tooltip_writes_the_day_in_words():
    with spoken("fr"):
        chart = draw_levels(frame(3, 4), "Day", "Sum", "axis").to_dict()
    (rows,) = chart["datasets"].values()
    assert rows[0]["says"] == "Le chiffre (1er janvier 2024) est\u00a0: 3, d’après The log."


def test_marks_and_words_stand_out_from_the_paper():
    assert all(contrast(color, PAPER) >= 3 for color in PALETTE)
    assert all(contrast(color, PAPER) >= 4.5 for color in (INK, MUTED))


def frame(*values):
    """Exact figures, one a month, as charts get them."""
    return pd.DataFrame(
        {
            "Who": [f"no. {at}" for at in range(len(values))],
            "Day": [f"2024-{at:02}-01" for at in range(1, len(values) + 1)],
            "Sum": values,
            "Sum_low": values,
            "Sum_high": values,
            "Sum_about": False,
            "Sum_text": [f"{value:,}" for value in values],
            "source": "The log",
            "observation": "a",
        }
    )


def labels(chart):
    """The words of a drawn chart's axes."""
    svg = vl_convert.vegalite_to_svg(chart.properties(width=600).to_dict())
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("language", ["en", "fr", "ht"])
@pytest.mark.parametrize(
    ("top", "tick"),
    [(900, {"200"}), (4e6, {"4M"}), (3e9, {"2B", "2Md"})],
    ids=["ones", "millions", "billions"],
)
def test_zero_is_written_as_zero_on_every_axis(language, top, tick):
    rows = frame(top / 3, top)
    with spoken(language):
        charts = [draw_intervals(rows, "Who", "Sum", "Dollars")]
        charts += [draw_levels(rows, "Day", "Sum", "Dollars")]
        if top < 1e9:
            # No stock of people is as large.
            charts += [draw_steps(rows, rows[:0], "Day", "Sum", "People", "2024-06-01", "Who")]
        for chart in charts:
            found = labels(chart)
            assert "0" in found, found
            assert not [words for words in found if re.fullmatch(r"0\D+", words)]
            assert tick & set(found), found


def dated(*grades):
    """Events of one kind, each dated as a grade says."""
    return pd.DataFrame(
        {
            "Kind": "attack",
            "Event": [f"Event {at}" for at in range(len(grades))],
            "Date": "May 2024",
            "Dated": grades,
            "start": "2024-05-01",
            "end": "2024-05-31",
            "source": "The log",
        }
    )


@pytest.mark.parametrize("grades", [("day",), ("span", "expected"), ("limits", "day", "day")])
def test_a_chronology_has_a_layer_for_each_way_of_dating_that_there_is(grades):
    chart = draw_chronology(dated(*grades), "Kind", "Event", "Dated", ["attack"]).to_dict()
    asked = [layer["transform"][0]["filter"]["oneOf"] for layer in chart["layer"]]
    assert sorted(grade for grades in asked for grade in grades) == sorted(set(grades))


def test_a_title_is_text_where_no_template_shows_it():
    shown = exhibit(
        mss.load(corpus="seed"), "log", "<b>Who</b> & what?", compose("Said."), [{"A": name("b")}]
    )
    assert isinstance(shown, Exhibit)
    html = shown._repr_mimebundle_()["text/html"]
    assert "<h4>&lt;b&gt;Who&lt;/b&gt; &amp; what?</h4>" in html


def test_the_text_alternative_reads_out_no_gap_and_no_bare_answer():
    rows = [
        {"Who": name("A"), "Party": None, "Place": "", "Repeats another": "yes"},
        {"Who": name("B"), "Party": name("Kenya"), "Place": "", "Repeats another": ""},
    ]
    shown = exhibit(mss.load(corpus="seed"), "log", "Who?", compose("Said."), rows)
    assert shown.alt == "Said. Shown: A, yes (Repeats another); B, Kenya."
    with spoken("fr"):
        assert exhibit(
            mss.load(corpus="seed", language="fr"), "log", "Qui", compose("Said."), rows
        ).alt.endswith("A, oui (En répète un autre)\u202f; B, Kenya.")
