"""The same inputs give the same bytes, anywhere and at any time; a record can be checked."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from workshop import Works, code, edition, gone, good_cells, text

from mss_analysis.press import build
from mss_analysis.press.draft import MANIFEST

# Time and version may differ between two builds; nothing else does.
OWN = ("seconds", "cells")
ODD = """
import os, random, tempfile, time, uuid
print({chr(97 + n) for n in range(20)})
print(os.environ["TZ"], time.tzname)
object()
"""


def bytes_of(site):
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def record_of(site):
    content = json.loads((site / MANIFEST).read_text())
    for entry in content["editions"]:
        for name in OWN:
            entry.pop(name, None)
    return content


def furnish(works):
    chart = "import altair as alt, pandas as pd\n"
    chart += "alt.Chart(pd.DataFrame({'a': [1], 'b': [2]})).mark_point().encode(x='a:Q', y='b:Q')"
    works.notebook("good", [*good_cells(), code(ODD), code(chart, "remove")])
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), front="good")
    return works


@pytest.fixture
def two(tmp_path):
    """The same works in two folders, built cold, with other workers and another zone."""
    for name in ("a", "elsewhere"):
        (tmp_path / name).mkdir()
    first, second = (furnish(Works(tmp_path / name)) for name in ("a", "elsewhere"))
    # Cells made by nbformat have random ids: the second notebook is a copy.
    shutil.copy(first.root / "notebooks" / "good.ipynb", second.root / "notebooks")
    return first, second


def test_two_cold_builds_are_equal_to_the_byte(two, monkeypatch):
    first, second = two
    assert build(first.list, first.site, workers=1).exit_code == 0
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("LC_ALL", "C")
    assert build(second.list, second.site, workers=2).exit_code == 0
    assert bytes_of(first.site) == bytes_of(second.site)
    assert record_of(first.site) == record_of(second.site)
    for path in first.site.rglob("*"):
        assert path.is_dir() or str(first.root).encode() not in path.read_bytes()


def test_the_executed_notebook_alone_gives_the_lone_page(two, tmp_path):
    """By the command, from the entry point: the bytes of the exporter within the press."""
    first, _ = two
    build(first.list, first.site)
    source = first.site / "good" / "good.ipynb"
    nbformat.validate(nbformat.read(source, as_version=4))
    alone = tmp_path / "alone" / "good.ipynb"
    alone.parent.mkdir()
    shutil.copy(source, alone)
    command = [sys.executable, "-m", "nbconvert", "--to", "mss_report", str(alone)]
    subprocess.run(command, check=True, capture_output=True)
    from mss_analysis.press.exporter import ReportExporter

    within, _ = ReportExporter().from_filename(str(alone))
    assert alone.with_suffix(".html").read_text() == within
    # The body of the page within the site is the same, around it stands the site's frame.
    article = (first.site / "good" / "index.html").read_text().partition("<article>")[2]
    article = article.partition("</article>")[0]
    assert "How many lamps" in article
    changed = article.replace('href="lamps.csv" download="good-lamps.csv"', "")
    assert changed.split("</figcaption>")[0] in within


def mss(works, *words):
    command = [sys.executable, "-m", "mss_analysis.cli", "build", "--editions", works.list, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_record_is_rebuilt_and_compared(two):
    works, _ = two
    build(works.list, works.site)
    done = mss(works, "--from", works.site / MANIFEST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good-2024-07-01: agrees to the byte" in done.stdout
    assert "All recorded reports agree." in done.stdout
    before = bytes_of(works.site)

    works.notebook("good", [text("# Other words"), code("as_of = ''", "parameters")])
    done = mss(works, "--from", works.site / MANIFEST)
    assert done.returncode == 1
    assert "good: 4 of 4 differ" in done.stdout or "differ" in done.stdout
    assert bytes_of(works.site) == before

    (works.root / "data" / "a.csv").write_text("a\n9\n")
    done = mss(works, "--from", works.site / MANIFEST)
    assert "The data differs from the record." in done.stdout


def test_a_record_of_other_parameters_and_failures_is_rebuilt_as_it_was(two):
    works, _ = two
    works.notebook("bad", [text("# B"), code("1 / 0")])
    works.plan(edition("good"), edition("bad"))
    loose = works.root / "loose"
    given = {"parameters": {"as_of": "2024-11-30"}, "only": ["good"]}
    assert build(works.list, loose, **given).exit_code == 0
    assert build(works.list, works.site).exit_code == 1
    for site in (loose, works.site):
        done = mss(works, "--from", site / MANIFEST, "--strict")
        assert "good: agrees to the byte\nAll recorded" in done.stdout
        assert done.returncode == 0


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"files": {}, "editions": []}'])
def test_what_is_no_record_is_said_to_be_none(two, tmp_path, content):
    (tmp_path / "m.json").write_text(content)
    done = mss(two[0], "--from", tmp_path / "m.json")
    assert done.returncode == 2
    assert "is no manifest.json of a site" in done.stderr


def test_one_report_with_another_parameter_is_no_part_of_the_site(two, monkeypatch):
    works, _ = two
    build(works.list, works.site)
    before = bytes_of(works.site)
    site = Path("reports/.loose")
    works.root.joinpath("work").mkdir()
    monkeypatch.chdir(works.root)
    done = mss(works, "good-2024-07-01", "--param", "as_of=2024-11-30", "--verbose")
    assert done.returncode == 0, done.stderr
    assert "good-2024-07-01: cell 2" in done.stderr
    assert "Slowest cells:" in done.stdout
    page = (works.root / site / "good-2024-07-01" / "index.html").read_text()
    assert "as_of = 2024-11-30" in page
    assert bytes_of(works.site) == before
    done = mss(works, "good-2024-07-01", "--param", "as_of=2024-11-30", "--dry-run")
    assert done.stdout.splitlines()[-1] == "1 of 1 are fresh; nothing was built"
    done = mss(works, "good-2024-07-01", "--param", "as_of=2024-11-29", "--dry-run")
    assert "parameter as_of changed" in done.stdout
    assert mss(works, "--param", "as_of=2024-11-30").returncode == 2
    assert mss(works, "good", "--param", "nonsense").returncode == 2


def test_a_slug_with_a_parameter_is_that_report_alone(two):
    """Though its notebook, which other editions share, has the same name."""
    works, _ = two
    result = build(works.list, works.site, ["good"], parameters={"as_of": "2024-11-30"})
    assert [each.slug for each in result.editions] == ["good"]


def test_one_file_is_not_written_where_nothing_is_to_be(two):
    works, _ = two
    done = mss(works, "--single-file", "--dry-run", "--site", works.root / "single")
    assert done.returncode == 2
    assert not (works.root / "single").exists()


WATCHED = """
def judge(values, folder):
    return {}
