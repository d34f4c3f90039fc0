"""The same jobs on a cluster: `mss build --dask ADDRESS`, with the extra `dask` installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from mss_analysis.press import parcel
from mss_analysis.press.job import Job, Outcome
from mss_analysis.press.parcel import Parcel
from mss_analysis.press.plan import PressError

PATIENCE = 20


@contextmanager
def connect(address: str, files: Parcel) -> Iterator[Executor]:
    """For a while, an executor of the cluster at a scheduler's address.

    It is used as a local one is. Each worker, also one that comes later, unpacks the files; it
    must have the same library installed. A job that was lost with its worker is run on another
    by Dask itself. Raises PressError when Dask is not installed, or nobody answers.
    """
    try:
        from dask.distributed import Client, WorkerPlugin
    except ImportError:
        problem = "--dask needs dask.distributed: pip install 'mss-analysis[dask]'"
        raise PressError([problem]) from None

    class Delivery(WorkerPlugin):
        def setup(self, worker: Any) -> None:
            files.unpack()

        def teardown(self, worker: Any) -> None:
            files.discard()

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PressError([f"No Dask scheduler answers at {address} ({error})."]) from None
    with client:
        client.register_plugin(Delivery(), name=files.name)
        try:
            # Equal jobs would otherwise be run once, which is not theirs to decide.
            yield _Cluster(client.get_executor(pure=False), files)
        finally:
            client.unregister_worker_plugin(files.name)


class _Cluster(Executor):
    """Runs jobs where the files were delivered."""

    def __init__(self, executor: Executor, files: Parcel) -> None:
        self._executor, self._name = executor, files.name

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Outcome]:
        """Run the job that `fn` would run here on some worker."""
        job: Job = args[0]
        return self._executor.submit(parcel.run, job, self._name)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on."""
        self._executor.shutdown(wait=wait)
