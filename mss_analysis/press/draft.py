"""A site laid out beside the published one, and swapped in when it is whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mss_analysis.press.plan import Edition, PressError

MANIFEST = "manifest.json"
DAY = 86_400


class Draft:
    """A site being laid out in a folder next to its target.

    Use it as a context manager: leaving without `publish` throws the draft away, and the
    published site stays as it was.
    """

    def __init__(self, target: Path) -> None:
        """Look at the published site; PressError when the folder is somebody else's."""
        self.target = target.resolve()
        self.old = read_manifest(self.target)
        self.folder = Path()
        self.records: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        """Make the folder to lay the site out in."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(self.target)
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
        """Remove the folder, unless it was published and so is gone."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def had(self, slug: str) -> bool:
        """Whether the published site holds this edition."""
        return slug in self.old and (self.target / slug / "index.html").is_file()

    def write(self, name: str, text: str) -> None:
        """Write one file of the draft, in UTF-8 with plain line ends."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def keep(self, edition: Edition, state: str) -> None:
        """Carry an edition over from the published site."""
        shutil.copytree(self.target / edition.slug, self.folder / edition.slug)
        # What the old page says of itself stands; its place in the list is today's.
        self.records[edition.slug] = self.old[edition.slug] | {"state": state}

    def publish(self) -> None:
        """Swap the draft in for the target by two renames."""
        retired = self.folder.with_name(self.folder.name.replace(".draft-", ".retired-"))
        if self.target.exists():
            self.target.rename(retired)
        try:
            self.folder.rename(self.target)
        except BaseException:
            # Ctrl-C between the two renames would leave no site at all.
            if retired.exists():
                retired.rename(self.target)
            raise
        shutil.rmtree(retired, ignore_errors=True)


def read_manifest(target: Path) -> dict[str, dict[str, Any]]:
    """Editions of a published site, by slug; none where nothing is published.

    Raises PressError for a folder that this press did not build: it would be replaced.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return {}
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        return {record["slug"]: record for record in content["editions"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressError(
            [f"{target} holds no readable {MANIFEST}; it is not replaced. Move it away first."]
        ) from error


def _sweep(target: Path) -> None:
    """Remove what killed builds left behind; a day old, so no running build loses its draft."""
    for left in target.parent.glob(f".{target.name}.*-*"):
        if re.search(r"\.(draft|retired)-", left.name):
            age = time.time() - os.stat(left).st_mtime
            if age > DAY:
                shutil.rmtree(left, ignore_errors=True)