"""


def test_watching_reads_the_library_anew(two):
    """What the press itself imports may be what was saved."""
    works, _ = two
    works.list.write_text(works.list.read_text() + "judge: judging:judge\n")
    judging = works.root / "judging.py"
    judging.write_text(WATCHED.format([]))
    process = start_watching(works)
    # Else it would be listened to without end.
    limit = threading.Timer(120, process.kill)
    limit.start()
    try:
        assert hear(process, "Watching")
        judging.write_text(WATCHED.format(["of a new law"]))
        (works.root / "data" / "a.csv").write_text("a\n7\n")
        assert hear(process, "of a new law")
        assert hear(process, "stays as it was")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 1)
        assert "nothing was published" not in process.stdout.read()
    finally:
        limit.cancel()
        process.kill()
        process.communicate()
    assert gone(f"MSS_DRILL={works.root}")


def start_watching(works):
    command = [sys.executable, "-m", "mss_analysis.cli", "build", "--watch"]
    command += ["--editions", works.list, "--site", works.site]
    own = {"PYTHONPATH": str(works.root), "MSS_DRILL": str(works.root), "PYTHONUNBUFFERED": "1"}
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=os.environ | own, **output)


def hear(process, words):
    """Whether a process says something before it ends."""
    return any(words in line for line in process.stdout)


def test_watching_builds_again_when_a_file_is_saved(two, capsys):
    from mss_analysis.press import watch as watching

    works, _ = two
    data, built = works.root / "data" / "a.csv", []

    def once():
        built.append(data.read_text())
        if len(built) == 1:
            data.write_text("a\n5\n\n")
        return 0

    assert watching.watch(works.list, once, beats=3) == 0
    assert built[0] == "a\n1\n"
    capsys.readouterr()
    data.write_text("a\n6\n\n\n")
    built.clear()

    def broken():
        built.append(1)
        works.list.write_text("site: [" if len(built) == 1 else works.list.read_text())
        from mss_analysis.press.plan import read_plan

        read_plan(works.list)
        return 0

    assert watching.watch(works.list, broken, beats=1) == 2
    assert "not valid YAML" in capsys.readouterr().out
