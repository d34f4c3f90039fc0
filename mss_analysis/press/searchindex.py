"""The index of a site's search: a script that holds what can be found, since a page opened from
a folder can read no other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mss_analysis.language import translate
from mss_analysis.press.addresses import Addresses
from mss_analysis.press.plan import Edition

Record = dict[str, Any]
# An entry: its kind, what it is called, what else is said of it, where it is.
Entry = tuple[str, str, str, str]


def write_index(entries: list[Entry]) -> str:
    """The script, which defines one constant."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"const SEARCH_INDEX = {text};\n".replace("],[", "],\n[")


def list_reports(
    editions: list[Edition], folder: Path, anchors: dict[str, frozenset[str]]
) -> Iterator[Entry]:
    """Entries of reports, their findings and their exhibits."""
    for edition in editions:
        page = f"{edition.slug}/index.html"
        record = folder / edition.slug / "findings.json"
        if not record.is_file():
            continue
        report = translate(edition.title)
        yield "report", report, translate(edition.summary), page
        content = json.loads(record.read_text(encoding="utf-8"))
        for kind, found, anchor in (
            ("finding", content["findings"], "finding-{id}"),
            ("exhibit", content["exhibits"], "figure-{id}"),
        ):
            for entry in found:
                target = anchor.format(id=entry["id"])
                held = target in anchors.get(edition.slug, ())
                words = entry.get("text") or entry.get("title", "")
                yield kind, words, report, f"{page}#{target}" if held else page


def list_register(register: Record, language: str, addresses: Addresses) -> Iterator[Entry]:
    """Entries of sources, disputes and events."""
    for source in register["sources"]:
        address = addresses.source(source["id"], language, "")
        yield "source", source["title"], source["label"], address
    for dispute in register["disputes"]:
        address = addresses.dispute(dispute["id"], language, "")
        yield dispute["severity"], dispute["counted"], dispute["sentence"]["plain"], address
    for name, row in register["rows"].items():
        if row["group"] == "events":
            told = " · ".join(filter(None, [row["when"], row["place"]]))
            address = addresses.source(row["source"], language, "")
            yield "event", row["wording"], told, f"{address}#obs-{name}"
