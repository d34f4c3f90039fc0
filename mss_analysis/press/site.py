"""Lay out a site: reports, notices of those that failed, front page and manifest."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import Any

from mss_analysis.language import spoken
from mss_analysis.press.addresses import FOLDERS, Addresses, in_language
from mss_analysis.press.around import Around
from mss_analysis.press.citation import day_in_words
from mss_analysis.press.draft import BUILT, KEPT, MANIFEST, MISSING, Draft
from mss_analysis.press.frame import Frame, asset, site_frame, version
from mss_analysis.press.front import Front
from mss_analysis.press.ingredients import digest, packages
from mss_analysis.press.job import Failure, Outcome
from mss_analysis.press.page import Page
from mss_analysis.press.plan import Edition, Plan
from mss_analysis.press.register import SLUG
from mss_analysis.press.registerpages import RegisterPages
from mss_analysis.press.render import Renderer
from mss_analysis.press.searchindex import list_register, list_reports, write_index
from mss_analysis.press.usage import Usage


class Layout:
    """Writes the files of a site into a draft, one edition at a time.

    Every edition that is asked for gets a page, a report or a notice, so links between pages
    hold however the others fare.
    """

    def __init__(self, draft: Draft, plan: Plan, asked: set[str], fingerprint: str) -> None:
        """`asked` are the slugs to be built now; others are linked where they are published."""
        self.draft, self.plan, self.fingerprint = draft, plan, fingerprint
        own = plan.site["language"]
        self.available = [e for e in plan.editions if e.slug in asked or draft.had(e.slug)]
        self.renderer = Renderer()
        self._register: dict[str, dict[str, Any]] = {}
        self._key = ""
        # Until the register is known, those of the published site will do.
        self._addresses = Addresses(self._published() if plan.register else (), own)

    def report(
        self, edition: Edition, page: Page, notebook: str, outcome: Outcome, made: dict[str, str]
    ) -> None:
        """Write a report with its downloads; `made` says what it was made from."""
        slug, draft = edition.slug, self.draft
        frame = site_frame(edition, page, self.plan, self.available, self.fingerprint)
        self._lead_on(frame, page, self.plan.language_of(edition))
        html = self.renderer.report(page, frame)
        draft.write(f"{slug}/index.html", html)
        draft.write(f"{slug}/{edition.notebook.stem}.ipynb", notebook)
        findings = {
            "report": page.title or edition.title,
            "parameters": edition.parameters,
            "findings": page.findings,
            "exhibits": [{"id": exhibit.id, "title": exhibit.title} for exhibit in page.exhibits],
        }
        draft.write(f"{slug}/findings.json", _json(findings))
        for exhibit in page.exhibits:
            if exhibit.csv:
                draft.write(f"{slug}/{exhibit.id}.csv", exhibit.csv)
        draft.records[slug] = self._record(edition, BUILT) | {
            "as_of": frame.as_of,
            "figures": page.figures,
            "charts": sum(bool(exhibit.spec) for exhibit in page.exhibits),
            "seconds": outcome.seconds,
            "cells": {str(number): seconds for number, seconds in outcome.cells},
            SLUG: self._key,
            **made,
        }

    def _lead_on(self, frame: Frame, page: Page, language: str) -> None:
        """Let a report lead to the pages around it, as far as there are any."""
        around = self._around(language, self._register.get(language), "../")
        frame.home = around.to("index")
        frame.around = around.ways()
        frame.source_pages = {
            name: address
            for name in page.sources
            if (address := self._addresses.source(name, language))
        }
        disputes = (d for row in page.observations.values() for d in row.get("disputes", ()))
        frame.contradiction_pages = {
            dispute["id"]: address
            for dispute in disputes
            if (address := self._addresses.dispute(dispute["id"], language))
        }

    def keep(self, edition: Edition) -> None:
        """Carry an edition over as it is published; its place in the list is today's."""
        words = {"title": edition.title, "summary": edition.summary, "group": edition.group}
        self.draft.keep(edition, words)

    def notice(self, edition: Edition, failures: list[Failure]) -> bool:
        """Write a dated notice of a failure; says whether there is a last good version."""
        folder = self.draft.keep_last_good(edition.slug)
        old = self.draft.old.get(edition.slug, {})
        html = self.renderer.notice(
            site=self.plan.site,
            edition=edition,
            failures=failures,
            last_good=folder,
            old=old,
            day=day_in_words(time.strftime("%Y-%m-%d", time.gmtime())),
            version=version(),
        )
        self.draft.write(f"{edition.slug}/index.html", html)
        record = self._record(edition, KEPT if folder else MISSING)
        shown = {name: old[name] for name in ("as_of", "figures", "charts") if folder and old}
        self.draft.records[edition.slug] = record | shown | {"error": str(failures[0])}
        return bool(folder)

    def describe(self, register: dict[str, dict[str, Any]], key: str) -> None:
        """Take what is known of sources and disputes; reports laid out from now on lead to it."""
        self._register, self._key = register, key
        self._addresses = Addresses.of(register, self.plan.site["language"])

    def finish(self, vega: str, made: dict[str, Any], stays: bool = False) -> None:
        """Write what the whole site shares; `made` goes into the manifest.

        `stays` says that a page of an earlier build stays, with whatever it may lead to.
        """
        draft, plan = self.draft, self.plan
        draft.write("assets/vega.js", vega)
        for name in ("report.css", "report.js", "search.js"):
            draft.write(f"assets/{name}", asset(name))
        usage = Usage(plan, draft.records, draft.folder)
        pages_key = digest([made, self._key, usage.summary()])
        is_kept = bool(self._register) and self._carry_pages(pages_key)
        front = Front(plan, draft.records, draft.folder)
        for code in plan.languages:
            with spoken(code):
                self._write_language(code, front, usage, is_kept)
        if stays:
            draft.carry(name for name in self._published() if name not in draft.files)
        if self.plan.register:
            state = BUILT if self._register else KEPT if stays and self._published() else MISSING
            made = made | {SLUG: {"state": state, "key": self._key, "pages": pages_key}}
        self._write_manifest(made)

    def _write_language(self, code: str, front: Front, usage: Usage, is_kept: bool) -> None:
        """Write the pages of one language: front page, search, and those of the register."""
        draft, own = self.draft, self.plan.site["language"]
        record = self._register.get(code)
        top, deep = self._around(code, record, ""), self._around(code, record, "../")
        pages = RegisterPages(record, deep, self._addresses) if record else None
        index = f"search-index{'' if code == own else f'.{code}'}.js"
        render = partial(self.renderer.page, index_file=index)
        content = front.content(top, pages)
        draft.write(
            in_language("index", code, own), render("index.html.j2", file="index", **content)
        )
        draft.write(
            in_language("search", code, own), render("search.html.j2", file="search", around=top)
        )
        entries = list(list_reports(front.newest(code), draft.folder, usage.anchors))
        if pages and record:
            entries += list_register(record, code, self._addresses)
            if not is_kept:
                for name, html in pages.pages(render, usage):
                    draft.write(name, html)
        draft.write(f"assets/{index}", write_index(entries))

    def _around(self, code: str, record: dict[str, Any] | None, root: str) -> Around:
        return Around(
            site=self.plan.site,
            language=code,
            languages=self.plan.languages,
            root=root,
            as_of=record["as_of"] if record else "",
            fingerprint=self.fingerprint,
            version=version(),
            has_register=bool(record),
        )

    def _carry_pages(self, key: str) -> bool:
        """Carry the pages of the register over, if they are what would be written."""
        if self.draft.manifest.get(SLUG, {}).get("pages") != key or not self.draft.whole():
            return False
        self.draft.carry(self._published())
        return True

    def _published(self) -> list[str]:
        """Files of the published pages of sources and disputes."""
        return [name for name in self.draft.manifest.get("files", ()) if name.startswith(FOLDERS)]

    def _record(self, edition: Edition, state: str) -> dict[str, Any]:
        return {
            "slug": edition.slug,
            "title": edition.title,
            "summary": edition.summary,
            "group": edition.group,
            "notebook": edition.notebook.name,
            "parameters": edition.parameters,
            "as_of": edition.as_of,
            "figures": 0,
            "charts": 0,
            "state": state,
            "fingerprint": self.fingerprint,
        }

    def _write_manifest(self, made: dict[str, Any]) -> None:
        records = self.draft.records
        content = {
            "title": self.plan.site["title"],
            "version": version(),
            "fingerprint": self.fingerprint,
            "python": sys.version.split()[0],
            "packages": packages(),
            "editions": [records[e.slug] for e in self.plan.editions if e.slug in records],
            "files": dict(sorted(self.draft.files.items())),
            **made,
        }
        self.draft.write(MANIFEST, _json(content))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
