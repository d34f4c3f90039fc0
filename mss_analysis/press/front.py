"""What the front page of a site holds, in one language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mss_analysis.press.addresses import cited, lead
from mss_analysis.press.around import Around
from mss_analysis.press.citation import cite_part
from mss_analysis.press.draft import LAST_GOOD, MISSING
from mss_analysis.press.page import contest
from mss_analysis.press.plan import LATEST, Edition, Plan
from mss_analysis.press.register import standing
from mss_analysis.press.registerpages import RegisterPages

Record = dict[str, Any]


class Front:
    """Gathers the front page from the records of the reports and from the register."""

    def __init__(self, plan: Plan, records: dict[str, Record], folder: Path) -> None:
        """`folder` holds the reports, laid out already."""
        self.plan, self.records, self.folder = plan, records, folder
        self.shown = [edition for edition in plan.editions if edition.slug in records]

    def content(self, around: Around, pages: RegisterPages | None) -> Record:
        """All that the template of the front page needs."""
        front = self.report(around.language)
        register: Record = pages.register if pages else {}
        page, findings = self._findings(front) if front else ("", [])
        changes = [change["sentence"]["html"] for change in register.get("changes", [])]
        leading = [dispute for dispute in register.get("disputes", []) if dispute["lead"]]
        sentences = [dispute["sentence"]["html"] for dispute in leading]
        named = [name for html in findings + changes + sentences for name in cited(html)]
        told: Record = pages.describe(named, "") if pages else {}
        disputed = self._disputed(front, register) if front else set()

        def find(name: str) -> str:
            # What the register does not know, the report does.
            return f"{'' if name in told.get('rows', ()) else page}#obs-{name}"

        def show(html: str) -> str:
            return contest(lead(html, find), disputed)

        own, site = self._of(around.language), self.plan.site
        days = sorted({e.as_of for e in own if e.as_of != LATEST}, reverse=True)
        return told | {
            "around": around,
            "front": self.records[front.slug] if front else {"state": MISSING},
            "findings": [show(html) for html in findings],
            "since": register.get("since", ""),
            "changes": [
                {"kind": change["kind"], "html": show(html)}
                for change, html in zip(register.get("changes", []), changes, strict=True)
            ],
            "disputes": [
                dispute
                | {
                    "href": pages.addresses.dispute(dispute["id"], around.language, ""),
                    "html": show(html),
                }
                for dispute, html in zip(leading, sentences, strict=True)
                if pages
            ],
            "counts": {name: len(register[name]) for name in ("sources", "disputes") if register},
            "latest": self._groups(e for e in own if e.as_of == LATEST),
            "earlier": [(day, self._records(e for e in own if e.as_of == day)) for day in days],
            "foreign": [
                (self.records[edition.slug], edition.as_of)
                for edition in self._untranslated(around.language)
            ],
            "sections": [
                section | {"record": self._section_record(section, around.language)}
                for section in site["sections"]
            ],
            "address": str(site["citation"].get("url") or around.to("index")),
            "part": cite_part(
                site["citation"], site["title"], site["title"], around.as_of, around.fingerprint
            ),
        }

    def report(self, language: str) -> Edition | None:
        """The report whose findings the front page shows: the site's, in the page's language."""
        return self._in_language(self.plan.site["front"], language)

    def newest(self, language: str) -> list[Edition]:
        """Reports of a language that show what the front page shows: its vintage and corpus."""
        front = self.report(language)
        return [e for e in self._of(language) if front and _thing(e)[1:] == _thing(front)[1:]]

    def _in_language(self, slug: str, language: str) -> Edition | None:
        """A report, or the one that shows the same in a language."""
        own = next((edition for edition in self.shown if edition.slug == slug), None)
        found = (e for e in self._of(language) if own and _thing(e) == _thing(own))
        return own and next(found, own)

    def _section_record(self, section: Record, language: str) -> Record | None:
        edition = self._in_language(section.get("edition", ""), language)
        return self.records[edition.slug] if edition else None

    def _of(self, language: str) -> list[Edition]:
        return [e for e in self.shown if self.plan.language_of(e) == language]

    def _untranslated(self, language: str) -> list[Edition]:
        """Reports in the site's own language that there are not in this one."""
        own = self.plan.site["language"]
        there = {_thing(edition) for edition in self._of(language)}
        return [e for e in self._of(own) if language != own and _thing(e) not in there]

    def _records(self, editions: Any) -> list[Record]:
        return [self.records[edition.slug] for edition in editions]

    def _groups(self, editions: Any) -> list[tuple[str, list[Record]]]:
        found: dict[str, list[Record]] = {}
        for record in self._records(editions):
            found.setdefault(record["group"], []).append(record)
        return sorted(found.items())

    def _disputed(self, front: Edition, register: Record) -> set[str]:
        """The rows that the report marks as disputed, which the front page marks, too."""
        as_of = self.records[front.slug].get("as_of") or register.get("as_of", "")
        found = standing(register, front, as_of)
        return {name for dispute in found for name in dispute["observations"]}

    def _findings(self, front: Edition) -> tuple[str, list[str]]:
        """A report's page, or that of its last good version, and its headline sentences."""
        for folder in (front.slug, front.slug + LAST_GOOD):
            path = self.folder / folder / "findings.json"
            if path.is_file():
                findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
                told = [f["html"] for f in findings if f.get("headline") and f.get("html")]
                return f"{folder}/index.html", told
        return "", []


def _thing(edition: Edition) -> tuple[str, ...]:
    """What an edition shows, in whichever language."""
    shared = {"as_of": LATEST} | edition.parameters
    return (str(edition.notebook), *(str(shared.get(key, "")) for key in ("as_of", "corpus")))
