"""The same jobs on a cluster: `mss build --dask ADDRESS`, with the extra `dask` installed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from mss_analysis.press.plan import PressError

PATIENCE = 20


@contextmanager
def connect(address: str) -> Iterator[Executor]:
    """For a while, an executor of the cluster at a scheduler's address.

    It is used as a local one is. A job that was lost with its worker is run on another by Dask
    itself; jobs hold all they need but the library and its data, which workers have installed.
    Raises PressError when Dask is not installed, or nobody answers.
    """
    try:
        from dask.distributed import Client
    except ImportError:
        problem = "--dask needs dask.distributed: pip install 'mss-analysis[dask]'"
        raise PressError([problem]) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PressError([f"No Dask scheduler answers at {address} ({error})."]) from None
    with client:
        # Equal jobs would otherwise be run once, which is not theirs to decide.
        yield client.get_executor(pure=False)
