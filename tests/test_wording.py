"""Figures in words: bounds never get stronger by rounding, and prose takes no bare number."""

import math

import pytest

from mss_analysis.estimate import Estimate
from mss_analysis.prose import compose, tabulate, when
from mss_analysis.wording import phrase


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (1660, 1660, "persons", "1,660 people"),
        (4000, math.inf, "persons", "at least 4,000 people"),
        (0, 50, "percent", "at most 50%"),
        (0, math.inf, "persons", "an unknown number of people"),
        (355e3, 365e3, "persons", "between 355,000 and 365,000 people"),
        (20.85e6, 20.95e6, "USD", "between $20.8 million and $21 million"),
        (1.0, 1.0, "months", "1 month"),
        (-150, 20, "persons", "between −150 and 20 people"),
        (3.41666, 3.58333, "percent", "between 3.41% and 3.59%"),
        (
            233333.3,
            240000.2,
            "USD/officers",
            "between $233,333 and $240,001 per officer",
        ),
    ],
)
def test_phrases(low, high, unit, words):
    value = low if low == high else None
    assert phrase(Estimate(value, low, high, unit, ("a",))) == words


def test_stated_figures_keep_their_wording():
    assert phrase(Estimate(580e3, 570e3, 580e3, "persons", ("a",), "a", "nearly")) == (
        "nearly 580,000 people"
    )


def test_prose_refuses_bare_numbers():
    with pytest.raises(ValueError, match="bare number"):
        compose("In 2024 many were killed.")
    with pytest.raises(ValueError, match="bare number"):
        compose("{what} were killed.", what="4,000")
    assert compose("In {year}.", year=when("2024")).plain == "In 2024."


def test_tables_refuse_bare_numbers_and_escape(evidence):
    with pytest.raises(ValueError, match="bare number"):
        tabulate(evidence, [{"Toll": "4,000"}]).to_html()
    table = tabulate(evidence, [{"<b>": "<script>alert()</script>"}]).to_html()
    assert "<script>" not in table
    assert "&lt;script&gt;" in table
