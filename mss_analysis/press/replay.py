"""Build again what a manifest records, and say whether the bytes agree."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mss_analysis.press.draft import BUILT, MANIFEST, read_manifest
from mss_analysis.press.plan import PressError
from mss_analysis.press.summary import BuildResult

# Differing files named before the rest is only counted.
NAMED = 10


def replay(record: Path, build: Callable[..., BuildResult]) -> int:
    """Build the recorded editions aside, with nothing kept, and compare every file.

    Returns 0 when all recorded reports agree to the byte, else 1. Says first whether the data
    and the code are those of the record; where they are not, the bytes can hardly agree.
    """
    then = _read(record)
    slugs = [entry["slug"] for entry in then["editions"] if entry["state"] == BUILT]
    # Those that failed are asked for again, since the others lead to them.
    recorded = {entry["slug"]: entry["parameters"] for entry in then["editions"]}
    with tempfile.TemporaryDirectory(prefix="mss-replay-") as folder:
        site = Path(folder, "site")
        options = {"only": (), "parameters": None, "strict": False, "recorded": recorded}
        result = build(site=site, cache=Path(folder, "cache"), **options)
        now = read_manifest(site)
        if not now:
            print(result.summary())
            return 1
        for line in _circumstances(then, now):
            print(line)
        return _compare(then, now, slugs)


def _read(record: Path) -> dict[str, Any]:
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        if content["files"] and all("parameters" in entry for entry in content["editions"]):
            return content
        raise ValueError("it lists nothing")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressError([f"{record} is no {MANIFEST} of a site ({error})."]) from error


def _circumstances(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What is not as it was, of all that the pages rest on."""
    words = {"fingerprint": "data", "code": "library", "python": "Python version"}
    words |= {"look": "edition list or templates"}
    lines = [
        f"The {word} differs from the record."
        for key, word in words.items()
        if then.get(key) != now.get(key)
    ]
    packages = [
        name
        for name in sorted({**then.get("packages", {}), **now["packages"]})
        if then.get("packages", {}).get(name) != now["packages"].get(name)
    ]
    if packages:
        lines.append(f"Installed packages differ: {', '.join(packages[:NAMED])}.")
    return lines or ["Data, library, packages and edition list are those of the record."]


def _compare(then: dict[str, Any], now: dict[str, Any], slugs: list[str]) -> int:
    different = []
    for slug in slugs:
        names = [name for name in {**then["files"], **now["files"]} if name.startswith(f"{slug}/")]
        wrong = [n for n in sorted(names) if then["files"].get(n) != now["files"].get(n)]
        different += wrong
        verdict = "agrees to the byte" if not wrong else f"{len(wrong)} of {len(names)} differ"
        print(f"{slug}: {verdict}")
    for name in different[:NAMED]:
        print(f"  {name}")
    if len(different) > NAMED:
        print(f"  and {len(different) - NAMED} more")
    print("All recorded reports agree." if not different else "The record was not reproduced.")
    return 1 if different else 0
