"""Pages of the register: one for each source and each dispute, and their lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from mss_analysis.press.addresses import DISPUTES, SOURCES, TO_ROW, Addresses, in_language, stem
from mss_analysis.press.around import Around
from mss_analysis.press.bounds import draw_bounds
from mss_analysis.press.usage import Usage

Record = dict[str, Any]
Render = Callable[..., str]
Group = tuple[str, str, list[Any]]


class RegisterPages:
    """Renders what a register holds in one language; the language has to be spoken meanwhile."""

    def __init__(self, register: Record, around: Around, addresses: Addresses) -> None:
        """`around` is as seen from the folders of sources and disputes."""
        self.register, self.around, self.addresses = register, around, addresses
        self.language = around.language
        self.rows: dict[str, Record] = register["rows"]
        self.sources: dict[str, Record] = register["sources"]
        self.disputed: dict[str, list[Record]] = defaultdict(list)
        for dispute in register["disputes"]:
            for name in dispute["observations"]:
                self.disputed[name].append(dispute)

    def pages(self, render: Render, usage: Usage) -> Iterator[tuple[str, str]]:
        """Every page: its file and its text."""
        for name, source in self.sources.items():
            yield self._file(SOURCES, stem(name)), self._source(render, usage, name, source)
        for dispute in self.register["disputes"]:
            file = self._file(DISPUTES, stem(dispute["id"]))
            yield file, self._dispute(render, usage, dispute)
        yield from self._lists(render)

    def row_address(self, name: str, root: str = "../") -> str:
        """Where a row stands on the page of its source."""
        row = self.rows.get(name)
        page = self.addresses.source(row["source"], self.language, root) if row else ""
        return page and f"{page}#obs-{name}"

    def lead(self, html: str, root: str = "../", other: str = "") -> str:
        """HTML whose figures lead to their rows; to the page `other` where a row is unknown."""

        def turn(match: re.Match[str]) -> str:
            address = self.row_address(match[2], root)
            return f"{match[1]}{address or f'{other}#obs-{match[2]}'}"

        return TO_ROW.sub(turn, html)

    def _source(self, render: Render, usage: Usage, name: str, source: Record) -> str:
        told = [(row, self.rows[row]) for row in source["stated"]]
        groups = [
            (group, self.register["groups"][group], [self._row(*entry) for entry in entries])
            for group, entries in (
                (group, [entry for entry in told if entry[1]["group"] == group])
                for group in self.register["groups"]
            )
            if entries
        ]
        return render(
            "source.html.j2",
            around=self.around,
            file=stem(name),
            source=source,
            groups=groups,
            repeats=self._repeated(source["reprint_of"]),
            reprints=[self._repeated(other) for other in source["reprints"]],
            used=usage.of_source(name, source["stated"], self.language),
        )

    def _row(self, name: str, row: Record) -> tuple[str, Record, str, list[Record]]:
        disputed = [
            {
                "href": self.addresses.dispute(dispute["id"], self.language),
                "text": dispute["short"],
            }
            for dispute in self.disputed.get(name, ())
        ]
        return name, row, self.row_address(row.get("superseded", "")), disputed

    def _repeated(self, name: str) -> Record:
        """A document, or an origin that is none, that one repeats or is repeated by."""
        if not name:
            return {}
        told = self.sources.get(name)
        href = self.addresses.source(name, self.language) if told else ""
        return {"href": href, "text": f"{told['title']} ({told['label']})" if told else name}

    def _dispute(self, render: Render, usage: Usage, dispute: Record) -> str:
        rows = [self.rows[name] for name in dispute["observations"]]
        drawn = draw_bounds(rows)
        revision = dispute["revision"]
        return render(
            "contradiction.html.j2",
            around=self.around,
            file=stem(dispute["id"]),
            dispute=dispute,
            sentence=self.lead(dispute["sentence"]["html"]),
            revision=revision and self.lead(revision["html"]),
            rows=[
                (
                    name,
                    row,
                    self.row_address(row.get("superseded", "")),
                    self.row_address(name),
                    self.sources[row["source"]],
                    picture,
                )
                for name, row, picture in zip(dispute["observations"], rows, drawn, strict=True)
            ],
            used=usage.of_rows(dispute["observations"], self.language),
        )

    def _lists(self, render: Render) -> Iterator[tuple[str, str]]:
        sources = [
            (in_language(stem(name), self.language, self.around.own), source)
            for name, source in self.sources.items()
        ]
        for order, file, other, key in (
            ("day", "index", "publishers", _year),
            ("publisher", "publishers", "index", _letter),
        ):
            yield self._file(SOURCES, file), render(
                "sources.html.j2",
                around=self.around,
                file=file,
                order=order,
                other=in_language(other, self.language, self.around.own),
                count=len(sources),
                groups=_group(sources, key),
            )
        disputes = [
            (in_language(stem(dispute["id"]), self.language, self.around.own), dispute)
            for dispute in self.register["disputes"]
        ]
        yield self._file(DISPUTES, "index"), render(
            "contradictions.html.j2",
            around=self.around,
            file="index",
            groups=_group(disputes, lambda entry: (entry["theme"],)),
        )

    def _file(self, folder: str, name: str) -> str:
        return f"{folder}/{in_language(name, self.language, self.around.own)}"


def _year(source: Record) -> tuple[str, ...]:
    return (source["known"][:4],)


def _letter(source: Record) -> tuple[str, ...]:
    """The letter under which a publisher stands, and what orders it there."""
    label = source["label"]
    return (label[:1].upper() if label[:1].isalpha() else "0–9", label.casefold())


def _group(entries: list[tuple[str, Record]], key: Callable[[Record], tuple[str, ...]]) -> list[Group]:
    """Entries under headings, in the order of the key where it has one beyond its heading."""
    found: dict[str, list[tuple[str, Record]]] = defaultdict(list)
    for entry in entries:
        found[key(entry[1])[0]].append(entry)
    if any(len(key(entry[1])) > 1 for entry in entries):
        for group in found.values():
            group.sort(key=lambda entry: key(entry[1])[1:])
        found = dict(sorted(found.items()))
    return [(f"group-{at}", words, group) for at, (words, group) in enumerate(found.items(), 1)]
