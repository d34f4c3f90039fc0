"""What took time to work out, kept by the hash of a text: parsed lists, hashes of files."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from pathlib import Path
from typing import Any


def recall(folder: Path | None, text: str) -> Any:
    """The content that was kept for a text; None where there is none, or it is damaged."""
    try:
        with open(_path(folder, text), encoding="utf-8") as file:
            seal, _, body = file.read().partition("\n")
    except (OSError, ValueError, TypeError):
        return None
    return json.loads(body) if seal == _hash(body) else None


def keep(folder: Path | None, text: str, content: Any) -> None:
    """Keep the content of a text; days become ISO text, as notebooks take them."""
    if folder is None:
        return
    path = _path(folder, text)
    try:
        body = json.dumps(content, default=_plain)
        folder.mkdir(parents=True, exist_ok=True)
        aside = f"{path}.{os.getpid()}"
        Path(aside).write_text(f"{_hash(body)}\n{body}", encoding="utf-8")
        os.replace(aside, path)
    except (OSError, TypeError):
        # It only saves time; a disk that cannot be written is told of where it matters.
        return


def _path(folder: Path | None, text: str) -> str:
    return os.path.join(folder, _hash(text))  # type: ignore[arg-type]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError
