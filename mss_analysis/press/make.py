"""The heavy half of a build: run what must be run, lay the site out, publish it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mss_analysis.press import parameters, pool
from mss_analysis.press.ingredients import digest
from mss_analysis.press.job import Failure, Job, Outcome
from mss_analysis.press.progress import Progress
from mss_analysis.press.register import SLUG, unpack, write_notebook
from mss_analysis.press.status import FRESH, Standing
from mss_analysis.press.vega import Vega

if TYPE_CHECKING:
    from mss_analysis.press.build import Options, Workshop
    from mss_analysis.press.site import Layout
    from mss_analysis.press.summary import BuildResult


class Make:
    """One build of a site, from a workshop that was opened under the site's lock."""

    def __init__(self, shop: Workshop, options: Options, result: BuildResult) -> None:
        """Nothing happens yet."""
        self.shop, self.options, self.result = shop, options, result
        self.standings = {standing.edition.slug: standing for standing in shop.standings}
        if shop.register:
            # Whatever is built, the front page needs it.
            held = shop.cache.has(shop.register.key)
            self.standings = {SLUG: shop.register._replace(must_run=not held)} | self.standings
        self.failures: dict[str, list[Failure]] = {}
        self.code = digest(shop.ingredients.code)
        self.judge = parameters.find_judge(shop.plan.judge)
        # Read by the warm parent too: editions share their notebook's words.
        asked = {str(standing.edition.notebook) for standing in shop.standings}
        self.notebooks = tuple(sorted(asked))

    def run(self) -> None:
        """Build, and publish unless nothing can be published."""
        vega = Vega(self.shop.cache)
        jobs = [job for job in map(self._job, self.standings.values()) if job]
        with (
            vega,
            self.shop.draft as draft,
            Progress(len(jobs), self.options) as progress,
            self._pool(len(jobs)) as self.pool,
        ):
            outcomes = self._outcomes(jobs, progress)
            # Imported while the first children run.
            from mss_analysis.press.site import Layout

            fingerprint = self.shop.plan.fingerprint()
            layout = Layout(draft, self.shop.plan, {*self.standings}, fingerprint)
            self._lay_out(layout, outcomes)
            self.result.failures = [f for group in self.failures.values() for f in group]
            self.result.refused = self.options.strict and bool(self.failures)
            if self.result.refused or not self.result.editions:
                return
            self._give_notice(layout)
            made = {"look": self.shop.look, "code": self.code}
            layout.finish(vega.text(), made, stays=self._stays(layout))
            draft.publish()
        self.result.published = True
        self.shop.cache.sweep({standing.key for standing in self.standings.values()})

    def _job(self, standing: Standing) -> Job | None:
        """What has to be run for an edition, unless it need not or cannot."""
        edition = standing.edition
        if not standing.must_run:
            return None
        if edition.slug == SLUG:
            return self._register_job()
        source = self.shop.ingredients.notebook(edition.notebook)
        name = edition.notebook.name
        problem = f"{name} cannot be read" if source is None else ""
        folder = edition.notebook.parent
        if source and (wrong := parameters.check(source, edition.parameters, folder, self.judge)):
            problem = f"{name}: {wrong}"
        if problem or source is None:
            self.failures[edition.slug] = [Failure(edition.slug, problem)]
            return None
        return Job(
            edition.slug,
            name,
            source.decode(errors="replace"),
            str(folder),
            edition.parameters,
            self.options.timeout,
            self.shop.plan.warm + self.notebooks,
            code=self.code,
        )

    def _register_job(self) -> Job:
        plan = self.shop.plan
        folder, warm = str(self.shop.draft.target.parent), plan.warm + self.notebooks
        notebook = write_notebook(plan)
        return Job(SLUG, SLUG, notebook, folder, {}, self.options.timeout, warm, code=self.code)

    @contextmanager
    def _pool(self, jobs: int) -> Iterator[pool.Pool]:
        """Where jobs are run: here, or on the cluster that was asked for."""
        if self.options.dask and jobs:
            from mss_analysis.press.cluster import connect
            from mss_analysis.press.parcel import pack

            parcel = pack(self.shop.plan)
            with connect(self.options.dask, parcel) as executor, pool.Pool(executor) as there:
                yield there
        else:
            workers = min(self.options.workers or os.cpu_count() or 1, jobs or 1)
            with pool.Pool(workers=workers) as here:
                yield here

    def _outcomes(self, jobs: list[Job], progress: Progress) -> Iterator[Outcome]:
        """Start the jobs at once; yields outcomes as they come."""
        running = self.pool.run_all(jobs, progress.cell)

        def each() -> Iterator[Outcome]:
            for outcome in running:
                progress.done(outcome)
                self._take_in(outcome)
                yield outcome

        return each()

    def _take_in(self, outcome: Outcome) -> None:
        """Keep an outcome for the next build, if it was made from what it seems to be."""
        standing = self.standings[outcome.slug]
        self.result.times[outcome.slug] = outcome.seconds
        self.result.cells |= {(outcome.slug, number): s for number, s in outcome.cells}
        if not outcome.failures and not self.result.changed:
            self.result.changed = self.shop.ingredients.changed()
            if not self.result.changed:
                self.shop.cache.put(standing.key, outcome)

    def _lay_out(self, layout: Layout, outcomes: Iterator[Outcome]) -> None:
        """Write the reports: those that stay, those at hand, and those that are run."""
        built = set()
        for edition in self.shop.plan.editions:
            standing = self.standings.get(edition.slug)
            if standing is None:
                if layout.draft.had(edition.slug):
                    layout.keep(edition)
            elif standing.state == FRESH:
                layout.keep(edition)
                built.add(edition.slug)
                self.result.unchanged.append(edition.slug)
        for outcome in self._after_register(layout, self._at_hand(outcomes)):
            if outcome.failures or not self._write(layout, outcome):
                self.failures.setdefault(outcome.slug, [*outcome.failures])
            else:
                built.add(outcome.slug)
        self.result.editions = [s.edition for s in self.shop.standings if s.edition.slug in built]
        order = [*self.standings]
        self.failures = dict(sorted(self.failures.items(), key=lambda item: order.index(item[0])))

    def _after_register(self, layout: Layout, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """Take the register in first: which pages a report may lead to depends on it."""
        held: list[Outcome] = []
        waits = SLUG in self.standings
        for outcome in outcomes:
            if outcome.slug == SLUG:
                waits = False
                self._describe(layout, outcome)
            else:
                held.append(outcome)
            if not waits:
                yield from held
                held.clear()
        yield from held

    def _describe(self, layout: Layout, outcome: Outcome) -> None:
        standing = self.standings[SLUG]
        try:
            if not outcome.failures:
                key = "" if self.result.changed else standing.key
                layout.around.describe(unpack(outcome.result), key)
                self.shop.cache.remember(standing.key, standing.parts)
        except (ValueError, KeyError, TypeError) as error:
            outcome = Outcome(SLUG, failures=(Failure(SLUG, f"it cannot be read ({error})"),))
        if outcome.failures:
            self.failures[SLUG] = [*outcome.failures]

    def _stays(self, layout: Layout) -> bool:
        """Whether a page of an earlier build stays, which may lead to pages that are no more."""
        asked = {standing.edition.slug for standing in self.shop.standings}
        others = layout.draft.records.keys() - asked
        return bool(others or self.result.kept or SLUG in self.failures)

    def _at_hand(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """Outcomes from the cache, then those of jobs; a damaged entry is run after all."""
        damaged = []
        for slug, standing in self.standings.items():
            if (slug == SLUG or standing.state != FRESH) and not standing.must_run:
                outcome = self.shop.cache.get(standing.key)
                if outcome:
                    yield outcome
                else:
                    damaged.append(standing._replace(must_run=True))
        yield from outcomes
        if damaged:
            jobs = [job for job in map(self._job, damaged) if job]
            for outcome in self.pool.run_all(jobs):
                self._take_in(outcome)
                yield outcome

    def _write(self, layout: Layout, outcome: Outcome) -> bool:
        from mss_analysis.press.page import unpack as unpack_page

        standing = self.standings[outcome.slug]
        made = {"key": "" if self.result.changed else standing.key, "code": self.code}
        try:
            layout.report(standing.edition, *unpack_page(outcome.result), outcome, made)
        except OSError:
            # The disk is full or cannot be written: no fault of the report.
            raise
        except Exception as error:
            text = f"the page cannot be rendered ({type(error).__name__}: {error})"
            self.failures[outcome.slug] = [Failure(outcome.slug, text)]
            return False
        self.shop.cache.remember(standing.key, standing.parts)
        return True

    def _give_notice(self, layout: Layout) -> None:
        for slug, failures in self.failures.items():
            if slug != SLUG and layout.notice(self.standings[slug].edition, failures):
                self.result.kept.append(slug)
        self.result.kept.sort()
