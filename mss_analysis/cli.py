"""The ``mss`` command: thin edges over the library and the press."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

OK, FAULTY, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 all is well, 1 problems were found, 2 the call can't be carried out."""
    words = sys.argv[1:] if arguments is None else [*arguments]
    options = _build_parser(words).parse_args(words, argparse.Namespace(words=words))
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("mss: interrupted; nothing was published", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except Exception as error:
        print(f"mss: {error if _is_for_people(error) else _explain(error)}", file=sys.stderr)
        return UNUSABLE


def _build_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser of the named command, or of all: setting up the others would take milliseconds."""
    parser = argparse.ArgumentParser(
        prog="mss",
        description="Evidence on the Multinational Security Support mission in Haiti.",
        epilog="Exit codes: 0 all is well, 1 problems were found, 2 the call can't be carried out.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    named = [name for name in words[:1] if name in COMMANDS] or COMMANDS
    for name in named:
        summary, add_options = COMMANDS[name]
        add_options(commands.add_parser(name, help=summary))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder of the tables (default: the project's)")
    parser.set_defaults(run=_check)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", type=Path, required=True, metavar="DIR", help="folder with <source_id>.txt"
    )
    parser.add_argument("--data", type=Path, help="folder of the tables")
    parser.set_defaults(run=_verify)


def _add_trace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="id of an observation, event, passage or finding")
    _add_view(parser)
    parser.set_defaults(run=_trace)


def _add_contradictions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table")
    _add_view(parser)
    parser.set_defaults(run=_contradictions)


def _add_changes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="earlier", required=True, metavar="DAY", help="ISO date")
    parser.add_argument("--to", dest="later", default="latest", metavar="DAY", help="ISO date")
    parser.add_argument("--corpus", default="full", help="seed or full (default)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--data", type=Path, help="folder of the tables")
    parser.set_defaults(run=_changes)


def _add_qda(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(required=True, metavar="WAY")
    outward = ways.add_parser("export", help="write passages as .qdpx, or their codes as .qdc")
    outward.add_argument("file", type=Path, metavar="FILE", help="ends in .qdpx or .qdc")
    _add_view(outward)
    outward.set_defaults(run=_export_qda)
    inward = ways.add_parser("import", help="read passages of a .qdpx, or risks of a .qdc")
    inward.add_argument("file", type=Path, metavar="FILE", help="ends in .qdpx or .qdc")
    inward.add_argument("--out", type=Path, required=True, metavar="CSV", help="new file to write")
    inward.add_argument("--data", type=Path, help="folder of the tables")
    inward.set_defaults(run=_import_qda)


def _add_build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="*", metavar="EDITION", help="slugs (default: all editions)")
    parser.add_argument("--editions", type=Path, default=Path("reports/editions.yml"))
    parser.add_argument("--site", type=Path, help="(default: reports/site)")
    parser.add_argument("--cache", type=Path, help="finished results (default: beside the list)")
    parser.add_argument(
        "--workers", type=_positive, help="reports built at a time (default: cores)"
    )
    parser.add_argument("--timeout", type=_positive, metavar="S", help="seconds a cell may take")
    parser.add_argument("--param", action="append", metavar="NAME=VALUE", help="another value")
    parser.add_argument("--strict", action="store_true", help="publish only if all succeed")
    parser.add_argument("--dry-run", action="store_true", help="say what would be built, and why")
    parser.add_argument("--watch", action="store_true", help="build again whenever a file is saved")
    parser.add_argument("--open", action="store_true", help="open the result in a browser")
    parser.add_argument(
        "--from",
        dest="record",
        type=Path,
        metavar="MANIFEST",
        help="rebuild what a manifest.json records, and compare the bytes",
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="run on the cluster of this scheduler")
    parser.add_argument("--no-wait", action="store_true", help="give up if another build runs")
    parser.add_argument("--verbose", action="store_true", help="tell of each cell, and of times")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--light",
        action="store_true",
        help="the light edition: no scripts, pages under 300 kB (in reports/light)",
    )
    form.add_argument(
        "--single-file",
        action="store_true",
        help="a file for each report, with everything inside (in reports/single)",
    )
    parser.set_defaults(run=_build)


def _add_export(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    pdf = kinds.add_parser("pdf", help="tagged, with bookmarks; needs Chromium, Chrome or Edge")
    pdf.add_argument("report", metavar="EDITION", help="slug, or notebook for all its editions")
    pdf.add_argument("--editions", type=Path, default=Path("reports/editions.yml"))
    pdf.add_argument("--output", type=Path, help="file, or folder (default: reports/pdf)")
    pdf.add_argument("--cache", type=Path, help="finished results (default: beside the list)")
    pdf.add_argument("--param", action="append", metavar="NAME=VALUE", help="another value")
    pdf.add_argument("--quiet", action="store_true", help="no progress bar")
    pdf.set_defaults(run=_export_pdf)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _add_view(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", default="latest", help="ISO date or latest (default)")
    parser.add_argument("--corpus", default="full", help="seed or full (default)")
    parser.add_argument(
        "--min-grade", default="F", help="worst source to admit, A (best) to F (all, default)"
    )
    parser.add_argument("--data", type=Path, help="folder of the tables")


def _check(options: argparse.Namespace) -> int:
    from mss_analysis.check import check
    from mss_analysis.schema import locate_data

    folder = options.data or locate_data()
    problems = check(folder)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems in {folder}", file=sys.stderr)
        return FAULTY
    print(f"No problems in {folder}")
    return OK


def _verify(options: argparse.Namespace) -> int:
    from mss_analysis.verify import verify
    from mss_analysis.vintage import load

    if not options.corpus.is_dir():
        print(f"mss: there is no folder {options.corpus}", file=sys.stderr)
        return UNUSABLE
    result = verify(load(data=options.data), options.corpus)
    for fault in result.faults:
        print(fault)
    found = result.checked - len(result.faults)
    print(f"{found} of {result.checked} seed observations stand where they are said to stand")
    return FAULTY if result.faults else OK


def _trace(options: argparse.Namespace) -> int:
    from mss_analysis.trace import trace
    from mss_analysis.vintage import load

    evidence = load(options.as_of, options.corpus, data=options.data, min_grade=options.min_grade)
    print("\n".join(trace(evidence, options.id)))
    return OK


def _contradictions(options: argparse.Namespace) -> int:
    from mss_analysis.contradictions import find_conflicts
    from mss_analysis.vintage import load

    evidence = load(options.as_of, options.corpus, data=options.data, min_grade=options.min_grade)
    conflicts = find_conflicts(evidence)
    if options.format == "json":
        return _print_json(conflicts)
    for conflict in conflicts:
        print(f"{conflict.severity} ({conflict.kind}) {conflict.id}")
        print(f"  {conflict.sentence.plain}")
        print(f"  {conflict.note}")
    print(f"{len(conflicts)} conflicts known on {evidence.as_of.isoformat()}")
    return OK


def _changes(options: argparse.Namespace) -> int:
    from mss_analysis.changes import find_changes
    from mss_analysis.vintage import load

    earlier = load(options.earlier, options.corpus, data=options.data)
    later = load(options.later, options.corpus, data=options.data)
    changes = find_changes(earlier, later)
    if options.format == "json":
        return _print_json(changes)
    for change in changes:
        moved = f" (moved {', '.join(change.moved)})" if change.moved else ""
        print(f"{change.kind} {change.observation}{moved}\n  {change.sentence.plain}")
    print(f"{len(changes)} changes from {earlier.as_of} to {later.as_of}")
    return OK


def _print_json(entries: Sequence[Any]) -> int:
    print(json.dumps([entry.to_dict() for entry in entries], indent=2, ensure_ascii=False))
    return OK


def _export_qda(options: argparse.Namespace) -> int:
    from mss_analysis.risks.refi_qda import export_passages
    from mss_analysis.vintage import load

    evidence = load(options.as_of, options.corpus, data=options.data)
    count = export_passages(evidence, options.file)
    things = "codes" if options.file.suffix == ".qdc" else "passages"
    print(f"{count} {things} known on {evidence.as_of.isoformat()} written to {options.file}")
    return OK


def _import_qda(options: argparse.Namespace) -> int:
    from mss_analysis.risks.refi_import import import_codes, import_passages
    from mss_analysis.vintage import load

    if options.out.exists():
        print(f"mss: {options.out} is there already; name a new file", file=sys.stderr)
        return UNUSABLE
    risks = load(data=options.data).risks
    titles = dict(zip(risks["risk_id"], risks["title"], strict=True))
    if options.file.suffix == ".qdc":
        rows, problems = import_codes(options.file, titles), []
    else:
        found = import_passages(options.file, titles)
        rows, problems = found.rows, found.problems
    rows.to_csv(options.out, index=False, lineterminator="\n")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(rows)} rows written to {options.out}")
    return FAULTY if problems else OK


def _export_pdf(options: argparse.Namespace) -> int:
    _refuse_other_data(options)
    from mss_analysis.press import command

    return command.export_pdf(options)


def _build(options: argparse.Namespace) -> int:
    _refuse_other_data(options)
    from mss_analysis.press import command

    return command.run(options)


def _refuse_other_data(options: argparse.Namespace) -> None:
    if override := os.environ.get("MSS_DATA"):
        from mss_analysis.evidence import ParameterError

        # The pages carry the fingerprint of the inputs that the edition list names.
        raise ParameterError(
            f"MSS_DATA is set to {override}, but reports are built from the inputs that "
            f"{options.editions} names; unset it, or name the folder there."
        )


def _explain(error: Exception) -> str:
    """Say in a sentence what nobody foresaw; unsound evidence is the usual reason."""
    words = str(error).partition("\n")[0]
    return (
        f"this can't be carried out ({type(error).__name__}: {words}). "
        "Run `mss check`; if it finds no problem, please report this as an error of the program."
    )


def _is_for_people(error: Exception) -> bool:
    """Whether an error's message is meant for whoever typed the command."""
    from mss_analysis.evidence import ParameterError
    from mss_analysis.press.plan import PressError
    from mss_analysis.schema import EvidenceError

    return isinstance(error, EvidenceError | ParameterError | PressError | OSError)


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("validate the evidence: every problem in one run", _add_check),
    "verify": ("look up each figure in the paragraph it is said to stand in", _add_verify),
    "trace": ("lead from a figure to its sources, from a finding to its inputs", _add_trace),
    "contradictions": ("list figures that are at odds", _add_contradictions),
    "changes": ("list what changed between two vintages", _add_changes),
    "qda": ("exchange coded passages with NVivo, ATLAS.ti, MAXQDA, QualCoder (REFI-QDA)", _add_qda),
    "build": ("build the editions into a site", _add_build),
    "export": ("print a report as PDF", _add_export),
}


if __name__ == "__main__":
    sys.exit(main())
