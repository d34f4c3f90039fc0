"""Put one folder in the place of another in one step, and make sure that it is on the disk."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

# renameat2(2) and its flag: exchange two paths atomically.
AT_FDCWD = -100
RENAME_EXCHANGE = 2


def swap(draft: Path, target: Path) -> None:
    """Make `draft` the `target`; what `target` held is afterwards in `draft`, or gone.

    Linux exchanges the two in one step. Elsewhere there are two renames, and a moment in
    between without a target; a killed build's site is then brought back by the next.
    """
    if not target.exists():
        draft.rename(target)
    elif not _exchange(draft, target):
        _rename_twice(draft, target)


def settle(folder: Path) -> None:
    """Wait until a folder is on the disk, so that losing power cannot leave half of it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if sys.platform == "linux":
            with suppress(AttributeError):
                ctypes.CDLL(None).syncfs(descriptor)
                return
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exchange(first: Path, second: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None).renameat2
    except AttributeError:
        return False
    paths = os.fsencode(first), os.fsencode(second)
    return rename(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0


def _rename_twice(draft: Path, target: Path) -> None:
    retired = draft.with_name(draft.name.replace(".draft-", ".retired-"))
    target.rename(retired)
    try:
        draft.rename(target)
    except BaseException:
        # Ctrl-C between the two renames would leave no site at all.
        retired.rename(target)
        raise
    retired.rename(draft)
