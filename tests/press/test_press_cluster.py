"""The same jobs on a real cluster of processes, of which one is killed on the way."""

import os
import signal
import threading
import time

import pytest
from workshop import code, edition, text

from mss_analysis.press import build
from mss_analysis.press.plan import PressError

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


def test_nobody_at_the_address(works):
    works.notebook("good")
    works.plan(edition("good"))
    with pytest.raises(PressError, match="No Dask scheduler answers at tcp"):
        build(works.list, works.site, dask="tcp://127.0.0.1:1")
