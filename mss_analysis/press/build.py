"""Build a site: plan, see what is stale, execute, render, publish.

This module imports nothing heavy: a build that finds nothing to do ends before papermill or
pandas would be imported.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.press.cache import Cache
from mss_analysis.press.draft import Draft, find_remains, sweep
from mss_analysis.press.ingredients import Ingredients, digest, look_of
from mss_analysis.press.job import TIMEOUT
from mss_analysis.press.plan import Plan, PressError, read_plan
from mss_analysis.press.register import earlier
from mss_analysis.press.status import FRESH, Standing, look, look_at_register
from mss_analysis.press.summary import BuildResult


class Options(NamedTuple):
    """How to build; see `build`."""

    workers: int | None = None
    progress: bool | None = None
    timeout: float = TIMEOUT
    strict: bool = False
    verbose: bool = False
    dask: str = ""
    patience: float | None = None


class Workshop(NamedTuple):
    """All that a build works with, read and looked at, and nothing done yet."""

    plan: Plan
    ingredients: Ingredients
    cache: Cache
    draft: Draft
    look: str
    standings: list[Standing]
    register: Standing | None = None


def build(
    editions: Path,
    site: Path,
    only: Iterable[str] = (),
    workers: int | None = None,
    progress: bool | None = None,
    timeout: float = TIMEOUT,
    cache: Path | None = None,
    strict: bool = False,
    parameters: dict[str, Any] | None = None,
    verbose: bool = False,
    dask: str = "",
    patience: float | None = None,
    light: bool = False,
    recorded: dict[str, dict[str, Any]] | None = None,
) -> BuildResult:
    """Build the editions of a list into a site; what is unchanged is not executed again.

    `only` names slugs or notebooks; `workers` are reports at a time (default: one a
    processor); `progress` shows a bar (default: on a terminal); `timeout` is for one cell, in
    seconds; `cache` is the folder of finished results (default: `.cache` beside the list);
    `strict` publishes nothing unless all succeed; `parameters` replace those of the list;
    `verbose` tells of each cell; `dask` is a scheduler's address; `patience` is for another
    build of the site, in seconds (default: without end); `light` makes the light edition;
    `recorded` holds parameters by slug, to build those reports alone and as they were.
    Raises PressError when the list has problems, when `site` is somebody else's folder, or
    when patience ends. A failing edition raises nothing: it is in the result's failures.
    """
    started = time.monotonic()
    arguments = (Path(editions), Path(site), tuple(only), cache, parameters or {}, light, recorded)
    shop = open_shop(*arguments)
    result = BuildResult(shop.draft.target)
    if nothing_to_do(shop):
        if find_remains(result.site):
            from mss_analysis.press.lock import Lock

            # What a running build keeps there is not in the way, and it tidies up by itself.
            with suppress(PressError), Lock(result.site, patience=0):
                sweep(result.site)
        result.editions = [standing.edition for standing in shop.standings]
        result.unchanged = [edition.slug for edition in result.editions]
        result.published = True
    else:
        from mss_analysis.press.lock import Lock
        from mss_analysis.press.make import Make

        options = Options(workers, progress, timeout, strict, verbose, dask, patience)
        with Lock(result.site, patience):
            # Another build may have ended while this one waited for it.
            Make(open_shop(*arguments), options, result).run()
    result.seconds = time.monotonic() - started
    return result


def survey(
    editions: Path,
    site: Path,
    only: Iterable[str] = (),
    cache: Path | None = None,
    light: bool = False,
    parameters: dict[str, Any] | None = None,
) -> list[Standing]:
    """How each edition and the register stand, with the reason; nothing is built."""
    shop = open_shop(Path(editions), Path(site), tuple(only), cache, parameters or {}, light)
    return shop.standings + ([shop.register] if shop.register else [])


def open_shop(
    editions: Path,
    site: Path,
    only: tuple[str, ...],
    cache: Path | None,
    parameters: dict[str, Any],
    light: bool = False,
    recorded: dict[str, dict[str, Any]] | None = None,
) -> Workshop:
    """Read the list and all that its reports are made from, and look at what is published."""
    folder = (cache or editions.resolve().parent / ".cache").resolve()
    plan = read_plan(editions, folder / "lists")
    if recorded:
        plan = _vary(plan, plan.as_recorded(recorded))
    elif parameters:
        plan = _vary(plan, plan.with_parameters(only, parameters))
    selected = plan.select(only)
    ingredients = Ingredients(plan, folder / "lists")
    store = Cache(folder)
    draft, layout = Draft(site), look_of(plan)
    if light:
        from mss_analysis.press.light import LightDraft
        from mss_analysis.press.pictures import Pictures

        draft, layout = LightDraft(site, Pictures(store)), digest(["light", layout])
    register = look_at_register(plan, ingredients, store, draft, layout)
    standings = look(selected, ingredients, store, draft, layout, register)
    return Workshop(plan, ingredients, store, draft, layout, standings, register)


def _vary(plan: Plan, varied: Plan) -> Plan:
    """The plan of some editions with other parameters, and with the whole site's register."""
    if plan.register is None:
        return varied
    # Asked for as the whole site asks, so that its result serves here too.
    languages = list(dict.fromkeys([*plan.languages, *varied.languages]))
    asked = {"languages": languages, "since": earlier(plan)} | plan.register.parameters
    return varied._replace(register=plan.register._replace(parameters=asked))


def nothing_to_do(shop: Workshop) -> bool:
    """Whether the published site is what a build would make."""
    listed = [record["slug"] for record in shop.draft.manifest.get("editions", [])]
    standings = shop.standings + ([shop.register] if shop.register else [])
    return all(standing.state == FRESH for standing in standings) and set(listed) <= {
        edition.slug for edition in shop.plan.editions
    }
