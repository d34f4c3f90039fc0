"""Figures in words: numbers, units and bounds as a reader sees them."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mss_analysis.estimate import Estimate

# Stated wordings; derived figures speak of their bounds instead.
_WORDS = {
    "exact": "{0}",
    "about": "about {0}",
    "at_least": "at least {0}",
    "more_than": "more than {0}",
    "nearly": "nearly {0}",
    "up_to": "up to {0}",
    "fewer_than": "fewer than {0}",
}
_NOUNS = {"persons": ("person", "people"), "countries": ("country", "countries")}
_SCALES = ((1e9, "billion"), (1e6, "million"))
_ROUNDING = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "": ROUND_HALF_EVEN}
_DIGITS = 3


def phrase(figure: "Estimate") -> str:
    """Say a figure with its bounds and unit, for instance ``between 4,000 and 5,600 people``.

    Stated figures keep the wording of their source. Bounds of derived figures are rounded
    outwards to three digits, so that rounding never makes a claim stronger.
    """
    if figure.qualifier in _WORDS and figure.value is not None:
        return _WORDS[figure.qualifier].format(quantity(figure.value, figure.unit))
    if figure.is_exact:
        return quantity(figure.low, figure.unit)
    low, high = figure.low, figure.high
    if math.isinf(high) and low <= 0:
        return f"an unknown number of {noun(figure.unit)}" if low == 0 else "an unknown amount"
    if math.isinf(high):
        return f"at least {quantity(low, figure.unit, 'down')}"
    if low == 0 or math.isinf(low):
        return f"at most {quantity(high, figure.unit, 'up')}"
    lower, upper = quantity(low, figure.unit, "down"), quantity(high, figure.unit, "up")
    # The unit is said once, after the upper bound.
    lower = lower.removesuffix(_per(figure.unit))
    for count in (1, 2):
        lower = lower.removesuffix(f" {noun(figure.unit.split('/')[0], count)}")
    return f"between {lower} and {upper}"


def quantity(value: float, unit: str, rounding: str = "") -> str:
    """Write a number with its unit.

    >>> quantity(241.4e6, "USD"), quantity(85, "percent"), quantity(1, "months")
    ('$241.4 million', '85%', '1 month')
    """
    if unit == "percent":
        return f"{number(value, rounding)}%"
    first = unit.split("/")[0]
    if first == "USD":
        sign = "−" if value < 0 else ""
        return f"{sign}${number(value, rounding).removeprefix('−')}{_per(unit)}"
    if first == "1":
        return number(value, rounding) + _per(unit)
    return f"{number(value, rounding)} {noun(first, value)}{_per(unit)}"


def number(value: float, rounding: str = "") -> str:
    """Write a number with thousands separators or, from a million on, with its scale word.

    >>> number(1660), number(11_500_000), number(3.4166), number(0.0)
    ('1,660', '11.5 million', '3.42', '0')
    """
    sign = "−" if value < 0 else ""
    if sign and rounding:
        rounding = {"down": "up", "up": "down"}[rounding]
    size = abs(value)
    for scale, word in _SCALES:
        if size >= scale:
            return f"{sign}{_digits(size / scale, rounding)} {word}"
    return sign + _digits(size, rounding)


def _per(unit: str) -> str:
    """Say what a rate is counted by: `` per officer`` for ``USD/officers``."""
    return "".join(f" per {noun(part, 1)}" for part in unit.split("/")[1:])


def noun(unit: str, count: float = 2) -> str:
    """Name a unit in singular or plural."""
    singular, plural = _NOUNS.get(unit, (unit.removesuffix("s"), unit))
    return singular if count == 1 else plural


def anchor(figure: "Estimate", text: str = "") -> str:
    """Write a figure as a link to its first observation; it carries all of them and the formula."""
    label = escape(text or phrase(figure))
    if not figure.observations:
        return f'<span class="unfounded">{label}</span>'
    ids = " ".join(figure.observations)
    derived = figure.formula and figure.formula != figure.observations[0]
    formula = f' data-formula="{escape(figure.formula, quote=True)}"' if derived else ""
    target = escape(figure.observations[0], quote=True)
    return (
        f'<a class="figure" href="#obs-{target}" '
        f'data-observations="{escape(ids, quote=True)}"{formula}>{label}</a>'
    )


def _digits(size: float, rounding: str) -> str:
    """Write a non-negative number: whole from 100 on, else with three significant digits."""
    exact = Decimal(repr(float(size)))
    if not rounding and exact == exact.quantize(Decimal("0.1")):
        places = 1
    else:
        places = max(0, _DIGITS - max(1, exact.adjusted() + 1))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=_ROUNDING[rounding])
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
