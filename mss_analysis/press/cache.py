"""Results on disk, by the hash of what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from mss_analysis.press.job import Outcome

LATELY = 30 * 86_400
KINDS = ("results", "pictures", "parts")


class Cache:
    """A folder of finished results; what is in it was whole when it was written.

    Entries are written aside and renamed, and carry their own hash: what a killed build or a
    bad disk left behind is found out when it is read, and counts as absent.
    """

    def __init__(self, folder: Path) -> None:
        """Look at a folder, which need not exist."""
        self.folder = folder

    def get(self, key: str) -> Outcome | None:
        """The outcome kept under a key; None where there is none, or none that is sound."""
        body = self._open(self._path(key))
        return None if body is None else Outcome.from_bytes(body)

    def has(self, key: str) -> bool:
        """Whether there is an entry, sound or not."""
        return self._path(key).is_file()

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome."""
        self._write(self._path(key), seal(outcome.to_bytes()))

    def picture(self, key: str) -> str | None:
        """The picture of a chart kept under a key; None as with `get`."""
        path = self._path(key, "pictures")
        body = self._open(path)
        if body is None:
            return None
        # `sweep` asks when a picture was last of use.
        with suppress(OSError):
            os.utime(path)
        return body.decode()

    def put_picture(self, key: str, picture: str) -> None:
        """Keep the picture of a chart."""
        self._write(self._path(key, "pictures"), seal(picture.encode()))

    def ingredients(self, key: str) -> dict[str, str]:
        """What the result of a key was made from; empty where that is not known."""
        body = self._open(self._path(key, "parts"))
        return {} if body is None else json.loads(body)

    def remember(self, key: str, parts: dict[str, str]) -> None:
        """Note what a result was made from, to tell later what changed."""
        self._write(self._path(key, "parts"), seal(json.dumps(parts).encode()))

    def sweep(self, keep: set[str]) -> None:
        """Delete what no edition rests on any more, and what was not used of late."""
        for path in (path for kind in KINDS for path in self.folder.glob(f"{kind}/*/*")):
            with suppress(OSError):
                if path.name not in keep and time.time() - path.stat().st_mtime > LATELY:
                    path.unlink()

    def _path(self, key: str, kind: str = "results") -> Path:
        return self.folder / kind / key[:2] / key

    def _open(self, path: Path) -> bytes | None:
        """What a sealed file holds; one that is not whole is deleted."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        body = unseal(content)
        if body is None:
            path.unlink(missing_ok=True)
        return body

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            aside.write_bytes(content)
            os.replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def seal(body: bytes) -> bytes:
    """What is written of a body, so that damage can be found out."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unseal(content: bytes) -> bytes | None:
    """The body that was sealed; None where it is damaged."""
    body = content.partition(b"\n")[2]
    return body if seal(body) == content else None
