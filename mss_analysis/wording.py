"""Figures in words: numbers, units and bounds as a reader sees them."""

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from html import escape
from typing import TYPE_CHECKING

from mss_analysis import language
from mss_analysis.language import mark, mark_plural, tell, tell_plural

if TYPE_CHECKING:
    from mss_analysis.estimate import Estimate

# Stated wordings; derived figures speak of their bounds instead.
_WORDS = {
    "exact": "{figure}",
    "about": mark("about {figure}"),
    "at_least": mark("at least {figure}"),
    "more_than": mark("more than {figure}"),
    "nearly": mark("nearly {figure}"),
    "up_to": mark("up to {figure}"),
    "fewer_than": mark("fewer than {figure}"),
}
# What is measured is not counted.
_LESS = mark("less than {figure}")
NOUNS = {
    "persons": mark_plural("person", "people"),
    "officers": mark_plural("officer", "officers"),
    "countries": mark_plural("country", "countries"),
    "months": mark_plural("month", "months"),
    "weeks": mark_plural("week", "weeks"),
    "days": mark_plural("day", "days"),
    "years": mark_plural("year", "years"),
    "quarters": mark_plural("quarter", "quarters"),
    "vehicles": mark_plural("vehicle", "vehicles"),
    "aircraft": mark_plural("aircraft", "aircraft"),
    "flights": mark_plural("flight", "flights"),
    "attacks": mark_plural("attack", "attacks"),
    "incidents": mark_plural("incident", "incidents"),
    "cases": mark_plural("case", "cases"),
    "violations": mark_plural("violation", "violations"),
    "allegations": mark_plural("allegation", "allegations"),
    "operations": mark_plural("operation", "operations"),
    "facilities": mark_plural("facility", "facilities"),
    "stations": mark_plural("station", "stations"),
    "sites": mark_plural("site", "sites"),
    "bases": mark_plural("base", "bases"),
    "neighbourhoods": mark_plural("neighbourhood", "neighbourhoods"),
    "organisations": mark_plural("organisation", "organisations"),
    "groups": mark_plural("group", "groups"),
    "programmes": mark_plural("programme", "programmes"),
    "kits": mark_plural("kit", "kits"),
    "elements": mark_plural("element", "elements"),
    "statements": mark_plural("statement", "statements"),
    "documents": mark_plural("document", "documents"),
    "figures": mark_plural("figure", "figures"),
    "rows": mark_plural("row", "rows"),
    "origins": mark_plural("origin", "origins"),
    "others": mark_plural("other", "others"),
    "sums": mark_plural("sum", "sums"),
    "totals": mark_plural("total", "totals"),
    "claims": mark_plural("claim", "claims"),
    "donors": mark_plural("donor", "donors"),
    "USD": mark_plural("US dollar", "US dollars"),
    "CAD": mark_plural("Canadian dollar", "Canadian dollars"),
    "EUR": mark_plural("euro", "euros"),
    "HTG": mark_plural("Haitian gourde", "Haitian gourdes"),
    "KES": mark_plural("Kenyan shilling", "Kenyan shillings"),
    "contributors": mark_plural("contributor", "contributors"),
    "contingents": mark_plural("contingent", "contingents"),
    "landings": mark_plural("landing", "landings"),
    "relations": mark_plural("relation", "relations"),
    "dated promises": mark_plural("dated promise", "dated promises"),
    "accounts of events": mark_plural("account of an event", "accounts of events"),
    "gang members": mark_plural("gang member", "gang members"),
    "people": mark_plural("person", "people"),
    "thousand": mark_plural("thousand", "thousand"),
    "risks": mark_plural("risk", "risks"),
    "passages": mark_plural("passage", "passages"),
    "speakers": mark_plural("speaker", "speakers"),
    "ties": mark_plural("tie", "ties"),
    "points": mark_plural("point", "points"),
    "children": mark_plural("child", "children"),
    "different counts": mark_plural("different count", "different counts"),
    "other statements": mark_plural("other statement", "other statements"),
    "sets of counts": mark_plural("set of counts", "sets of counts"),
    "events": mark_plural("event", "events"),
    "passages on risks": mark_plural("passage on risks", "passages on risks"),
    "measures": mark_plural("measure", "measures"),
    "publishers": mark_plural("publisher", "publishers"),
    "conflicts": mark_plural("conflict", "conflicts"),
    "contradictions": mark_plural("contradiction", "contradictions"),
    "tensions": mark_plural("tension", "tensions"),
    "different things": mark_plural("different thing", "different things"),
    "things counted": mark_plural("thing counted", "things counted"),
    "other things": mark_plural("other thing", "other things"),
    "more figures": mark_plural("more figure", "more figures"),
}
# A figure that counts observations, and does nothing else.
_COUNT = re.compile(r"^count\([^()]*\)$")
# Rates that a source states so, with their number in the words.
_RATES = {
    "per_1000": mark("{number} per 1,000 people"),
    "per_100000": mark("{number} per 100,000 people"),
    "KES_per_USD": mark("{number} shillings per dollar"),
}
_SCALES = (
    (1e9, mark_plural("{number} billion", "{number} billion")),
    (1e6, mark_plural("{number} million", "{number} million")),
)
_ROUNDING = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "": ROUND_HALF_EVEN}
_DIGITS = 3
# Thousands and decimals: a narrow space that never breaks, and a comma.
_SIGNS = {"en": {",": ",", ".": "."}, "fr": {",": "\u202f", ".": ","}}
_SIGNS["ht"] = _SIGNS["fr"]


