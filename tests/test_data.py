"""The words of the evidence tables: readers see them, in three languages, and documents by name."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TABLES = sorted(path.stem for path in (ROOT / "data").glob("*.csv"))
# A document's number by itself; within an id it stands between hyphens.
CODE = re.compile(r"(?<![\w,.-])(?<!\d[ \u202f])00[0-4](?![\w-])")
NAMES = {
    "000_49d22bddb92f8b4f": "CPM-I",
    "001_1b8aad9a53f2a41d": "interview with Gloria Blaise",
    "002_b88d0b9cad7e52fb": "news article",
    "003_f6935b50a0fc12fc": "African Elements",
    "004_ecda221a58dc764e": "The New Humanitarian",
}
LANGUAGES = ("fr", "ht")
# Names of the things that every page shows, and the column that holds the English one.
NAMED = {
    "indicators": "label",
    "parties": "name",
    "places": "name",
    "origins": "name",
    "source_types": "label",
    "speakers": "name",
}
# Where somebody speaks or acts; several have a semicolon between them.
SPOKEN = {"observations": "attributed_to", "evidence": "actor", "mitigations": "owner"}
NUMERAL = {
    "en": re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"),
    "fr": re.compile(r"\d+(?:\u202f\d{3})*(?:,\d+)?"),
}
# The first of a month is a word in Kreyòl.
FIRST = re.compile(
    r"\bpremye (?=(?:janvye|fevriye|mas|avril|me|jen|jiyè|out|septanm|oktòb|novanm|desanm)\b)"
)
FRENCH_MONTHS = re.compile(r"janvier|février|\bmars\b|juillet|août|septembre|octobre|embre\b")
# A colon, a mark or a guillemet without its space, or a numeral in English style.
LOOSE_FRENCH = re.compile(
    r"(?<!\u00a0):|(?<!\u202f)[;!?]|«(?!\u00a0)|(?<!\u00a0)»|\d\.\d|\d,\d{3}\b|\d \d{3}\b|\d ?%|'"
)
LOOSE_CREOLE = re.compile(r"\s[:;!?,.]|[«»']|\d\.\d|\d,\d{3}\b|\d \d{3}\b")


def read(table):
    with (ROOT / "data" / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("table", TABLES)
def test_no_document_is_called_by_its_number(table):
    cells = [
        text
        for row in read(table)
        for column, text in row.items()
        if not column.endswith("_id") and CODE.search(text)
    ]
    assert cells == []


@pytest.mark.parametrize("table", ["observations", "identities", "events", "evidence"])
def test_no_note_names_a_later_document(table):
    published = {row["source_id"]: row["published"][:7] for row in read("sources")}
    stated = {row["observation_id"]: row["source_id"] for row in read("observations")}
    # A relation is shown only when all its figures are known, other than one of equals.
    tied = {
        (row["identity_id"], stated[row["observation_id"]])
        for row in read("identities")
        if row["kind"] != "same"
    }
    early = [
        row["note"]
        for row in read(table)
        for source, label in NAMES.items()
        if label in row["note"]
        and (row.get("identity_id"), source) not in tied
        and published[source] > published[row.get("source_id") or stated[row["observation_id"]]]
    ]
    assert early == []


def read_translations(language):
    """Give (table, English text, its translation) of everything that is translated."""
    for table in TABLES:
        rows = read(table)
        for column in rows[0]:
            stem, _, code = column.rpartition("_")
            english = next((name for name in (stem, f"{stem}_en") if name in rows[0]), None)
            if code == language and (english or stem == "name"):
                key = english or next(iter(rows[0]))
                yield from ((table, row[key], row[column]) for row in rows if row[column])


def numerals(text, language):
    if language == "en":
        return sorted(found.replace(",", "") for found in NUMERAL["en"].findall(text))
    found = NUMERAL["fr"].findall(FIRST.sub("1 ", text))
    return sorted(number.replace("\u202f", "").replace(",", ".") for number in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_numeral(language):
    texts = [texts for _, *texts in read_translations(language)]
    wrong = [
        (english, words)
        for english, words in texts
        if numerals(english, "en") != numerals(words, language)
    ]
    assert len(texts) > 1500
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", NAMED)
def test_each_thing_has_a_name_in_each_language(table, language):
    rows = read(table)
    assert [row for row in rows if not row[f"{NAMED[table]}_{language}"]] == []


def test_everybody_who_speaks_is_named_once():
    told = {
        name for table, at in SPOKEN.items() for row in read(table) for name in row[at].split("; ")
    }
    named = {row["origin"] for row in read("origins")} | {row["party"] for row in read("parties")}
    assert told - {""} - named == {row["speaker"] for row in read("speakers")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_english_text_has_one_translation(language):
    """Names are looked up by the English text, whichever table it stands in."""
    found = defaultdict(set)
    for _, english, words in read_translations(language):
        found[english].add(words)
    assert {english: words for english, words in found.items() if len(words) > 1} == {}


def test_no_creole_text_has_a_french_month():
    assert [words for *_, words in read_translations("ht") if FRENCH_MONTHS.search(words)] == []


@pytest.mark.parametrize(
    ("language", "loose"), [("fr", LOOSE_FRENCH), ("ht", LOOSE_CREOLE)], ids=LANGUAGES
)
def test_translations_are_set_by_the_rules_of_their_language(language, loose):
    assert [words for *_, words in read_translations(language) if loose.search(words)] == []


def test_an_attested_term_says_where_it_was_read():
    terms = [row for row in read("glossary") if row["confidence"] == "attested"]
    assert terms
    assert [row["concept"] for row in terms if not row["source_ht"]] == []
