"""One build of a site at a time."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mss_analysis.press.plan import PressError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BEAT = 0.2


class Lock:
    """A lock on a site that its holder's death releases, so that it cannot go stale.

    The system keeps it for an open file; the file's text only says who holds it. Where the
    system has no such locks, builds are not kept apart.
    """

    def __init__(self, site: Path, patience: float | None = None) -> None:
        """`patience`: seconds to wait for another build; None waits for as long as it takes."""
        self.path = site.with_name(f".{site.name}.lock")
        self.patience = patience
        self._file: Any = None

    def __enter__(self) -> Self:
        """Take the lock, or wait for it; PressError names the holder when patience ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        began, told = time.monotonic(), False
        while not self._take():
            holder = self._holder()
            if self.patience is not None and time.monotonic() - began >= self.patience:
                raise PressError([f"Another build of this site is running ({holder})."])
            if not told:
                print(f"mss: waiting for another build of this site ({holder})", file=sys.stderr)
                told = True
            time.sleep(BEAT)
        note = {"process": os.getpid(), "machine": socket.gethostname(), "since": _now()}
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps(note))
        self._file.flush()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the lock back. The file goes while it is still held, so nobody is misled."""
        self.path.unlink(missing_ok=True)
        self._file.close()

    def _take(self) -> bool:
        file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115 (held until the exit)
        try:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The file may have been removed by its holder since it was opened.
            if os.fstat(file.fileno()).st_ino == os.stat(self.path).st_ino:
                self._file = file
                return True
        except OSError:
            pass
        file.close()
        return False

    def _holder(self) -> str:
        try:
            note = json.loads(self.path.read_text(encoding="utf-8"))
            return f"process {note['process']} on {note['machine']}, since {note['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "it does not say which"


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