def phrase(figure: "Estimate", bare: bool = False) -> str:
    """Say a figure with its bounds and unit, for instance ``between 4,000 and 5,600 people``.

    Stated figures keep the wording of their source. Bounds of derived figures are rounded
    outwards to three digits, so that rounding never makes a claim stronger. ``bare`` leaves out
    what is counted.
    """
    say = _amount if bare and "/" not in figure.unit else quantity
    if figure.qualifier in _WORDS and figure.value is not None:
        measured = figure.unit == "percent" or figure.unit.split("/")[0].isupper()
        is_less = figure.qualifier == "fewer_than" and measured
        words = _LESS if is_less else _WORDS[figure.qualifier]
        return tell(words, figure=say(figure.value, figure.unit))
    if figure.is_exact:
        return say(figure.low, figure.unit)
    low, high = figure.low, figure.high
    if math.isinf(high) and low <= 0:
        if low < 0 or bare:
            return tell("an unknown amount")
        return tell("an unknown number of {things}", things=noun(figure.unit))
    if math.isinf(high):
        return tell("at least {figure}", figure=say(low, figure.unit, "down"))
    if low == 0 or math.isinf(low):
        return tell("at most {figure}", figure=say(high, figure.unit, "up"))
    # The unit is said once, after the upper bound.
    lower = _amount(low, figure.unit, "down", per=False)
    return tell("between {low} and {high}", low=lower, high=say(high, figure.unit, "up"))


def quantity(value: float, unit: str, rounding: str = "") -> str:
    """Write a number with its unit.

    >>> quantity(241.4e6, "USD"), quantity(85, "percent"), quantity(1, "months")
    ('$241.4 million', '85%', '1 month')
    >>> with language.spoken("fr"):
    ...     quantity(2.5e6, "persons"), quantity(48e6, "USD")
    ('2,5\\xa0millions de personnes', '48\\xa0millions de dollars')
    """
    if unit in _RATES:
        return tell(_RATES[unit], number=number(value, rounding))
    first = unit.split("/")[0]
    if unit == "percent" or first in ("USD", "1"):
        return _amount(value, unit, rounding)
    counted = noun(first, value)
    words, scaled = _number(value, rounding)
    if scaled:
        words = tell("{millions} {things}", millions=words, things=counted)
    else:
        words = tell("{number} {things}", number=words, things=counted)
    return words + _per(unit)


def number(value: float, rounding: str = "") -> str:
    """Write a number with thousands separators or, from a million on, with its scale word.

    >>> number(1660), number(11_500_000), number(3.4166), number(0.0)
    ('1,660', '11.5 million', '3.42', '0')
    """
    return _number(value, rounding)[0]


def noun(unit: str, count: float = 2) -> str:
    """Name a unit in singular or plural; currencies keep their codes."""
    singular, plural = NOUNS.get(unit, (unit.removesuffix("s"), unit))
    return tell_plural(singular, plural, count)


def anchor(figure: "Estimate", text: str = "") -> str:
    """Write a figure as a link to its first observation; it carries all of them and the formula."""
    label = escape(text or phrase(figure))
    if not figure.observations:
        return f'<span class="unfounded">{label}</span>'
    ids = " ".join(figure.observations)
    said = derivation(figure)
    formula = f' data-formula="{escape(said, quote=True)}"' if said else ""
    target = escape(figure.observations[0], quote=True)
    return (
        f'<a class="figure" href="#obs-{target}" '
        f'data-observations="{escape(ids, quote=True)}"{formula}>{label}</a>'
    )


def derivation(figure: "Estimate") -> str:
    """Give the formula of a derived figure, as a page shows it; empty for a stated one.

    The formula of a count says only that it is one: what it counts stands beside it.
    """
    if figure.formula in figure.observations[:1]:
        return ""
    return _COUNT.sub("count(…)", figure.formula)


def _amount(value: float, unit: str, rounding: str = "", per: bool = True) -> str:
    """Write a number with the sign of its unit, without a noun."""
    rate = _per(unit) if per else ""
    if unit == "percent":
        return tell("{number}%", number=number(value, rounding))
    if unit.split("/")[0] != "USD":
        return number(value, rounding) + rate
    words, scaled = _number(value, rounding)
    words = words.removeprefix("−")
    amount = tell("${millions}", millions=words) if scaled else tell("${number}", number=words)
    return ("−" if value < 0 else "") + amount + rate


def _number(value: float, rounding: str) -> tuple[str, bool]:
    """Write a number, and say whether it ends with a scale word."""
    sign = "−" if value < 0 else ""
    if sign and rounding:
        rounding = {"down": "up", "up": "down"}[rounding]
    size = abs(value)
    for scale, (one, several) in _SCALES:
        if size >= scale:
            words = _digits(size / scale, rounding)
            return sign + tell_plural(one, several, size / scale, number=words), True
    return sign + _digits(size, rounding), False


def _per(unit: str) -> str:
    """Say what a rate is counted by: `` per officer`` for ``USD/officers``."""
    return "".join(" " + tell("per {thing}", thing=noun(part, 1)) for part in unit.split("/")[1:])


def _digits(size: float, rounding: str) -> str:
    """Write a non-negative number: whole from 100 on, else with three significant digits."""
    exact = Decimal(repr(float(size)))
    if not rounding and exact == exact.quantize(Decimal("0.1")):
        places = 1
    else:
        places = max(0, _DIGITS - max(1, exact.adjusted() + 1))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=_ROUNDING[rounding])
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    signs = _SIGNS[language.current()]
    return "".join(signs.get(sign, sign) for sign in text)
