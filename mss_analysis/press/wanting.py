"""What a chart must have, and which of it one lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Parts of an exhibit that no chart goes without, as a reader would call them.
PARTS = {
    "headline": "a title that states the finding",
    "subtitle": "a subtitle",
    "alt": "a text alternative",
    "table": "a table",
    "csv": "its data as CSV",
}
ENDS = (".", "!", "?", "…", "”", "»")


def lacks(exhibit: dict[str, Any]) -> list[str]:
    """What an exhibit with a chart lacks, in words; nothing where there is no chart.

    >>> said = {"headline": "More.", "subtitle": "Lamps in June", "alt": "More lamps."}
    >>> lacks(said | {"spec": {"mark": "bar"}})
    ['a table', 'its data as CSV', 'tooltips']
    """
    spec = exhibit.get("spec")
    if not spec:
        return []
    missing = [words for part, words in PARTS.items() if not str(exhibit.get(part) or "").strip()]
    tooltips = list(_tooltips(spec))
    if not tooltips:
        missing.append("tooltips")
    elif not all(_is_sentence(words) for words in _told(spec, tooltips)):
        missing.append("tooltips that are full sentences")
    return missing


def _tooltips(part: dict[str, Any]) -> Iterator[str]:
    """The fields that the marks of a chart show when they are pointed at."""
    for inner in _parts(part):
        channel = inner.get("encoding", {}).get("tooltip", [])
        for entry in channel if isinstance(channel, list) else [channel]:
            yield str(entry.get("field", ""))


def _parts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A chart and all that it is put together from."""
    yield part
    for name in ("layer", "concat", "hconcat", "vconcat"):
        for inner in part.get(name, []):
            yield from _parts(inner)
    if isinstance(part.get("spec"), dict):
        yield from _parts(part["spec"])


def _told(spec: dict[str, Any], fields: list[str]) -> Iterator[str]:
    rows = [row for rows in spec.get("datasets", {}).values() for row in rows]
    for part in _parts(spec):
        rows += part.get("data", {}).get("values", [])
    return (str(row[field]) for row in rows for field in fields if field in row)


def _is_sentence(words: str) -> bool:
    return words.rstrip().endswith(ENDS)
