"""Whatever happens to a build, readers have a complete site, and the next build goes on."""

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from workshop import code, edition, gone, processes_with, text

from mss_analysis.press import build, pool, swap
from mss_analysis.press.lock import Lock
from mss_analysis.press.plan import PressError

# 12 in the normal run; `MSS_KILLS=100` for the whole drill.
KILLS = int(os.environ.get("MSS_KILLS", "12"))
SEED = 20240602


def assert_whole(site):
    """Every file is as the manifest says, and there is no other."""
    listed = json.loads((site / "manifest.json").read_text())["files"]
    found = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file() and path != site / "manifest.json"
    }
    assert found == listed


def start(works, *words, **options):
    command = [sys.executable, "-m", "mss_analysis.cli", "build", "--editions", works.list]
    command += ["--site", works.site, *words]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **(quiet | options))


def test_killed_at_any_moment_the_site_is_whole(works):
    """SIGKILL at random moments of builds that each have something new to publish."""
    draw = random.Random(SEED)
    works.notebook("good")
    works.notebook("other")
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), edition("other"))
    assert build(works.list, works.site).exit_code == 0
    began = time.monotonic()
    (works.root / "data" / "a.csv").write_text("a\nfirst\n")
    assert start(works).wait() == 0
    whole = time.monotonic() - began
    marker = f"MSS_DRILL={works.root}"
    finished = 0
    for number in range(KILLS):
        (works.root / "data" / "a.csv").write_text(f"a\n{number}\n")
        process = start(works, env=os.environ | {"MSS_DRILL": str(works.root)})
        try:
            # Half of the kills fall on the end, where the site is written and swapped.
            share = draw.random() if number % 2 else draw.uniform(0.7, 1.1)
            finished += process.wait(whole * share) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert_whole(works.site)
        assert gone(marker), processes_with(marker)
    assert finished < KILLS
    result = build(works.list, works.site)
    assert result.exit_code == 0
    assert_whole(works.site)
    left = {path.name for path in works.site.parent.iterdir()}
    assert left <= {"site", ".cache", "editions.yml"}


