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
SWEPT = ("results", "pictures", "parts")


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
        self._write(self._path(key), outcome.to_bytes())

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
        self._write(self._path(key, "pictures"), picture.encode())

    def asset(self, name: str) -> str | None:
        """A script that sites share, kept under a name; None as with `get`."""
        body = self._open(self.folder / "assets" / name)
        return None if body is None else body.decode()

    def put_asset(self, name: str, script: str) -> None:
        """Keep a script that sites share."""
        self._write(self.folder / "assets" / name, script.encode())

    def ingredients(self, key: str) -> dict[str, str]:
        """What the result of a key was made from; empty where that is not known."""
        body = self._open(self._path(key, "parts"))
        return {} if body is None else json.loads(body)

    def remember(self, key: str, parts: dict[str, str]) -> None:
        """Note what a result was made from, to tell later what changed."""
        self._write(self._path(key, "parts"), json.dumps(parts).encode())

    def sweep(self, keep: set[str]) -> None:
        """Delete what no edition rests on any more, and what was not used of late."""
        for path in (path for kind in SWEPT for path in self.folder.glob(f"{kind}/*/*")):
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
        _, _, body = content.partition(b"\n")
        if _seal(body) == content:
            return body
        path.unlink(missing_ok=True)
        return None

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            aside.write_bytes(_seal(body))
            os.replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body
