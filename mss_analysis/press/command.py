"""The commands `mss build` and `mss export`, once their words are parsed."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from mss_analysis.press.build import Options, build, survey
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
    if options.single_file:
        if options.dry_run or options.record or options.watch:
            raise PressError(["--single-file goes with none of --dry-run, --from and --watch."])
        return _write_single_files(options)
    site = options.site or SITE.with_name(_folder(bool(parameters), options.light))
    if options.dry_run:
        return _dry_run(options, site, parameters)
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
        light=options.light,
    )
    if options.record:
        from mss_analysis.press.replay import replay

        return replay(options.record, go)
    if options.watch:
        from mss_analysis.press.watch import give, watch

        # However it was shortened.
        words = [word for word in options.words if not "--watch".startswith(word)]
        return watch(options.editions, lambda: give(words))
    return _report(go(), options)


def export_pdf(options: argparse.Namespace) -> int:
    """Print reports as PDF; returns the command's exit code."""
    from mss_analysis.press.alone import Proof, make_alone, write_file
    from mss_analysis.press.drawing import DrawingError
    from mss_analysis.press.frame import asset
    from mss_analysis.press.paper import put_on_paper
    from mss_analysis.press.pdf import find_browser, print_page

    # Before anything is built: without a browser it would be in vain.
    find_browser()

    written: set[Path] = set()

    def keep(proof: Proof) -> None:
        path = options.output or SITE.with_name("pdf")
        path = path if path.suffix == ".pdf" else path / f"{proof.edition.slug}.pdf"
        if path in written:
            raise PressError([f"{options.report} is several reports: name a folder for them."])
        page = proof.page.read_text(encoding="utf-8")
        try:
            paper = put_on_paper(page, proof.pictures.of, asset("report.css"))
        except DrawingError as error:
            raise PressError([f"{proof.edition.slug}: {error}."]) from error
        write_file(path, print_page(paper, proof.as_of))
        written.add(path)
        print(path)

    return _tell_failures(make_alone(**_alone(options, [options.report], keep)))


def _write_single_files(options: argparse.Namespace) -> int:
    from mss_analysis.press.alone import Proof, make_alone, write_file
    from mss_analysis.press.single import enclose

    folder = options.site or SITE.with_name("single")

    def keep(proof: Proof) -> None:
        path = folder / f"{proof.edition.slug}.html"
        write_file(path, enclose(proof.page).encode())
        print(path)

    return _tell_failures(make_alone(**_alone(options, options.only, keep)))


def _alone(options: argparse.Namespace, only: list[str], keep: Any) -> dict[str, Any]:
    """What `make_alone` has to know."""
    how = Options(
        workers=getattr(options, "workers", None),
        progress=False if options.quiet else None,
        timeout=getattr(options, "timeout", None) or TIMEOUT,
    )
    return {
        "editions": options.editions,
        "only": only,
        "hand_over": keep,
        "parameters": _parameters(options.param or []),
        "cache": options.cache,
        "options": how,
    }


def _tell_failures(result: BuildResult) -> int:
    for failure in result.failures:
        print(failure, file=sys.stderr)
    return result.exit_code


def _folder(is_loose: bool, is_light: bool) -> str:
    if is_loose:
        return f"{LOOSE}-light" if is_light else LOOSE
    return "light" if is_light else SITE.name


def _report(result: BuildResult, options: argparse.Namespace) -> int:
    if options.verbose:
        print(result.timings())
    print(result.summary())
    if options.open and result.published:
        import webbrowser

        alone = len(result.editions) == 1 and result.editions[0].slug
        webbrowser.open((result.site / (alone or "") / "index.html").as_uri())
    return result.exit_code


def _dry_run(options: argparse.Namespace, site: Path, parameters: dict[str, Any]) -> int:
    given = (options.only, options.cache, options.light, parameters)
    standings = survey(options.editions, site, *given)
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
