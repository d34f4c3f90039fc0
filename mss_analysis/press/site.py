"""Lay out a site: reports, notices of those that failed, front page and manifest."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from mss_analysis.press.draft import BUILT, KEPT, MANIFEST, MISSING, Draft
from mss_analysis.press.frame import CARD, CARD_FILE, asset, site_frame, version
from mss_analysis.press.ingredients import packages
from mss_analysis.press.job import Failure, Outcome
from mss_analysis.press.page import Page
from mss_analysis.press.plan import Edition, Plan
from mss_analysis.press.register import SLUG
from mss_analysis.press.render import Renderer
from mss_analysis.press.surroundings import Surroundings


class Layout:
    """Writes the files of a site into a draft, one edition at a time.

    Every edition that is asked for gets a page, a report or a notice, so links between pages
    hold however the others fare.
    """

    def __init__(self, draft: Draft, plan: Plan, asked: set[str], fingerprint: str) -> None:
        """`asked` are the slugs to be built now; others are linked where they are published."""
        self.draft, self.plan, self.fingerprint = draft, plan, fingerprint
        self.available = [e for e in plan.editions if e.slug in asked or draft.had(e.slug)]
        self.renderer = Renderer()
        self.around = Surroundings(draft, plan, self.renderer, fingerprint)

    def report(
        self, edition: Edition, page: Page, notebook: str, outcome: Outcome, made: dict[str, str]
    ) -> None:
        """Write a report with its downloads; `made` says what it was made from."""
        slug, draft = edition.slug, self.draft
        frame = site_frame(edition, page, self.plan, self.available, self.fingerprint)
        self.around.lead_on(frame, page, edition)
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
            SLUG: self.around.key,
            **made,
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
            day=time.strftime("%Y-%m-%d", time.gmtime()),
            version=version(),
        )
        self.draft.write(f"{edition.slug}/index.html", html)
        record = self._record(edition, KEPT if folder else MISSING)
        shown = {name: old[name] for name in ("as_of", "figures", "charts") if folder and old}
        self.draft.records[edition.slug] = record | shown | {"error": str(failures[0])}
        return bool(folder)

    def finish(self, vega: str, made: dict[str, Any], stays: bool = False) -> None:
        """Write what the whole site shares; `made` goes into the manifest.

        `stays` says that a page of an earlier build stays.
        """
        self.draft.write("assets/vega.js", vega)
        for name in ("report.css", "report.js", "front.css", "search.js"):
            self.draft.write(f"assets/{name}", asset(name))
        self.draft.write(CARD, CARD_FILE.read_bytes())
        self._write_manifest(made | self.around.write(made, stays))

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
