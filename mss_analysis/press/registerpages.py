"""Pages of the register: one for each source and each dispute, and their lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mss_analysis.language import tell
from mss_analysis.press.addresses import DISPUTES, SOURCES, Addresses, in_language, lead, stem
from mss_analysis.press.around import Around
from mss_analysis.press.bounds import draw_bounds
from mss_analysis.press.citation import cite_part
from mss_analysis.press.usage import Usage

Record = dict[str, Any]
Render = Callable[..., str]
# What a figure carries along for its panel.
CARRIED = re.compile(r' data-[a-z]+="[^"]*"')
# So many of a figure's disputes are told where there is no room for all.
FEW = 3


class RegisterPages:
    """Renders what a register holds in one language, which has to be spoken meanwhile."""

    def __init__(self, register: Record, around: Around, addresses: Addresses) -> None:
        """`around` is as seen from the folders of sources and disputes."""
        self.register, self.around, self.addresses = register, around, addresses
        self.language = around.language
        self.rows: dict[str, Record] = register["rows"]
        self.sources: dict[str, Record] = {source["id"]: source for source in register["sources"]}
        self.disputes: list[Record] = register["disputes"]
        self._disputed: dict[str, list[Record]] = defaultdict(list)
        for dispute in self.disputes:
            for name in dispute["observations"]:
                self._disputed[name].append(dispute)

    def pages(self, render: Render, usage: Usage) -> Iterator[tuple[str, str]]:
        """Every page: its file and its text."""
        for name, source in self.sources.items():
            yield self._file(SOURCES, stem(name)), self._source(render, usage, name, source)
        for dispute in self.disputes:
            file = self._file(DISPUTES, stem(dispute["id"]))
            yield file, self._dispute(render, usage, dispute)
        yield from self._source_lists(render)
        yield self._file(DISPUTES, "index"), self._dispute_list(render)

    def describe(self, names: Iterable[str], root: str = "../") -> Record:
        """What a page needs to show figures with their documents, as a report does."""
        rows = {name: self.rows[name] for name in names if name in self.rows}
        sources = {row["source"]: self.sources[row["source"]] for row in rows.values()}
        told = {name: self._disputed.get(name, [])[:FEW] for name in rows}
        return {
            "rows": {
                name: row
                | {
                    "disputes": [
                        {"id": d["id"], "sentence": d["sentence"]["plain"]} for d in told[name]
                    ]
                }
                for name, row in rows.items()
            },
            "sources": sources,
            "source_pages": {
                name: self.addresses.source(name, self.language, root) for name in sources
            },
            "contradiction_pages": {
                dispute["id"]: self.addresses.dispute(dispute["id"], self.language, root)
                for disputes in told.values()
                for dispute in disputes
            },
        }

    def _source(self, render: Render, usage: Usage, name: str, source: Record) -> str:
        stated = [(row, self.rows[row]) for row in source["stated"]]
        groups = []
        for group, words in self.register["groups"]:
            if rows := [self._row(*entry) for entry in stated if entry[1]["group"] == group]:
                groups.append((group, words, rows))
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
        """A row with the address of the row that supersedes it, and its disputes."""
        later = self.rows.get(row.get("superseded", ""))
        page = self.addresses.source(later["source"], self.language) if later else ""
        disputes = [
            dispute | {"href": self.addresses.dispute(dispute["id"], self.language)}
            for dispute in self._disputed.get(name, ())
        ]
        return name, row, page and f"{page}#obs-{row['superseded']}", disputes

    def _repeated(self, name: str) -> Record:
        """A document, or an origin that is none, that one repeats or is repeated by."""
        if not name or name not in self.sources:
            return {"title": name} if name else {}
        return self.sources[name] | {"href": self.addresses.source(name, self.language)}

    def _dispute(self, render: Render, usage: Usage, dispute: Record) -> str:
        shown = self.describe(dispute["observations"])
        for row in shown["rows"].values():
            row["disputes"] = []
        pictures = draw_bounds(list(shown["rows"].values()))
        file = self._file(DISPUTES, stem(dispute["id"]))
        site = self.around.site
        root = str(site["citation"].get("url") or "").rstrip("/")
        named = {"counted": dispute["counted"], "severity": dispute["severity_name"]}
        title = tell("{counted}: {severity}", **named)
        cited = (site["citation"], site["title"], title, self.around.as_of, self.around.fingerprint)
        return render(
            "contradiction.html.j2",
            around=self.around,
            file=stem(dispute["id"]),
            dispute=dispute,
            title=title,
            drawn=[
                (name, row["wording"], picture)
                for (name, row), picture in zip(shown["rows"].items(), pictures, strict=True)
            ]
            if pictures
            else [],
            used=usage.of_rows(dispute["observations"], self.language),
            address=f"{root}/{file}" if root else file,
            part=cite_part(*cited),
            **shown,
        )

    def _source_lists(self, render: Render) -> Iterator[tuple[str, str]]:
        """All sources by the day on which they became known, and by publisher."""
        for order, name, other in (("day", "index", "publishers"), ("name", "publishers", "index")):
            groups: dict[str, list[tuple[str, Record]]] = defaultdict(list)
            for source_id, source in self._sorted(order):
                heading = source["known"][:4] if order == "day" else _letter(source["label"])
                groups[heading].append((self._own(stem(source_id)), source))
            yield (
                self._file(SOURCES, name),
                render(
                    "sources.html.j2",
                    around=self.around,
                    file=name,
                    place=f"{SOURCES}/index",
                    order=order,
                    other=self._own(other),
                    count=len(self.sources),
                    groups=_number(groups),
                ),
            )

    def _sorted(self, order: str) -> list[tuple[str, Record]]:
        entries = list(self.sources.items())
        if order == "name":
            entries.sort(key=lambda entry: (_letter(entry[1]["label"]), entry[1]["label"].lower()))
        return entries

    def _dispute_list(self, render: Render) -> str:
        groups: dict[str, list[tuple[str, Record, str]]] = defaultdict(list)
        for dispute in self.disputes:
            href = self._own(stem(dispute["id"]))
            # Rows stand on the dispute's own page: no panel opens here, so none is prepared.
            sentence = CARRIED.sub("", dispute["sentence"]["html"])
            told = lead(sentence, lambda name, page=href: f"{page}#obs-{name}")
            groups[dispute["theme"]].append((href, dispute, told))
        return render(
            "contradictions.html.j2",
            around=self.around,
            file="index",
            place=f"{DISPUTES}/index",
            groups=_number(groups),
        )

    def _own(self, name: str) -> str:
        """A page of the same folder and language."""
        return in_language(name, self.language, self.around.own)

    def _file(self, folder: str, name: str) -> str:
        return f"{folder}/{self._own(name)}"


def _brief(dispute: Record) -> Record:
    """A dispute as a row of a report has it."""
    return {"id": dispute["id"], "sentence": dispute["sentence"]["plain"]}


def _letter(words: str) -> str:
    """The heading under which a name stands in an alphabetical list."""
    first = words[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def _number(groups: dict[str, list[Any]]) -> list[tuple[str, str, list[Any]]]:
    """Groups with an anchor each."""
    return [(f"group-{at}", words, group) for at, (words, group) in enumerate(groups.items(), 1)]
