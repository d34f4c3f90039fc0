"""Only what changed is run again, and the reasons are said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from workshop import code, edition, text

from mss_analysis.press import build
from mss_analysis.press import ingredients as made_of
from mss_analysis.press.build import survey

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def three(works):
    """Two vintages of one notebook, and another; built."""
    works.notebook("good")
    works.notebook("other")
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), edition("other"))
    assert build(works.list, works.site).exit_code == 0
    return works


def states(works):
    return {s.edition.slug: (s.state, s.reason) for s in survey(works.list, works.site)}


def ran(result):
    return sorted(result.times)


def test_what_is_unchanged_is_not_run(three):
    stamp = (three.site / "index.html").stat().st_mtime_ns
    result = build(three.list, three.site)
    assert ran(result) == []
    assert result.exit_code == 0
    assert "All 3 reports are up to date" in result.summary()
    assert (three.site / "index.html").stat().st_mtime_ns == stamp
    assert set(states(three).values()) == {("fresh", "")}


def test_each_ingredient_makes_stale_what_it_goes_into(three, monkeypatch):
    notebook = three.root / "notebooks" / "good.ipynb"
    notebook.write_text(notebook.read_text().replace("Some words", "Some other words"))
    assert states(three) == {
        "good": ("stale", "good.ipynb changed"),
        "good-2024-07-01": ("stale", "good.ipynb changed"),
        "other": ("fresh", ""),
    }
    result = build(three.list, three.site)
    assert ran(result) == ["good", "good-2024-07-01"]
    assert result.unchanged == ["other"]

    (three.root / "data" / "a.csv").write_text("a\n2\n")
    assert set(states(three).values()) == {("stale", "data/a.csv changed")}
    assert len(ran(build(three.list, three.site))) == 3

    three.plan(
        edition("good", vintages=["latest", "2024-08-01"]),
        edition("other", parameters={"corpus": "full"}),
    )
    found = states(three)
    assert found["good-2024-08-01"] == ("missing", "never built")
    assert found["other"] == ("stale", "parameter corpus is new")
    # Navigation lists every edition, so pages are laid out anew without being run.
    assert found["good"] == ("stale", "the edition list or a template changed")
    result = build(three.list, three.site)
    assert ran(result) == ["good-2024-08-01", "other"]
    assert not (three.site / "good-2024-07-01").exists()

    monkeypatch.setattr(made_of, "packages", lambda: {"pandas": "99"})
    assert states(three)["good"] == ("stale", "installed packages changed")


def test_library_and_lock_are_ingredients(works):
    works.notebook("good")
    works.plan(edition("good"))
    parts = made_of.Ingredients(made_of_plan(works)).of(made_of_plan(works).editions[0])
    assert "code requirements.lock" in parts
    assert "code mss_analysis/casualties/__init__.py" in parts
    assert "code mss_analysis/press/shell.py" in parts
    assert "code mss_analysis/locale/fr/core.po" in parts
    assert "code Python" in parts
    before = dict(parts)
    parts["code mss_analysis/press/shell.py"] = "x"
    assert made_of.differences(before, parts) == ["mss_analysis/press/shell.py changed"]


def test_a_file_is_read_again_when_the_system_says_it_was_touched(tmp_path, monkeypatch):
    table, memory = tmp_path / "table.csv", tmp_path / "memory"
    table.write_text("a", encoding="utf-8")
    files = [("table", str(table))]
    read = []
    monkeypatch.setattr(made_of, "_hash", lambda path: read.append(path) or str(len(read)))

    def look():
        return made_of._hash_files(files, {"table": made_of._state(table)}, memory)["table"]

    # Just written, it may be written again before the clock of the file system moves on.
    assert [look(), look()] == ["1", "2"]
    monkeypatch.setattr(made_of, "TICK", -1)
    assert [look(), look(), look()] == ["3", "3", "3"]
    stood = table.stat()
    table.write_text("b", encoding="utf-8")
    os.utime(table, ns=(stood.st_atime_ns, stood.st_mtime_ns))
    assert look() == "4"
    for kept in memory.iterdir():
        kept.write_text("{}", encoding="utf-8")
    assert look() == "5"


def made_of_plan(works):
    from mss_analysis.press.plan import read_plan

    return read_plan(works.list)


def test_a_file_that_a_parameter_names_is_an_ingredient(works):
    cells = [text("# G"), code('table = ""', "parameters"), code("print(open(table).read())")]
    works.notebook("good", cells)
    table = works.root / "notebooks" / "own.csv"
    table.write_text("lamp\n")
    works.plan(edition("good", parameters={"table": "own.csv"}))
    build(works.list, works.site)
    assert states(works) == {"good": ("fresh", "")}
    table.write_text("lamps\n")
    assert states(works) == {"good": ("stale", "own.csv changed")}


def test_a_change_in_mid_build_is_not_kept_for_the_next(works):
    data = works.root / "data" / "a.csv"
    works.notebook("good", [text("# G"), code(f"open({str(data)!r}, 'w').write('a\\n3\\n');")])
    works.plan(edition("good"))
    result = build(works.list, works.site)
    assert result.changed == ["data/a.csv"]
    assert "build again: data/a.csv" in result.summary()
    assert states(works)["good"][0] == "stale"


def test_a_look_at_other_parameters_changes_no_reason(three):
    build(three.list, three.root / "loose", ["good"], parameters={"as_of": "2024-11-30"})
    (three.root / "data" / "a.csv").write_text("a\n2\n")
    assert set(states(three).values()) == {("stale", "data/a.csv changed")}


def test_a_file_that_a_parameter_names_is_watched(works):
    works.notebook("good", [text("# G"), code('table = ""', "parameters")])
    table = works.root / "notebooks" / "own.csv"
    table.write_text("lamp\n")
    works.plan(edition("good", parameters={"table": "own.csv"}))
    assert table in made_of.watched(made_of_plan(works))


def test_a_lost_cache_costs_nothing_that_is_published(three):
    for path in three.cache.rglob("*"):
        if path.is_file() and "assets" not in path.parts:
            path.unlink()
    assert ran(build(three.list, three.site)) == []
    (three.site / "good" / "index.html").unlink()
    assert ran(build(three.list, three.site)) == ["good", "good-2024-07-01", "other"]


def test_a_damaged_entry_is_found_and_run_again(three):
    for path in three.cache.glob("results/*/*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    before = (three.site / "good" / "index.html").read_bytes()
    (three.site / "good" / "index.html").unlink()
    result = build(three.list, three.site)
    assert len(ran(result)) == 3
    assert result.exit_code == 0
    assert (three.site / "good" / "index.html").read_bytes() == before


def test_a_damaged_chart_library_is_made_anew(works):
    """It would be published with every page, and draw no chart."""
    works.notebook("good")
    works.plan(edition("good"))
    build(works.list, works.site)
    whole = (works.site / "assets" / "vega.js").read_bytes()
    (kept,) = works.cache.glob("assets/*")
    kept.write_bytes(kept.read_bytes()[:1000])
    (works.root / "data" / "a.csv").write_text("a\n2\n")
    assert build(works.list, works.site).exit_code == 0
    assert (works.site / "assets" / "vega.js").read_bytes() == whole


def test_dry_run_lists_and_builds_nothing(three):
    (three.root / "data" / "a.csv").write_text("a\n2\n")
    before = (three.site / "manifest.json").read_bytes()
    done = mss(three, "--dry-run")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["stale", "good", "data/a.csv", "changed"]
    assert lines[-1] == "0 of 3 are fresh; nothing was built"
    assert (three.site / "manifest.json").read_bytes() == before


def mss(works, *words):
    command = [sys.executable, "-m", "mss_analysis.cli", "build", "--editions", works.list]
    command += ["--site", works.site, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nothing_to_do_imports_and_reads_next_to_nothing(three):
    """What it costs is its imports and the files it reads; the time is benchmarks/idle.py's."""
    program = f"""
import json, sys
before, read = set(sys.modules), []
sys.addaudithook(lambda event, found: event == "open" and read.append(str(found[0])))
from mss_analysis.cli import main
code = main(["build", "--editions", {str(three.list)!r}, "--site", {str(three.site)!r}])
print(json.dumps([sorted(set(sys.modules) - before), read]))
sys.exit(code)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout
    modules, read = json.loads(done.stdout.splitlines()[-1])
    tops = {name.partition(".")[0] for name in modules}
    assert tops - sys.stdlib_module_names == {"mss_analysis"}
    heavy = {"asyncio", "concurrent", "dataclasses", "http", "inspect", "logging"}
    heavy |= {"multiprocessing", "socket", "subprocess", "tempfile", "unittest", "xml"}
    assert not tops & heavy
    built = [three.site, three.cache]
    read_of_built = {path for path in read if any(Path(path).is_relative_to(b) for b in built)}
    lists = str(three.cache / "lists")
    assert {path for path in read_of_built if not path.startswith(lists)} == {
        str(three.site / "manifest.json")
    }


def test_the_record_says_what_a_report_was_made_from(three):
    manifest = json.loads((three.site / "manifest.json").read_text())
    record = manifest["editions"][0]
    assert record["parameters"] == {"as_of": "latest"}
    assert len(record["key"]) == len(record["code"]) == len(manifest["fingerprint"]) == 64
    assert record["seconds"] > 0
    assert record["cells"]["2"] >= 0
    assert manifest["packages"]["papermill"]
    assert str(three.root) not in json.dumps(manifest)
    assert os.sep not in record["notebook"]
