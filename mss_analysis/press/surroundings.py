"""The pages around the reports of a site: written once all reports are laid out."""

from __future__ import annotations

from functools import partial
from typing import Any

from mss_analysis.language import spoken
from mss_analysis.press.addresses import SOURCES, Addresses, in_language, is_around
from mss_analysis.press.around import Around
from mss_analysis.press.draft import BUILT, KEPT, MISSING, Draft
from mss_analysis.press.frame import Frame, version
from mss_analysis.press.front import Front
from mss_analysis.press.ingredients import digest
from mss_analysis.press.page import Page, mark_disputes
from mss_analysis.press.plan import Edition, Plan
from mss_analysis.press.register import SLUG, Record, standing
from mss_analysis.press.registerpages import RegisterPages
from mss_analysis.press.render import Renderer
from mss_analysis.press.searchindex import list_register, list_reports, write_index
from mss_analysis.press.usage import Usage


class Surroundings:
    """Writes front pages, searches, and a page for each source and dispute, in each language."""

    def __init__(self, draft: Draft, plan: Plan, renderer: Renderer, fingerprint: str) -> None:
        """Until the register is known, the published pages of sources and disputes will do."""
        self.draft, self.plan, self.renderer = draft, plan, renderer
        self.fingerprint = fingerprint
        self.own = plan.site["language"]
        self.key = ""
        self._register: dict[str, Record] = {}
        self._published = [name for name in draft.manifest.get("files", ()) if is_around(name)]
        self._addresses = Addresses(self._published if plan.register else (), self.own)

    def describe(self, register: dict[str, Record], key: str) -> None:
        """Take what is known of sources and disputes; reports laid out from now on lead to it."""
        self._register, self.key = register, key
        self._addresses = Addresses.of(register, self.own)

    def lead_on(self, frame: Frame, page: Page, edition: Edition) -> None:
        """Let a report lead to the pages around it, and mark what is disputed on it."""
        language = self.plan.language_of(edition)
        around = self._around(language, "../")
        with spoken(language):
            known = self._register.get(language, {})
            mark_disputes(page, standing(known, edition, frame.as_of))
            frame.around = around.ways()
        frame.home = around.to("index")
        frame.source_pages = {
            name: address
            for name in page.sources
            if (address := self._addresses.source(name, language))
        }
        disputes = (d for row in page.observations.values() for d in row.get("disputes") or ())
        frame.contradiction_pages = {
            dispute["id"]: address
            for dispute in disputes
            if (address := self._addresses.dispute(dispute["id"], language))
        }

    def write(self, made: dict[str, Any], stays: bool) -> dict[str, Any]:
        """Write all pages; returns what the manifest keeps of them.

        `made` tells the code and the layout; `stays` that a page of an earlier build stays, with
        whatever it may lead to.
        """
        usage = Usage(self.plan, self.draft.records, self.draft.folder)
        key = digest([made, self.key, usage.summary()])
        is_kept = bool(self._register) and self._carry(key)
        front = Front(self.plan, self.draft.records, self.draft.folder)
        for code in self.plan.languages:
            with spoken(code):
                self._write_language(code, front, usage, is_kept)
        if stays:
            self.draft.carry(name for name in self._published if name not in self.draft.files)
        if self.plan.register is None:
            return {}
        state = BUILT if self._register else KEPT if stays and self._published else MISSING
        # Pages of which some are old are not to be carried over by the next build.
        return {SLUG: {"state": state, "key": self.key, "pages": "" if stays else key}}

    def _write_language(self, code: str, front: Front, usage: Usage, is_kept: bool) -> None:
        draft, record = self.draft, self._register.get(code)
        top, deep = self._around(code, ""), self._around(code, "../")
        pages = RegisterPages(record, deep, self._addresses) if record else None
        index = f"search-index{'' if code == self.own else f'.{code}'}.js"
        render = partial(self.renderer.page, index_file=index)
        contents = {"index": front.content(top, pages), "search": {"around": top}}
        for name, content in contents.items():
            html = render(f"{name}.html.j2", file=name, place=name, **content)
            draft.write(in_language(name, code, self.own), html)
        entries = list(list_reports(front.newest(code), draft.folder, usage.anchors))
        if pages and record:
            entries += list_register(record, code, self._addresses)
            for name, html in () if is_kept else pages.pages(render, usage):
                draft.write(name, html)
        draft.write(f"assets/{index}", write_index(entries))

    def _around(self, code: str, root: str) -> Around:
        record = self._register.get(code)
        lists = f"{SOURCES}/{in_language('index', code, self.own)}"
        kept = () if self._register or self.plan.register is None else self._published
        return Around(
            site=self.plan.site,
            language=code,
            languages=self.plan.languages,
            root=root,
            as_of=record["as_of"] if record else "",
            fingerprint=self.fingerprint,
            version=version(),
            has_register=bool(record) or lists in kept,
        )

    def _carry(self, key: str) -> bool:
        """Carry the published pages over, if they are what would be written."""
        if self.draft.manifest.get(SLUG, {}).get("pages") != key or not self.draft.whole():
            return False
        self.draft.carry(self._published)
        return True
