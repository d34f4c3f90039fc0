"""Render the reports of a site, and lay them out with its front page and manifest."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from mss_analysis.press.citation import day_in_words
from mss_analysis.press.draft import MANIFEST, Draft
from mss_analysis.press.execute import Failure
from mss_analysis.press.exporter import ReportExporter
from mss_analysis.press.frame import asset, site_frame, vega_bundle, version
from mss_analysis.press.page import Page
from mss_analysis.press.plan import LATEST, Edition, Plan

BUILT, KEPT, MISSING = "built", "kept", "missing"


@dataclass(frozen=True)
class Report:
    """A rendered report with what is published beside it."""

    html: str
    notebook: str
    page: Page
    as_of: str


def render(
    draft: Draft, plan: Plan, pages: dict[str, tuple[Page, str]], fingerprint: str
) -> tuple[dict[str, Report], list[Failure]]:
    """Render pages, given by slug with their executed notebooks as text.

    A page that cannot be rendered becomes a failure; the others are then rendered anew,
    since none may lead to it.
    """
    exporter = ReportExporter()
    pages, failures = dict(pages), []
    while True:
        available = [e for e in plan.editions if e.slug in pages or draft.had(e.slug)]
        reports = {}
        for edition in plan.editions:
            if edition.slug not in pages:
                continue
            page, notebook = pages[edition.slug]
            try:
                frame = site_frame(edition, page, plan, available, fingerprint)
                html = exporter.render(page, frame)
            except Exception as error:
                text = f"the page cannot be rendered ({type(error).__name__}: {error})"
                failures.append(Failure(edition.slug, text))
                del pages[edition.slug]
                break
            reports[edition.slug] = Report(html, notebook, page, frame.as_of)
        else:
            return reports, failures


def lay_out(
    draft: Draft, plan: Plan, reports: dict[str, Report], failed: set[str], fingerprint: str
) -> None:
    """Write every file of the site into the draft.

    Failed editions are kept from the published site where it has them; so is what was not
    asked for.
    """
    for edition in plan.editions:
        if edition.slug in reports:
            _write_report(draft, edition, reports[edition.slug], fingerprint)
        elif draft.had(edition.slug):
            state = KEPT if edition.slug in failed else draft.old[edition.slug]["state"]
            draft.keep(edition, state)
        elif edition.slug in failed:
            draft.records[edition.slug] = _record(edition, MISSING, "")
    draft.write("assets/vega.js", vega_bundle())
    for name in ("report.css", "report.js"):
        draft.write(f"assets/{name}", asset(name))
    draft.write("index.html", _front_page(draft, plan, fingerprint))
    _write_manifest(draft, plan, fingerprint)


def _write_report(draft: Draft, edition: Edition, report: Report, fingerprint: str) -> None:
    slug, page = edition.slug, report.page
    draft.write(f"{slug}/index.html", report.html)
    draft.write(f"{slug}/{edition.notebook.stem}.ipynb", report.notebook)
    findings = {
        "report": page.title or edition.title,
        "parameters": edition.parameters,
        "findings": page.findings,
    }
    draft.write(f"{slug}/findings.json", _json(findings))
    for exhibit in page.exhibits:
        if exhibit.csv:
            draft.write(f"{slug}/{exhibit.id}.csv", exhibit.csv)
    draft.records[slug] = _record(edition, BUILT, fingerprint) | {
        "as_of": report.as_of,
        "figures": page.figures,
        "charts": sum(bool(exhibit.spec) for exhibit in page.exhibits),
    }


def _record(edition: Edition, state: str, fingerprint: str) -> dict[str, Any]:
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
        "fingerprint": fingerprint,
    }


def _front_page(draft: Draft, plan: Plan, fingerprint: str) -> str:
    shown = [(e, draft.records[e.slug]) for e in plan.editions if e.slug in draft.records]
    days = sorted({e.as_of for e, _ in shown if e.as_of != LATEST}, reverse=True)
    latest = [record for e, record in shown if e.as_of == LATEST]
    front = draft.records.get(plan.site["front"], {"state": MISSING})
    return ReportExporter().render_index(
        site=plan.site,
        front=front,
        findings=_front_findings(draft, plan.site["front"]),
        latest=latest,
        earlier=[
            (day_in_words(day), [record for e, record in shown if e.as_of == day]) for day in days
        ],
        records=draft.records,
        fingerprint=fingerprint,
        version=version(),
    )


def _front_findings(draft: Draft, slug: str) -> list[str]:
    """Headline sentences of one report, whose links lead into that report."""
    path = draft.folder / slug / "findings.json"
    if not slug or not path.is_file():
        return []
    findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return [
        re.sub(r"""(href\s*=\s*["'])#""", rf"\g<1>{slug}/index.html#", finding["html"])
        for finding in findings
        if finding.get("headline") and finding.get("html")
    ]


def _write_manifest(draft: Draft, plan: Plan, fingerprint: str) -> None:
    files = sorted(path for path in draft.folder.rglob("*") if path.is_file())
    content = {
        "title": plan.site["title"],
        "version": version(),
        "fingerprint": fingerprint,
        "editions": [draft.records[e.slug] for e in plan.editions if e.slug in draft.records],
        "files": {
            path.relative_to(draft.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }
    draft.write(MANIFEST, _json(content))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
