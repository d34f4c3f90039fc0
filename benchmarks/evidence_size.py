"""Measure how reading and checking the evidence keep pace with its size.

Run ``python benchmarks/evidence_size.py`` (``--rows``, ``--sources``, ``--repeats``; ``--folder``
to keep the generated base). A base is made from the real one: its vocabularies, wordings and notes
on other days, from other documents, with other values. ``mss.load`` and a full ``mss check`` of it
are compared with the time that ``pandas.read_csv(engine="pyarrow")`` needs for nothing but the two
large files. The three take turns, so that a busy machine is as unjust to one as to another. The
peak of memory is that of a process of its own, which loads and checks. Last comes a check with one
faulty row, in a process of its own, too.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd

import mss_analysis as mss
from mss_analysis.check import check

DATA = Path(__file__).resolve().parent.parent / "data"
FACTOR, GIBIBYTES = 5, 2
PARTS = 20


def generate(folder: Path, rows: int, sources: int, seed: int = 0) -> None:
    """Write a sound base of so many more observations and sources into a folder.

    One new figure in ``PARTS`` is a part that stands beside its whole, so that the comparisons
    within a source have something to compare; in the real base it is one in 40.
    """
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    chance = np.random.default_rng(seed)
    documents = _invent_sources(sources, chance)
    _append(folder / "sources.csv", documents)
    _append(folder / "observations.csv", _invent_observations(rows, documents, chance))


def _read(table: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{table}.csv", dtype="str", keep_default_na=False)


def _append(path: Path, new: pd.DataFrame) -> None:
    new[_read(path.stem).columns].to_csv(
        path, mode="a", header=False, index=False, lineterminator="\n"
    )


def _invent_sources(count: int, chance: np.random.Generator) -> pd.DataFrame:
    new = _read("sources").sample(count, replace=True, random_state=chance, ignore_index=True)
    number = pd.Series(range(count)).astype("str").str.zfill(6)
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(chance.integers(0, 1200, count), "D")
    return new.assign(
        source_id="g" + number,
        title=new["title"] + ", no. " + number,
        type=chance.choice(_read("source_types")["type"], count),
        published=days.strftime("%Y-%m-%d"),
        url="https://example.org/documents/" + number,
        corpus="extended",
        reprint_of="",
    )


def _invent_observations(
    count: int, sources: pd.DataFrame, chance: np.random.Generator
) -> pd.DataFrame:
    # Overrides of bounds and currencies belong to their rows; what is left can be varied.
    real = _read("observations")
    real = real[(real["qualifier"] == "between") | ((real["low"] == "") & (real["high"] == ""))]
    new = real.sample(count, replace=True, random_state=chance, ignore_index=True)
    # Every source is used; the further figures fall where they fall.
    source = np.arange(count) % len(sources)
    chance.shuffle(source)
    is_part = np.arange(count) % PARTS == PARTS - 1
    whole = np.flatnonzero(is_part) - 1
    # Values are as various as rows, but for percentages and what has no parts.
    stated = pd.to_numeric(new["value"].where((new["unit"] != "percent") & (new["value"] != "")))
    varied = (stated * chance.uniform(1, 3, count)).round()
    new["value"] = new["value"].where(varied.isna(), varied.fillna(0).astype("int64").astype("str"))
    source[is_part] = source[whole]
    new.loc[is_part] = new.loc[whole].to_numpy()
    new.loc[whole, ["party", "population"]] = ""
    new.loc[is_part & (new["party"] == "") & (new["population"] == ""), "population"] = "children"
    # Each figure of a source has a day of its own, but for a part and its whole.
    turn = pd.Series(source).groupby(source).cumcount()
    turn[is_part] = turn[whole].to_numpy()
    end = pd.to_datetime(sources["published"]).take(source).reset_index(drop=True)
    end -= pd.to_timedelta(turn, unit="D")
    last, first = (day.dt.strftime("%Y-%m-%d") for day in (end, end - pd.Timedelta(90, "D")))
    is_flow = new["indicator"].map(_read("indicators").set_index("indicator")["measure"]) == "flow"
    number = pd.Series(range(count)).astype("str").str.zfill(7)
    return new.assign(
        observation_id=new["indicator"].str.replace("_", "-") + "-g" + number,
        source_id=sources["source_id"].to_numpy()[source],
        locator="p" + pd.Series(chance.integers(1, 200, count)).astype("str"),
        period_start=first.where(is_flow, ""),
        period_end=last.where(is_flow, ""),
        as_of=last.where(~is_flow, ""),
        note=new["note"] + ("; no. " + number).where(new["note"] != "", ""),
    )


def _read_bare(folder: Path) -> None:
    for table in ("observations", "sources"):
        pd.read_csv(folder / f"{table}.csv", engine="pyarrow")


def _time(work: Callable[[Path], object], folder: Path) -> float:
    start = perf_counter()
    work(folder)
    return perf_counter() - start


def _load(folder: Path) -> None:
    mss.load(data=folder)


def _check(folder: Path) -> None:
    if problems := check(folder):
        sys.exit(f"The base should be sound, and has {len(problems)} problems: {problems[0]}")


def measure(folder: Path, repeats: int) -> None:
    """Print the times, their ratio and the peak of memory."""
    works = {"read_csv": _read_bare, "load": _load, "check": _check}
    times = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(_time(work, folder))
    for name, taken in times.items():
        print(f"{name:10} {median(taken):8.3f} s (fastest {min(taken):.3f} s)")
    ratios = [
        (load + checked) / bare
        for bare, load, checked in zip(*(times[name] for name in works), strict=True)
    ]
    print(f"(load + check) / read_csv: {median(ratios):.2f}")
    _, gibibytes = _run_alone("evidence = mss.load(data=folder); check(folder)", folder)
    print(f"peak of memory: {gibibytes:.2f} GiB")


def measure_fault(folder: Path) -> None:
    """Print what a check takes when one row has too few cells."""
    path = folder / "observations.csv"
    sound = path.stat().st_size
    with path.open("ab") as stream:
        stream.write(b"lost\n")
    try:
        seconds, gibibytes = _run_alone("assert len(check(folder)) == 1", folder)
    finally:
        os.truncate(path, sound)
    print(f"check with a faulty row: {seconds:.1f} s, {gibibytes:.2f} GiB")


def _run_alone(work: str, folder: Path) -> tuple[float, float]:
    """Do something in a process of its own: seconds, and the peak of its memory."""
    command = (
        "import resource, sys; from time import perf_counter; import mss_analysis as mss; "
        "from mss_analysis.check import check; folder, start = sys.argv[1], perf_counter(); "
        f"{work}; seconds = perf_counter() - start; "
        "print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 2**30)"
    )
    told = subprocess.run(
        [sys.executable, "-c", command, str(folder)], check=True, capture_output=True, text=True
    )
    seconds, gibibytes = map(float, told.stdout.split())
    return seconds, gibibytes


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="observations to add")
    parser.add_argument("--sources", type=int, default=50_000, help="sources to add")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each measurement")
    parser.add_argument("--folder", type=Path, help="where to write the base, and leave it")
    options = parser.parse_args()
    print("evidence base")
    measure(DATA, options.repeats)
    with TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        generate(folder, options.rows, options.sources)
        print(f"{options.rows:,} observations and {options.sources:,} sources more")
        print(f"(wanted: a ratio of no more than {FACTOR}, less than {GIBIBYTES} GiB)")
        measure(folder, options.repeats)
        measure_fault(folder)


if __name__ == "__main__":
    main()
