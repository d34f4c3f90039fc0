"""The same jobs on a real cluster of processes, of which one is killed on the way."""

import os
import signal
import threading
import time

import pytest
from workshop import code, edition, text

from mss_analysis.press import build, parcel, pool
from mss_analysis.press.ingredients import code_here, digest
from mss_analysis.press.job import Job
from mss_analysis.press.plan import PressError, read_plan

if os.environ.get("CI") != "true":
    pytest.importorskip("distributed")


@pytest.fixture
def cluster():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


def bytes_of(site):
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_a_cluster_gives_the_same_bytes_though_a_worker_dies(works, cluster, tmp_path):
    works.notebook("good")
    works.notebook("slow", [text("# S"), code("import time; time.sleep(3); print('slept')")])
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), edition("slow"))
    assert build(works.list, works.site).exit_code == 0

    def kill_one():
        time.sleep(2)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    other = tmp_path / "other" / "site"
    result = build(works.list, other, cache=tmp_path / "cache", dask=cluster.scheduler_address)
    killer.join()
    assert result.exit_code == 0, result.summary()
    assert len(result.times) == 3
    assert bytes_of(other) == bytes_of(works.site)


def test_a_worker_gets_the_data_and_the_files_that_parameters_name(works, tmp_path):
    rows_too = (
        "import os; print('found by a variable:', open(os.environ['LAMPS'] + '/rows.csv').read())"
    )
    read = f"print(open('../data/rows.csv').read(), open(table).read())\n{rows_too}"
    works.notebook("reads", [text("# R"), code("table = ''", "parameters"), code(read)])
    rows, table = works.root / "data" / "rows.csv", works.root / "notebooks" / "own.csv"
    rows.parent.mkdir(exist_ok=True)
    rows.write_text("rows that came along")
    table.write_text("a table that came along")
    works.plan(edition("reads", parameters={"table": "own.csv"}))
    works.list.write_text(works.list.read_text() + "variables: {LAMPS: ../data}\n")
    plan = read_plan(works.list)
    files = parcel.pack(plan)
    source = plan.editions[0].notebook
    job = Job("reads", source.name, source.read_text(), str(source.parent), {"table": "own.csv"})
    rows.unlink()
    table.unlink()
    files.unpack()
    try:
        here = job._replace(code=digest(code_here()))
        outcome = parcel.run(here, files.name)
        other = parcel.run(job._replace(code="older"), files.name)
    finally:
        files.discard()
    assert outcome.failures == ()
    assert b"rows that came along" in outcome.result
    assert b"found by a variable: rows" in outcome.result
    assert b"a table that came along" in outcome.result
    assert "another library" in other.failures[0].error


def test_a_warm_parent_of_an_older_library_is_not_asked_again():
    first = pool.parent(("colorsys",), "older")
    assert pool.parent(("colorsys",), "older") is first
    assert pool.parent(("colorsys",), "newer") is not first
    assert not first.alive


def test_nobody_at_the_address(works):
    works.notebook("good")
    works.plan(edition("good"))
    with pytest.raises(PressError, match="No Dask scheduler answers at tcp"):
        build(works.list, works.site, dask="tcp://127.0.0.1:1")
