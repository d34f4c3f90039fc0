"""The `mss build` command, once its words are parsed."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from mss_analysis.press.build import build, survey
from mss_analysis.press.job import TIMEOUT
from mss_analysis.press.plan import PressError, plain
from mss_analysis.press.status import FRESH
from mss_analysis.press.summary import BuildResult

SITE = Path("reports/site")
# Reports with other parameters than the list's are looked at, and are no part of the site.
LOOSE = ".loose"


def run(options: argparse.Namespace) -> int:
    """Carry the command out; returns its exit code."""
    parameters = _parameters(options.param or [])
    if parameters and not options.only:
        raise PressError(["--param changes the reports that you name; name one."])
    site = options.site or (SITE.with_name(LOOSE) if parameters else SITE)
    if options.dry_run:
        return _dry_run(options, site)
    go = partial(
        build,
        editions=options.editions,
        site=site,
        only=options.only,
        workers=options.workers,
        progress=False if options.quiet else None,
        timeout=options.timeout or TIMEOUT,
        cache=options.cache,
        strict=options.strict,
        parameters=parameters,
        verbose=options.verbose,
        dask=options.dask or "",
        patience=0 if options.no_wait else None,
    )
    if options.record:
        from mss_analysis.press.replay import replay

        return replay(options.record, go)
    if options.watch:
        from mss_analysis.press.watch import watch

        return watch(options.editions, lambda: _report(go(), options))
    return _report(go(), options)


def _report(result: BuildResult, options: argparse.Namespace) -> int:
    if options.verbose:
        print(result.timings())
    print(result.summary())
    if options.open and result.published:
        import webbrowser

        alone = len(result.editions) == 1 and result.editions[0].slug
        webbrowser.open((result.site / (alone or "") / "index.html").as_uri())
    return result.exit_code


def _dry_run(options: argparse.Namespace, site: Path) -> int:
    standings = survey(options.editions, site, options.only, options.cache)
    for standing in standings:
        print(standing)
    fresh = sum(standing.state == FRESH for standing in standings)
    print(f"{fresh} of {len(standings)} are fresh; nothing was built")
    return 0


def _parameters(texts: list[str]) -> dict[str, Any]:
    """Values as the edition list would read them: `year=2024` is a number."""
    if not texts:
        return {}
    from mss_analysis.press.yamlfile import read_value

    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise PressError([f"--param {text} is not of the form NAME=VALUE."])
        found[name] = plain(read_value(value))
    return found
