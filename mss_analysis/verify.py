"""Verify that each figure stands in the paragraph it is said to stand in.

The number is looked for in its usual spellings: 4,000; 4000; four thousand; 600 million; half. What
a document counts without a numeral ("dozens", "months") is covered by the table of vague words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from num2words import num2words

from mss_analysis.evidence import Evidence

# What a word without a number stands for; the same readings are used when figures are transcribed.
VAGUE: dict[float, tuple[str, ...]] = {
    2: ("both", "several", "some", "many", "a few", "few"),
    24: ("dozens",),
    2_000: ("thousands",),
    2_000_000: ("millions",),
    2_000_000_000: ("billions",),
    20: ("decades",),
}
# "A few hundred" is a range, and the only one that is given by words alone.
VAGUE_RANGES = {(200, 999): ("a few hundred", "few hundred", "hundreds")}
SHARES: dict[float, tuple[str, ...]] = {
    50: ("half", "one in two", "most", "majority", "largely"),
    100: ("all", "every", "entire"),
    25: ("a quarter", "one in four"),
    75: ("three quarters", "three-quarters"),
    33: ("a third", "one third"),
    67: ("two thirds", "two-thirds"),
}
_SCALES = {
    1e3: ("thousand", "k"),
    1e6: ("million", "m", "mn"),
    1e9: ("billion", "bn", "b"),
}
_SPAN_UNITS = ("days", "weeks", "months", "years")
# Thousands parted by spaces, as French and the UN write them.
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,]\d)")
_MAX_WORDED = 1_000_000


@dataclass(frozen=True)
class Fault:
    """A figure that could not be verified, and why."""

    observation_id: str
    source_id: str
    locator: str
    reason: str

    def __str__(self) -> str:
        """Write the fault as one line."""
        return f"{self.observation_id}: {self.source_id} {self.locator}: {self.reason}"


@dataclass(frozen=True)
class Verification:
    """How many figures were looked for, and which were not found."""

    checked: int
    faults: tuple[Fault, ...]


def verify(evidence: Evidence, corpus: Path) -> Verification:
    """Look up every seed figure in the texts of a folder.

    Parameters
    ----------
    evidence
        What to verify; rows of other corpora have no stored text and are passed over.
    corpus
        Folder with a text ``<source_id>.txt`` for each seed document.

    """
    seeds = evidence.sources[evidence.sources["corpus"] == "seed"]["source_id"]
    rows = evidence.observations[evidence.observations["source_id"].isin(seeds)]
    faults = []
    for row in rows.to_dict(orient="records"):
        reason = _find_fault(row, corpus)
        if reason:
            faults.append(Fault(row["observation_id"], row["source_id"], row["locator"], reason))
    return Verification(len(rows), tuple(faults))


def spell(value: float, unit: str = "") -> list[str]:
    """List the usual spellings of a number.

    >>> spell(4000)
    ['4,000', '4000', '4 thousand', '4k', 'four thousand']
    >>> spell(241.4e6, "USD")[2:5]
    ['241.4 million', '241.4m', '241.4mn']
    >>> spell(50, "percent")[-2:]
    ['majority', 'largely']
    """
    is_whole = value == int(value)
    spellings = [f"{value:,.0f}", f"{value:.0f}"] if is_whole else [f"{value:,.10g}"]
    scale = max((scale for scale in _SCALES if scale <= value), default=None)
    if scale:
        word, *shorts = _SCALES[scale]
        size = f"{value / scale:,.10g}"
        spellings += [f"{size} {word}", *(f"{size}{short}" for short in shorts)]
        spellings.append(f"{num2words(value / scale)} {word}")
    if is_whole and 0 <= value < _MAX_WORDED:
        words = num2words(int(value))
        spellings += [words, words.replace("-", " "), words.replace(" and ", " ")]
    spellings += _spell_by_unit(value, unit)
    return list(dict.fromkeys(spellings))


def _spell_by_unit(value: float, unit: str) -> list[str]:
    """List spellings that only make sense for a unit, and vague words."""
    spellings = list(VAGUE.get(value, ()))
    if unit == "percent":
        spellings += SHARES.get(value, ())
    if unit in _SPAN_UNITS:
        single = unit.removesuffix("s")
        spellings += {
            1: (f"a {single}", f"{single}-long"),
            1.5: (f"{single} and a half", f"one and a half {unit}"),
            2: (unit,),
        }.get(value, ())
    return spellings


def contains(paragraph: str, value: float, unit: str = "") -> bool:
    """Whether a paragraph states a number, as a number of its own and not part of another.

    >>> contains("It killed 1,660 people.", 660), contains("It killed 1,660 people.", 1660)
    (False, True)
    """
    text = _fold(paragraph)
    return any(_pattern(spelling).search(text) for spelling in spell(value, unit))


def _find_fault(row: dict, corpus: Path) -> str:
    path = corpus / f"{row['source_id']}.txt"
    if not path.is_file():
        return f"there is no file {path.name} in the folder"
    try:
        paragraphs = _read_paragraphs(path)
    except UnicodeDecodeError:
        return f"{path.name} is not UTF-8; save it as UTF-8"
    number = re.fullmatch(r"p([1-9][0-9]*)", row["locator"])
    if number is None:
        return "the locator is not p and a paragraph's number"
    if int(number[1]) > len(paragraphs):
        return f"the document has only {len(paragraphs)} paragraphs"
    paragraph = paragraphs[int(number[1]) - 1]
    missing = [value for value in _wanted(row) if not contains(paragraph, value, row["unit"])]
    if not missing or _states_range(paragraph, row):
        return ""
    elsewhere = [
        f"p{index}"
        for index, other in enumerate(paragraphs, 1)
        if all(contains(other, value, row["unit"]) for value in _wanted(row))
    ]
    stated = " and ".join(f"{value:,.10g}" for value in missing)
    hint = f"; it stands in {', '.join(elsewhere[:5])}" if elsewhere else ""
    return f"{stated} does not stand in that paragraph{hint}"


def _wanted(row: dict) -> Iterator[float]:
    """Give the numbers that the paragraph has to state."""
    if row["qualifier"] == "between":
        yield row["low"]
        yield row["high"]
    else:
        yield row["value"]


def _states_range(paragraph: str, row: dict) -> bool:
    words: Iterable[str] = VAGUE_RANGES.get((row["low"], row["high"]), ())
    return row["qualifier"] == "between" and any(
        _pattern(phrase).search(_fold(paragraph)) for phrase in words
    )


@cache
def _read_paragraphs(path: Path) -> tuple[str, ...]:
    text = path.read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())


def _fold(text: str) -> str:
    """Bring spaces, hyphens and case into one form."""
    text = re.sub(r"[\u00a0\u2009\u202f]", " ", text)
    text = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ","), text)
    return re.sub(r"[\u2010-\u2015]", "-", text).lower()


@cache
def _pattern(spelling: str) -> re.Pattern[str]:
    """Match a spelling that is no part of a longer number."""
    body = re.escape(spelling.lower()).replace(r"\ ", r"[ -]")
    # A bare numeral before "million" is another number.
    scaled = r"(?!\s*(?:thousand|million|billion)\b)" if spelling[-1].isdigit() else ""
    return re.compile(rf"(?<![\d.,\w]){body}(?![\d\w]|[.,]\d){scaled}")
