"""Sentences and tables made from figures, so that words can't drift from the data.

Nothing here lets a bare number through: a figure comes as an :class:`Estimate`, a date through
:func:`when`, a proper name that holds digits through :func:`name`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from mss_analysis import language
from mss_analysis.dates import span, write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.language import SLOT
from mss_analysis.live import fit
from mss_analysis.wording import anchor, phrase

PROVENANCE = "application/vnd.mss.provenance+json"
_DIGIT = re.compile(r"\d")
_DATED = ("on", "until", "since", "of", "to")


@dataclass(frozen=True)
class Text:
    """A piece of prose: HTML, plain text, and the observations behind its figures.

    ``partial`` is the ISO date that it writes, if it is one.
    """

    html: str
    plain: str
    observations: tuple[str, ...] = ()
    partial: str = ""

    def __str__(self) -> str:
        """Give the plain text."""
        return self.plain


Part = Text | Estimate | str


def link(figure: Estimate, text: str = "") -> Text:
    """Write a figure as a link to the observations it rests on."""
    return Text(anchor(figure, text), text or phrase(figure), figure.observations)


def bare(figure: Estimate) -> Text:
    """Write a figure without its noun, where the sentence names it already."""
    return link(figure, phrase(figure, bare=True))


def when(partial: str, form: str = "") -> Text:
    """Write a full or partial ISO date; ``form`` as in :func:`mss_analysis.dates.write_date`.

    >>> when("2024-06").html
    '<time datetime="2024-06">June 2024</time>'
    """
    words = write_date(partial, form)
    html = f'<time datetime="{escape(partial, quote=True)}">{words}</time>'
    return Text(html, words, partial=partial)


def name(words: str) -> Text:
    """Write a proper name or locator that may hold digits, such as ``Resolution 2699``.

    A thing that the data names in the language is called by that name.
    """
    words = language.name_of(words)
    return Text(f'<span class="ref">{escape(words)}</span>', words)


def told(words: str) -> Text:
    """Write a text of the data (an event's title, a paraphrase) in the language, if it has one.

    What nobody translated stands in English and says so to a reader's software.
    """
    if language.has_name(words):
        return name(words)
    return Text(f'<span class="ref" lang="en">{escape(words)}</span>', words)


def moment(row: dict[str, Any]) -> Text:
    """Write when an observation holds: its period, or its date."""
    message, days = span(row)
    return _fill(language.translate(message), {slot: when(day) for slot, day in days.items()})


def cite(evidence: Evidence, ids: Iterable[str]) -> Text:
    """Write where rows stand, as a reference that leads there."""
    unique = tuple(dict.fromkeys(ids))
    return refer(unique, evidence.cite(unique))


def refer(ids: Iterable[str], words: str) -> Text:
    """Write words as a reference to rows: observations, events, passages or mitigations.

    Words of the data are said in the language, if it has some.
    """
    unique = tuple(dict.fromkeys(ids))
    words = language.name_of(words)
    html = (
        f'<a class="figure ref" href="#obs-{escape(unique[0], quote=True)}" '
        f'data-observations="{escape(" ".join(unique), quote=True)}">{escape(words)}</a>'
    )
    return Text(html, words, unique)


def refer_to_told(ids: Iterable[str], words: str) -> Text:
    """Write a text of the data as a reference to rows; English where nobody translated it."""
    text = refer(ids, words)
    if language.has_name(words):
        return text
    return Text(f'<span lang="en">{text.html}</span>', text.plain, text.observations)


def compose(template: str, /, **parts: Part) -> Text:
    """Fill a sentence with figures, dates and names.

    Raises
    ------
    ValueError
        When the template or a plain string holds a digit: a figure must come as an estimate.
    KeyError
        When a slot has no part.

    Examples
    --------
    >>> toll = Estimate(4000, 4000, float("inf"), "persons", ("a",), "a", "more_than")
    >>> compose("In {year}, {toll} were killed.", year=when("2024"), toll=toll).plain
    'In 2024, more than 4,000 people were killed.'

    """
    _refuse_digits(SLOT.sub("", template))
    text = _fill(language.translate(template), parts)
    return text if language.is_translated(template) else _stay_english(text)


def compose_plural(singular: str, plural: str, /, by: str, **parts: Part) -> Text:
    """Fill the sentence whose form the figure in slot ``by`` takes.

    Raises
    ------
    TypeError
        When that slot holds no figure.

    Examples
    --------
    >>> one = Estimate.count(["a"], "documents")
    >>> compose_plural("{n} says so.", "{n} say so.", by="n", n=one).plain
    '1 document says so.'

    """
    _refuse_digits(SLOT.sub("", singular + plural))
    figure = parts[by]
    if not isinstance(figure, Estimate):
        raise TypeError(f"the slot {by} holds no figure to agree with")
    # An open or wide figure takes the form of its largest value.
    number = figure.low if figure.is_exact else max(figure.high, 2.0)
    text = _fill(language.translate_plural(singular, plural, number), parts)
    return text if language.is_translated(singular) else _stay_english(text)


def _fill(words: str, parts: Mapping[str, Part]) -> Text:
    """Fill the slots of translated words, each in the form that the words ask for."""
    pieces = [_form(parts[slot[1]], slot[2] or "") for slot in SLOT.finditer(words)]
    ids = (entry for piece in pieces for entry in piece.observations)
    html, plain = iter(pieces), iter(pieces)
    return Text(
        SLOT.sub(lambda _: next(html).html, escape(words, quote=False)),
        SLOT.sub(lambda _: next(plain).plain, words),
        tuple(dict.fromkeys(ids)),
    )


def _form(part: Part, form: str) -> Text:
    if form == "bare" and isinstance(part, Estimate):
        return bare(part)
    text = as_text(part)
    if form in _DATED and text.partial:
        return when(text.partial, form)
    before = language.lead(form, text.plain)
    return Text(before + text.html, before + text.plain, text.observations)


def _stay_english(text: Text) -> Text:
    """Show words that nobody translated as what they are."""
    html = f'<span class="untranslated" lang="en">{text.html}</span>'
    return Text(html, text.plain, text.observations)


def join(pieces: Iterable[Part], separator: str = " ", last: str = "") -> Text:
    """Join pieces; ``last`` separates the last two where given (``" and "``)."""
    texts = [as_text(piece) for piece in pieces]
    separators = [separator] * max(0, len(texts) - 1)
    if separators and last:
        separators[-1] = last
    separators.append("")
    ids = (entry for text in texts for entry in text.observations)
    return Text(
        "".join(text.html + between for text, between in zip(texts, separators, strict=False)),
        "".join(text.plain + between for text, between in zip(texts, separators, strict=False)),
        tuple(dict.fromkeys(ids)),
    )


def enumerate_parts(pieces: Sequence[Part]) -> Text:
    """Join pieces as a list in a sentence: a, b and c."""
    return join(pieces, ", ", language.tell(" and "))


@dataclass(frozen=True)
class Prose:
    """Paragraphs that a notebook shows; they carry what a page needs to lead to the sources."""

    evidence: Evidence
    paragraphs: tuple[Text, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        ids = [entry for text in self.paragraphs for entry in text.observations]
        return {
            "text/html": fit(
                "".join(f"<p>{text.html}</p>" for text in self.paragraphs), self.evidence
            ),
            "text/plain": "\n\n".join(text.plain for text in self.paragraphs),
            PROVENANCE: pack(self.evidence.provenance(ids)),
        }


def pack(bundle: dict[str, Any]) -> str:
    """Write what a notebook hands to the press as JSON in one text.

    Papermill writes the whole notebook before and after each cell, and takes its time by the
    number of values: as a text, thousands of fields are one.

    >>> pack({"place": "Cité Soleil"})
    '{"place": "Cité Soleil"}'
    """
    return json.dumps(bundle, ensure_ascii=False)


def say(evidence: Evidence, *paragraphs: Text) -> Prose:
    """Show paragraphs in a notebook."""
    return Prose(evidence, paragraphs)


def show(evidence: Evidence, figure: Estimate | None) -> Prose:
    """Show one figure, with what a page needs to lead to its sources."""
    return say(evidence, link(figure) if figure else compose("Nothing is known of it."))


@dataclass(frozen=True)
class Table:
    """A table of figures, dates, names and words; rows map a column's heading to a cell."""

    evidence: Evidence
    rows: tuple[dict[str, Part | None], ...]
    caption: str = ""

    @cached_property
    def observations(self) -> tuple[str, ...]:
        """Ids of the observations behind all cells."""
        cells = (cell for row in self.rows for cell in row.values())
        return tuple(
            dict.fromkeys(
                entry
                for cell in cells
                if isinstance(cell, Text | Estimate)
                for entry in cell.observations
            )
        )

    def to_html(self) -> str:
        """Write the table as HTML; the first column heads its row."""
        columns = list(self.rows[0]) if self.rows else []
        words = language.translate(self.caption)
        caption = f"<caption>{escape(words)}</caption>" if words else ""
        # A heading may be a document's name, with its date.
        head = "".join(f'<th scope="col">{name(column).html}</th>' for column in columns)
        body = "".join(
            "<tr>"
            + "".join(
                f'<th scope="row">{cell}</th>' if first else f"<td>{cell}</td>"
                for first, cell in zip(
                    [True] + [False] * len(columns),
                    (as_text(row[column]).html for column in columns),
                    strict=False,
                )
            )
            + "</tr>"
            for row in self.rows
        )
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def to_plain(self) -> str:
        """Write the table as lines of text."""
        return "\n".join(
            " | ".join(as_text(cell).plain for cell in row.values()) for row in self.rows
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/html": fit(self.to_html(), self.evidence),
            "text/plain": self.to_plain(),
            PROVENANCE: pack(self.evidence.provenance(self.observations)),
        }


def tabulate(
    evidence: Evidence, rows: Iterable[dict[str, Part | None]], caption: str = ""
) -> Table:
    """Show rows as a table in a notebook."""
    return Table(evidence, tuple(rows), caption)


def as_text(part: Part | None) -> Text:
    """Turn a cell into prose: figures become links, words are said in the language."""
    if part is None:
        return Text("", "")
    if isinstance(part, Text):
        return part
    if isinstance(part, Estimate):
        return link(part)
    _refuse_digits(part)
    words = language.name_of(part)
    text = Text(escape(words), words)
    return text if not part or language.has_name(part) else _stay_english(text)


def _refuse_digits(words: str) -> None:
    if found := _DIGIT.search(words):
        raise ValueError(
            f"{words[max(0, found.start() - 20) : found.end() + 20]!r} holds a bare number; "
            "pass it as an estimate, when(...) or name(...)"
        )
