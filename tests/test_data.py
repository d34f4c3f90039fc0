"""The words of the evidence tables: readers see them, so they speak of documents by name."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TABLES = sorted(path.stem for path in (ROOT / "data").glob("*.csv"))
# A document's number by itself; within an id it stands between hyphens.
CODE = re.compile(r"(?<![\w,.-])(?<!\d )00[0-4](?![\w-])")
NAMES = {
    "000_49d22bddb92f8b4f": "CPM-I",
    "001_1b8aad9a53f2a41d": "interview with Gloria Blaise",
    "002_b88d0b9cad7e52fb": "news article",
    "003_f6935b50a0fc12fc": "African Elements",
    "004_ecda221a58dc764e": "The New Humanitarian",
}


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
