"""A site laid out beside the published one, and swapped in when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mss_analysis.press.plan import Edition, PressError

MANIFEST = "manifest.json"
DAY = 86_400
# The last good version of a report that fails stands beside it; no slug has an underscore.
LAST_GOOD = "_last-good"
BUILT, KEPT, MISSING = "built", "kept", "missing"


class Draft:
    """A site being laid out in a folder next to its target.

    Use it as a context manager: leaving without `publish` throws the draft away, and the
    published site stays as it was.
    """

    def __init__(self, target: Path) -> None:
        """Look at the published site; PressError when the folder is somebody else's."""
        self.target = target.resolve()
        recover(self.target)
        self.manifest = read_manifest(self.target)
        self.old = {record["slug"]: record for record in self.manifest.get("editions", [])}
        self.folder = Path()
        self.records: dict[str, dict[str, Any]] = {}
        self.files: dict[str, str] = {}
        self._is_whole: bool | None = None

    def __enter__(self) -> Self:
        """Make the folder to lay the site out in."""
        import tempfile

        self.target.parent.mkdir(parents=True, exist_ok=True)
        sweep(self.target)
        prefix = f".{self.target.name}.draft-"
        self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.target.parent))
        # mkdtemp makes a private folder; what will be published must be readable.
        self.folder.chmod(0o755)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the folder, which after `publish` holds what was published before."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)

    def had(self, slug: str) -> bool:
        """Whether the published site holds a page for this edition."""
        return slug in self.old and (self.target / slug / "index.html").is_file()

    def last_good(self, slug: str) -> str:
        """The published folder with the last good version of an edition; empty if none."""
        if not self.had(slug):
            return ""
        if self.old[slug]["state"] == BUILT:
            return slug
        name = slug + LAST_GOOD
        return name if (self.target / name / "index.html").is_file() else ""

    def whole(self) -> bool:
        """Whether every file that the published manifest lists is there.

        Its folders are listed, which takes a third of the time of asking for each of thousands of
        files; what was published was on the disk before.
        """
        if self._is_whole is None:
            asked: dict[str, set[str]] = {}
            for path in self.manifest.get("files", ()):
                folder, _, name = path.rpartition("/")
                asked.setdefault(folder, set()).add(name)
            try:
                there = (
                    (names, os.listdir(self.target / folder)) for folder, names in asked.items()
                )
                self._is_whole = bool(asked) and all(
                    names.issubset(found) for names, found in there
                )
            except OSError:
                self._is_whole = False
        return self._is_whole

    def write(self, name: str, content: str | bytes) -> None:
        """Write one file of the draft; text in UTF-8 with plain line ends."""
        self._write(name, content if isinstance(content, bytes) else content.encode())

    def keep(self, edition: Edition, record: dict[str, Any]) -> None:
        """Carry an edition over from the published site as it is."""
        self._carry(edition.slug, edition.slug)
        if (self.target / (edition.slug + LAST_GOOD)).is_dir():
            self._carry(edition.slug + LAST_GOOD, edition.slug + LAST_GOOD)
        # What the old page says of itself stands; its place in the list is today's.
        self.records[edition.slug] = self.old[edition.slug] | record

    def keep_last_good(self, slug: str) -> str:
        """Carry over the last good version of an edition, if any; returns its folder's name."""
        found = self.last_good(slug)
        if found:
            self._carry(found, slug + LAST_GOOD)
        return slug + LAST_GOOD if found else ""

    def carry(self, names: Iterable[str]) -> None:
        """Carry published files over as they are, without reading them."""
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(self.target / name, path)
            except OSError:
                # Not every file system lets a file stand in two folders.
                path.write_bytes((self.target / name).read_bytes())
            self.files[name] = self.manifest["files"][name]

    def publish(self) -> None:
        """Put the draft in the place of the target, in one step where the system has one."""
        from mss_analysis.press.swap import settle, swap

        settle(self.folder)
        swap(self.folder, self.target)
        settle(self.target)

    def _carry(self, source: str, target: str) -> None:
        root = self.target / source
        for path in sorted(root.rglob("*")):
            if path.is_file():
                name = path.relative_to(root).as_posix()
                self._write(f"{target}/{name}", path.read_bytes())

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in self.files:
            # It may have been carried over, and be the published file by another name.
            path.unlink()
        path.write_bytes(content)
        self.files[name] = hashlib.sha256(content).hexdigest()


def read_manifest(target: Path) -> dict[str, Any]:
    """The manifest of a published site; empty where nothing is published.

    Raises PressError for a folder that this press did not build: it would be replaced.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return {}
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if all(record["slug"] and record["state"] for record in content["editions"]):
            return content
        raise ValueError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressError(
            [f"{target} holds no readable {MANIFEST}; it is not replaced. Move it away first."]
        ) from error


def recover(target: Path) -> None:
    """Bring back the site of a build that was killed between its two renames.

    Only where the system cannot swap two folders in one step is there such a moment.
    """
    if not target.exists():
        for retired in sorted(target.parent.glob(f".{target.name}.retired-*")):
            if (retired / MANIFEST).is_file():
                retired.rename(target)
                return


def find_remains(target: Path) -> list[Path]:
    """What builds keep beside a site while they run: remains, where no build is running."""
    found = target.parent.glob(f".{target.name}.*")
    return [left for left in found if re.search(r"\.(draft-|retired-|lock$)", left.name)]


def sweep(target: Path) -> None:
    """Remove what killed builds left behind; called by who holds the site's lock."""
    import shutil

    for left in find_remains(target):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
