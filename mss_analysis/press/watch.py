"""Build again whenever a file that the reports are made from is saved."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mss_analysis.press.ingredients import watched
from mss_analysis.press.plan import PressError, read_plan

BEAT = 0.5
# Seconds that an interrupted build may take to tidy up.
PATIENCE = 5


def watch(editions: Path, build: Callable[[], int], beats: int | None = None) -> int:
    """Build, then look at the files twice a second and build again when one changed.

    Ends with Ctrl-C, or after `beats` looks; returns what the last build returned.
    """
    # Looked at before each build: what is saved meanwhile is seen afterwards.
    seen, code = _look(editions), 0
    with suppress(KeyboardInterrupt):
        code = _try(build)
        print("Watching notebooks, data and library; Ctrl-C ends it.", flush=True)
        while beats is None or beats > 0:
            time.sleep(BEAT)
            now = _look(editions)
            if now != seen:
                names = sorted(
                    path.name for path in now.keys() | seen if now.get(path) != seen.get(path)
                )
                print(f"\n{', '.join(names[:3])} changed", flush=True)
                seen, code = now, _try(build)
            beats = None if beats is None else beats - 1
    return code


def give(words: list[str]) -> int:
    """Give the command `mss` in a process of its own; returns its exit code.

    What was saved may be the library itself, of which this process has read the old version.
    """
    with subprocess.Popen([sys.executable, "-m", "mss_analysis.cli", *words]) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # On a terminal it has heard of it too.
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.terminate()
            raise


def _try(build: Callable[[], int]) -> int:
    """A list or a module that is broken while it is being edited ends nothing."""
    try:
        return build()
    except PressError as error:
        print(f"mss: {error}")
        return 2


def _look(editions: Path) -> dict[Path, tuple[int, int]]:
    found = {}
    try:
        files = watched(read_plan(editions))
    except PressError:
        files = []
    for path in [editions, *files]:
        try:
            state = os.stat(path)
            found[path] = (state.st_mtime_ns, state.st_size)
        except OSError:
            continue
    return found