def test_a_killed_build_goes_on_where_it_was(works):
    works.notebook("quick", [text("# Q"), code("print('q')")])
    gate = works.root / "gate"
    wait = f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)"
    works.notebook("waits", [text("# W"), code(wait)])
    works.plan(edition("quick"), edition("waits"))
    process = start(works)
    until = time.monotonic() + 60
    while not list(works.cache.glob("results/*/[0-9a-f]*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not works.site.exists()
    gate.touch()
    result = build(works.list, works.site)
    assert sorted(result.times) == ["waits"]
    assert [e.slug for e in result.editions] == ["quick", "waits"]


def test_a_build_with_nothing_to_do_sweeps_up_after_killed_ones(works):
    works.notebook("good")
    works.plan(edition("good"))
    build(works.list, works.site)
    draft, lock = (works.site.with_name(f".site.{name}") for name in ("draft-killed", "lock"))
    draft.mkdir()
    assert build(works.list, works.site).unchanged == ["good"]
    assert not draft.exists()
    # A build killed right after it published leaves nothing but its lock.
    lock.write_text(json.dumps({"process": 999_999, "machine": "gone", "since": "2024"}))
    assert build(works.list, works.site).unchanged == ["good"]
    assert not lock.exists()
    assert_whole(works.site)


def test_a_build_with_nothing_to_do_waits_for_nobody(works):
    works.notebook("good")
    works.plan(edition("good"))
    build(works.list, works.site)
    with Lock(works.site):
        assert build(works.list, works.site).unchanged == ["good"]
        assert works.site.with_name(".site.lock").exists()


def test_ctrl_c_ends_everything_at_once(works):
    works.notebook("long", [text("# L"), code("import time\ntime.sleep(60)")])
    works.plan(edition("long"))
    process = start(works, env=os.environ | {"MSS_DRILL": str(works.root)})
    until = time.monotonic() + 60
    while len(processes_with(f"MSS_DRILL={works.root}")) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert time.monotonic() - began < 5
    assert gone(f"MSS_DRILL={works.root}")
    assert "nothing was published" in process.stderr.read()
    assert not works.site.exists()


def test_a_second_build_waits_or_says_who_is_first(works):
    works.notebook("good")
    works.plan(edition("good"))
    with Lock(works.site):
        second = start(works, "--no-wait")
        _, said = second.communicate()
        assert second.returncode == 2
        assert f"process {os.getpid()} on" in said
        waiting = start(works)
        assert "waiting for another build" in waiting.stderr.readline()
    assert waiting.wait() == 0


def test_the_lock_of_a_dead_build_is_no_lock(works):
    works.notebook("good")
    works.plan(edition("good"))
    note = {"process": 999_999, "machine": "gone", "since": "2024"}
    works.site.with_name(".site.lock").write_text(json.dumps(note))
    assert build(works.list, works.site, patience=0).exit_code == 0


@pytest.fixture
def small_disk(works):
    """A disk of 2 MB for the site; only root can make one."""
    place = works.root / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_the_site_as_it_was(works, small_disk):
    works.notebook("good")
    works.plan(edition("good"))
    site = small_disk / "site"
    assert build(works.list, site).exit_code == 0
    works.notebook("good", [text("# Big"), code("print('lamps ' * 200_000)")])
    with pytest.raises(OSError, match="No space left") as caught:
        build(works.list, site)
    assert caught.value.errno == errno.ENOSPC
    assert_whole(site)
    assert [path.name for path in small_disk.iterdir()] == ["site"]


def test_a_full_disk_by_a_failing_write(works, monkeypatch):
    """The same for those who cannot mount: a write fails in the middle of the draft."""
    works.notebook("good")
    works.plan(edition("good"))
    assert build(works.list, works.site).exit_code == 0
    works.notebook("good", [text("# New"), code("print('new')")])
    write = Path.write_bytes

    def fail(path, content):
        if path.name == "report.css":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space left"):
        build(works.list, works.site)
    monkeypatch.undo()
    assert_whole(works.site)
    result = build(works.list, works.site)
    assert result.times == {}
    assert "# New" not in (works.site / "good" / "index.html").read_text()


def test_a_read_only_place_is_said_in_a_sentence(works, small_disk):
    works.notebook("good")
    works.plan(edition("good"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    works.site = small_disk / "site"
    process = start(works)
    _, said = process.communicate()
    assert process.returncode == 2
    assert "Read-only file system" in said
    assert len(said.strip().splitlines()) == 1


def test_a_notebook_deleted_in_mid_build(works):
    """What was read at the start is built; the next build says that it is gone."""
    path = works.root / "notebooks" / "good.ipynb"
    works.notebook("good", [text("# G"), code(f"import os; os.remove({str(path)!r}); print('g')")])
    works.plan(edition("good"))
    assert build(works.list, works.site).exit_code == 0
    result = build(works.list, works.site)
    assert "good.ipynb cannot be read" in str(result.failures[0])
    assert not result.published
    assert_whole(works.site)


def test_strict_publishes_all_or_nothing(works):
    works.notebook("good")
    works.notebook("bad", [text("# B"), code("1 / 0")])
    works.plan(edition("good"), edition("bad"))
    result = build(works.list, works.site, strict=True)
    assert result.exit_code == 1
    assert "not every report succeeded" in result.summary()
    assert not works.site.exists()


def test_a_cell_that_ignores_its_time_limit_is_killed(works):
    stubborn = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
    works.notebook("stubborn", [text("# S"), code(stubborn + "time.sleep(60)")])
    catching = (
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except Exception: pass"
    )
    works.notebook("catching", [text("# C"), code(catching)])
    works.plan(edition("stubborn"), edition("catching"))
    began = time.monotonic()
    result = build(works.list, works.site, timeout=1)
    assert time.monotonic() - began < 40
    assert {str(failure) for failure in result.failures} == {
        "stubborn, cell 2: the cell ran longer than 1 s",
        "catching, cell 2: the cell ran longer than 1 s",
    }


@pytest.mark.parametrize(
    "end",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import os; os._exit(0)",
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (2**31, 2**31)); x = bytearray(2**33)",
    ],
    ids=["segfault", "exit", "memory"],
)
def test_a_kernel_that_dies_costs_its_own_report(works, end):
    works.notebook("dies", [text("# D"), code(end)])
    works.notebook("good")
    works.plan(edition("dies"), edition("good"))
    result = build(works.list, works.site)
    assert [e.slug for e in result.editions] == ["good"]
    assert result.failures[0].edition == "dies"
    assert result.failures[0].cell == 2


def test_swap_without_a_system_that_exchanges(tmp_path, monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    draft, target = tmp_path / ".site.draft-1", tmp_path / "site"
    for folder in (draft, target):
        folder.mkdir()
        (folder / "name").write_text(folder.name)
    swap.swap(draft, target)
    assert (target / "name").read_text() == ".site.draft-1"
    assert (draft / "name").read_text() == "site"


def test_a_site_lost_between_two_renames_comes_back(works):
    works.notebook("good")
    works.plan(edition("good"))
    build(works.list, works.site)
    works.site.rename(works.site.with_name(".site.retired-x"))
    assert build(works.list, works.site).times == {}
    assert_whole(works.site)


def test_parameters_are_checked_before_anything_starts(works, monkeypatch):
    declared = (
        'corpus = "seed"  # Which: "seed" or "full"\nday = "latest"  # an ISO date, or "latest"'
    )
    declared += '\nyear = 2024  # Year\nfactor = 1.0\ngrade = "F"  # From "A" (best) to "F" (all)'
    works.notebook("good", [text("# G"), code(declared, "parameters")])
    wrong = {
        "corpsu": "full",
        "corpus": "sead",
        "day": "2024-13-01",
        "year": "2024",
        "factor": "two",
        "grade": "G",
    }
    right = {"corpus": "full", "day": "2024-12-01", "year": 2023, "factor": 2, "grade": "B"}
    for name, value in (wrong | {"right": ""}).items():
        given = right if name == "right" else {name: value}
        works.plan(edition("good", parameters=given))
        monkeypatch.setattr(pool, "run", lambda job, watch: pytest.fail("it was run"))
        if name == "right":
            monkeypatch.undo()
            assert build(works.list, works.site).exit_code == 0
            continue
        (failure,) = build(works.list, works.site).failures
        sentence = {
            "corpsu": "no parameter corpsu (did you mean corpus?)",
            "corpus": 'must be "seed" or "full", not \'sead\'',
            "day": "must be \"latest\" or an ISO date, not '2024-13-01'",
            "year": "must be a whole number, not '2024'",
            "factor": "must be a number, not 'two'",
            "grade": "\"F\", not 'G'",
        }[name]
        assert sentence in failure.error


def refuse(values, folder):
    """As a plan's judge does."""
    return [f"{folder.name}: low is above high"] if values["low"] > values["high"] else []


def test_parameters_that_cannot_go_together_are_refused_too(works, monkeypatch):
    """The judge that the list names is asked about given values and defaults, once each fits."""
    monkeypatch.setattr(pool, "run", lambda job, watch: pytest.fail("it was run"))
    works.notebook("good", [text("# G"), code("low = 1\nhigh = 2", "parameters")])

    def plan(judge, **parameters):
        works.plan(edition("good", parameters=parameters))
        works.list.write_text(works.list.read_text() + f"judge: {judge}\n")

    plan(f"{__name__}:refuse", low=3)
    (failure,) = build(works.list, works.site).failures
    assert str(failure) == "good: good.ipynb: notebooks: low is above high"
    plan(f"{__name__}:refuse", low="three")
    (failure,) = build(works.list, works.site).failures
    assert "low must be a whole number" in failure.error
    for judge, sentence in {
        "nowhere:refuse": "cannot be found",
        f"{__name__}:nothing": "cannot be found",
        "refuse": "must name a function",
    }.items():
        plan(judge)
        with pytest.raises(PressError, match=sentence):
            build(works.list, works.site)


def test_what_a_judge_cannot_judge_is_run(works):
    works.notebook("good", [text("# G"), code("low = None", "parameters")])
    works.plan(edition("good"))
    works.list.write_text(works.list.read_text() + f"judge: {__name__}:refuse\n")
    assert build(works.list, works.site).exit_code == 0


def test_somebody_elses_folder_stays(works):
    works.notebook("good")
    works.plan(edition("good"))
    works.site.mkdir()
    (works.site / "manifest.json").write_text('{"editions": 3}')
    with pytest.raises(PressError, match="not replaced"):
        build(works.list, works.site)
