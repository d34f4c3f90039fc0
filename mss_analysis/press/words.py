"""Words of the press in a reader's language, ready for a template."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from mss_analysis import language
from mss_analysis.language import SLOT, tell
from mss_analysis.press.citation import day_in_words

# The locator of a document that is one page.
WHOLE_PAGE = "page"
# Thousands and decimals, where they are not as in English.
SEPARATORS = {"fr": ("\u202f", ","), "ht": ("\u202f", ",")}


def mark_up(message: str, /, **values: Any) -> Markup:
    """Translate a message and fill its slots; what is no markup is escaped.

    >>> mark_up("As of {day}", day=Markup("<time>1 July</time>"))
    Markup('As of <time>1 July</time>')
    """
    return _fill(language.translate(message), values)


def mark_up_plural(singular: str, plural: str, number: float, /, **values: Any) -> Markup:
    """Translate a message in the form that a number takes, and fill its slots."""
    message = language.translate_plural(singular, plural, number)
    values = {"number": write_number(number)} | values
    return _fill(message, values)


def title_of(words: str) -> Markup:
    """A title or a summary in the language; one that nobody translated says that it is English."""
    if not words or language.has_name(words):
        return escape(language.name_of(words))
    return Markup('<span lang="en">{}</span>').format(words)


def write_number(number: float) -> str:
    """A number to its last digit.

    >>> write_number(4000.0), write_number(12.5)
    ('4,000', '12.5')
    """
    thousands, point = SEPARATORS.get(language.current(), (",", "."))
    return f"{number:,.15g}".translate({ord(","): thousands, ord("."): point})


def write_bounds(low: float | None, high: float | None) -> str:
    """Bounds in words; an open end is None. Empty where nothing bounds the figure.

    >>> write_bounds(4000, None), write_bounds(40, 40)
    ('4,000 or more', 'exactly 40')
    """
    if low is None and high is None:
        return ""
    if high is None:
        return tell("{low} or more", low=write_number(low or 0))
    if low is None:
        return tell("{high} or less", high=write_number(high))
    if low == high:
        return tell("exactly {value}", value=write_number(low))
    return tell("{low} to {high}", low=write_number(low), high=write_number(high))


def write_place(locator: Any) -> str:
    """A locator in words: `p10` is paragraph 10; other locators stay as they are.

    >>> write_place("p10"), write_place("page"), write_place("table 2")
    ('paragraph 10', 'whole page', 'table 2')
    """
    locator = str(locator or "")
    if locator == WHOLE_PAGE:
        return tell("whole page")
    if locator[:1] == "p" and locator[1:].isdecimal():
        return tell("paragraph {number}", number=locator[1:])
    return locator


class Day(Markup):
    """A date as an element; a translation may ask for the form in which it joins a sentence."""

    day: str

    def joined(self, form: str) -> str:
        """The element with what the language puts before the date, as *le* in French."""
        if language.current() == "en":
            return str(self)
        # Imported where it is needed: it brings pandas, which an English site spares.
        from mss_analysis.dates import write_date

        return str(day_element(self.day, write_date(self.day, form)))


def day_element(day: str, words: str = "") -> Day:
    """A date in words, as an element that also has it for programs.

    >>> day_element("2024-07-01")
    Day('<time datetime="2024-07-01">1 July 2024</time>')
    """
    shown = words or day_in_words(day)
    element = Markup("<time>{}</time>").format(shown)
    if shown != day:
        element = Markup('<time datetime="{}">{}</time>').format(day, shown)
    made = Day(element)
    made.day = day
    return made


def _fill(message: str, values: dict[str, Any]) -> Markup:
    """Fill the slots of a message that is no markup itself."""

    def put(slot: re.Match[str]) -> str:
        value, form = values[slot[1]], slot[2] or ""
        if form and isinstance(value, Day) and value.startswith("<time datetime"):
            return value.joined(form)
        words = str(escape(value))
        return language.lead(form, words) + words

    return Markup(SLOT.sub(put, str(escape(message))))
