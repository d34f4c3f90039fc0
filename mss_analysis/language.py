"""The language in which words are made: English, French or Haitian Creole.

Words are messages in English, translated as whole sentences by gettext catalogues
(``mss_analysis/locale``). A message without a translation stays English.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "fr": "Français", "ht": "Kreyòl ayisyen"}
CATALOGUES = Path(__file__).parent / "locale"
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")

# Which form of a message a number takes; French counts up to two as one (CLDR).
_FORMS: dict[str, Callable[[float], int]] = {
    "en": lambda number: int(number != 1),
    "fr": lambda number: int(abs(number) >= 2),
    "ht": lambda number: 0,
}
# What separates several things in one cell of the data.
_SEPARATOR = "; "
_VOWELS = tuple("aeiouyhàâäéèêëîïôöùûüœAEIOUYHÀÂÉÈÊÎÔŒ")

_current = "en"
_names: dict[str, dict[str, str]] = {}


def current() -> str:
    """Give the code of the language that words are made in."""
    return _current


def speak(code: str) -> None:
    """Make words in a language from now on.

    Raises
    ------
    KeyError
        When there is no such language.

    """
    global _current
    LANGUAGES[code]
    _current = code


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Make words in a language for a while.

    >>> with spoken("fr"):
    ...     tell("between {low} and {high}", low="2", high="3")
    'entre 2 et 3'
    """
    before = _current
    speak(code)
    try:
        yield
    finally:
        speak(before)


def mark(message: str) -> str:
    """Mark a message that is translated where it is shown."""
    return message


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Mark a message with two forms that is translated where it is shown."""
    return singular, plural


def is_translated(message: str) -> bool:
    """Whether the language has words of its own for a message."""
    return _current == "en" or message in read_catalogue(_current)


def translate(message: str) -> str:
    """Give a message in the language; English where nobody translated it."""
    if _current == "en":
        return message
    return read_catalogue(_current).get(message, (message,))[0]


def translate_plural(singular: str, plural: str, number: float) -> str:
    """Give the form of a message that a number takes."""
    forms = (singular, plural)
    code = "en"
    if _current != "en" and singular in read_catalogue(_current):
        code, forms = _current, read_catalogue(_current)[singular]
    return forms[min(_FORMS[code](number), len(forms) - 1)]


def tell(message: str, /, **values: object) -> str:
    """Translate a message and fill its slots.

    A translation may ask for a form of a slot: ``{name:de}`` is *de* or *d’* and the name.

    >>> tell("at least {number}", number="4,000")
    'at least 4,000'
    """
    return fill(translate(message), values)


def tell_plural(singular: str, plural: str, number: float, /, **values: object) -> str:
    """Translate a message in the form that a number takes, and fill its slots."""
    return fill(translate_plural(singular, plural, number), values)


def fill(words: str, values: Mapping[str, object]) -> str:
    """Fill the slots of translated words.

    Raises
    ------
    KeyError
        When a slot has no value.

    """
    return SLOT.sub(
        lambda slot: lead(slot[2] or "", str(values[slot[1]])) + str(values[slot[1]]), words
    )


def lead(form: str, words: str) -> str:
    """Give the short word that a form puts before others: French elides it before a vowel.

    >>> lead("de", "environ"), lead("que", "plus"), lead("", "plus")
    ('d’', 'que ', '')
    """
    if form not in ("de", "que"):
        return ""
    return f"{form[:-1]}’" if words.startswith(_VOWELS) else f"{form} "


def learn(code: str, names: Mapping[str, str]) -> None:
    """Add names in the data to those that a language has words for."""
    _names.setdefault(code, {}).update(names)


def name_of(words: str) -> str:
    """Give the name of a thing in the data (a party, a place, an event) in the language.

    Several parties in one cell are each called by their name.
    """
    if _current == "en":
        return words
    if not _has_own_name(words) and has_name(words):
        return translate(_SEPARATOR).join(map(name_of, words.split(_SEPARATOR)))
    return _names.get(_current, {}).get(words) or translate(words)


def has_name(words: str) -> bool:
    """Whether the language has words for a thing in the data, or for all in one cell."""
    if _current == "en" or _has_own_name(words):
        return True
    return _SEPARATOR in words and all(map(_has_own_name, words.split(_SEPARATOR)))


def _has_own_name(words: str) -> bool:
    return words in _names.get(_current, {}) or is_translated(words)


@cache
def read_catalogue(code: str) -> dict[str, tuple[str, ...]]:
    """Read all messages of a language: English message -> its forms.

    Drafts that nobody confirmed (``fuzzy``) and empty translations are left out.
    """
    # Only translated pages pay for reading.
    from babel.messages.pofile import read_po

    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(CATALOGUES.joinpath(code).glob("*.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale="fr" if code == "ht" else code):
                several = isinstance(message.id, tuple)
                key = message.id[0] if several else message.id
                forms = (
                    tuple(message.string)
                    if isinstance(message.string, tuple | list)
                    else (message.string,)
                )
                if key and all(forms) and not message.fuzzy:
                    found.setdefault(key, forms)
    return found


def blocks(source: str) -> list[str]:
    """Split Markdown into its blocks: headings, paragraphs, lists; code stays whole.

    >>> blocks("# Title\\n\\nOne.\\nTwo.\\n")
    ['# Title', 'One.\\nTwo.']
    """
    found: list[list[str]] = [[]]
    fenced = False
    for line in source.splitlines():
        fenced ^= line.startswith("```")
        if line.strip() or fenced:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def is_for_all(block: str) -> bool:
    """Whether a block of Markdown is the same in all languages: a list of works, a formula."""
    lines = [line for line in block.splitlines() if line.strip()]
    return all(line.startswith("- <cite") for line in lines) or not any(map(str.isalpha, block))


def translate_markdown(source: str) -> tuple[str, int]:
    """Translate Markdown block by block; gives the text, and how many blocks stayed English.

    A block without a translation is marked as English, so that a reader sees it.
    """
    if _current == "en":
        return source, 0
    parts, left = [], 0
    for part in blocks(source):
        if is_translated(part) or is_for_all(part):
            parts.append(translate(part))
        else:
            left += 1
            opening = '<div class="untranslated" lang="en">'
            parts.append(f"{opening}\n\n{part}\n\n</div>")
    return "\n\n".join(parts), left
