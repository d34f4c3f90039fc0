"""What a report is made from, by name and hash: equal ingredients, equal report."""

from __future__ import annotations

import hashlib
import json
import os
import site
import sys
import time
from pathlib import Path
from typing import Any

from mss_analysis.press.memory import keep, recall
from mss_analysis.press.plan import Edition, Plan

LIBRARY = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
TEMPLATES = os.path.join(LIBRARY, "press", "templates")
LOCK = "requirements.lock"
# Code, and the words that it speaks in other languages.
KINDS = (".py", ".po")
# Nanoseconds.
TICK = 2_000_000_000
NOTEBOOK, PARAMETER, DATA, CODE = "notebook ", "parameter ", "data ", "code "


class Ingredients:
    """Hashes of all that the reports of a plan are made from.

    Whatever the inputs of a plan hold counts for each of its reports: which rows a vintage can
    see is decided by code, so it cannot be known without running it.
    """

    def __init__(self, plan: Plan, memory: Path | None = None) -> None:
        """Look at every file; `memory` is a folder in which the hashes of files are kept."""
        self.plan = plan
        code, data = _code_files(), plan.input_files()
        self._files = code + data
        self._state = self._look()
        hashes = _hash_files(self._files, self._state, memory)
        self.data = {DATA + name: hashes[name] for name, _ in data}
        self.code = {CODE + name: hashes[name] for name, _ in code}
        self.code |= _surroundings()
        self._shared = self.data | self.code
        self._seal = digest(self._shared)
        self.notebooks: dict[Path, bytes | None] = {}

    def of(self, edition: Edition) -> dict[str, str]:
        """The ingredients of one report: notebook, parameters and files they name, data, code."""
        source = self.notebook(edition.notebook)
        own = {NOTEBOOK + edition.notebook.name: "" if source is None else _digest(source)}
        own |= {
            PARAMETER + name: json.dumps(value, sort_keys=True, default=str)
            for name, value in edition.parameters.items()
        }
        return own | _named_files(edition) | self._shared

    def of_register(self, notebook: str) -> dict[str, str]:
        """The ingredients of the register, whose notebook the press writes."""
        return {NOTEBOOK + "register": _digest(notebook.encode())} | self._shared

    def key(self, parts: dict[str, str]) -> str:
        """The name of what these ingredients make; what all reports share is hashed once."""
        own = {name: part for name, part in parts.items() if name not in self._shared}
        return digest([own, self._seal])

    def notebook(self, path: Path) -> bytes | None:
        """The bytes of a notebook as they were when first asked for; None if unreadable."""
        if path not in self.notebooks:
            try:
                self.notebooks[path] = path.read_bytes()
            except OSError:
                self.notebooks[path] = None
        return self.notebooks[path]

    def changed(self) -> list[str]:
        """Names of files that were touched since they were read here."""
        now = self._look()
        return sorted(
            name for name in now.keys() | self._state if now.get(name) != self._state.get(name)
        )

    def _look(self) -> dict[str, Any]:
        return {name: _state(path) for name, path in self._files}


def code_here() -> dict[str, str]:
    """The library, Python and the packages of this machine, as they are now."""
    files = {CODE + name: _hash(path) for name, path in _code_files()}
    return files | _surroundings()


def digest(values: Any) -> str:
    """SHA-256 of plain values, by their JSON."""
    return _digest(json.dumps(values, sort_keys=True).encode())


def look_of(plan: Plan) -> str:
    """Hash of what decides how finished reports are laid out: the plan's words, templates."""
    templates = {name: _hash(path) for name, path in _files_of(TEMPLATES)}
    editions = [(e.slug, e.title, e.summary, e.group, str(e.notebook.name)) for e in plan.editions]
    terms = plan.glossary and _hash(plan.glossary)
    return digest([plan.site, editions, plan.register, plan.languages, terms, templates])


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """What changed between two lists of ingredients, in words a person would use."""
    words = []
    for name in sorted(before.keys() | now.keys(), key=lambda name: (_rank(name), name)):
        if before.get(name) != now.get(name):
            kind, _, rest = name.partition(" ")
            shown = f"parameter {rest}" if kind == "parameter" else rest
            verb = "is new" if name not in before else "is gone" if name not in now else "changed"
            words.append(f"{shown} {verb}")
    return words


def watched(plan: Plan) -> list[Path]:
    """Every file that the site of a plan is made from."""
    templates = _files_of(TEMPLATES)
    named = [Path(path) for _, path in plan.input_files() + _code_files() + templates]
    named += [Path(path) for edition in plan.editions for _, path in named_paths(edition)]
    return named + sorted({edition.notebook for edition in plan.editions})


def packages() -> dict[str, str]:
    """Names and versions of the installed packages, by the names of their folders."""
    found = {}
    for entry in os.listdir(site.getsitepackages()[0]):
        if entry.endswith(".dist-info"):
            name, _, version = entry.removesuffix(".dist-info").rpartition("-")
            found[name.lower().replace("_", "-")] = version
    return dict(sorted(found.items()))


def named_paths(edition: Edition) -> list[tuple[str, str]]:
    """Files that parameters name, such as a reader's own table beside the notebook."""
    texts = [value for value in edition.parameters.values() if isinstance(value, str)]
    paths = [(text, os.path.join(edition.notebook.parent, text)) for text in texts if "." in text]
    return [(text, path) for text, path in paths if os.path.isfile(path)]


def _named_files(edition: Edition) -> dict[str, str]:
    return {DATA + name: _hash(path) for name, path in named_paths(edition)}


def _surroundings() -> dict[str, str]:
    return {
        CODE + "Python": sys.version.split()[0],
        CODE + "installed packages": digest(packages()),
    }


def _code_files() -> list[tuple[str, str]]:
    """The library that this press is part of, and the list that pins what it rests on."""
    files = [(name, path) for name, path in _files_of(LIBRARY) if path.endswith(KINDS)]
    lock = os.path.join(os.path.dirname(LIBRARY), LOCK)
    return files + ([(LOCK, lock)] if os.path.isfile(lock) else [])


def _files_of(root: str) -> list[tuple[str, str]]:
    found, base = [], os.path.dirname(root)
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        place = folder[len(base) + 1 :].replace(os.sep, "/")
        found += [(f"{place}/{name}", os.path.join(folder, name)) for name in names]
    return sorted(found)


def _rank(name: str) -> int:
    return [NOTEBOOK, PARAMETER, DATA, CODE].index(name.partition(" ")[0] + " ")


def _hash_files(
    files: list[tuple[str, Any]], states: dict[str, list[int] | None], memory: Path | None
) -> dict[str, str]:
    """Hashes by name; a file that the system says is untouched is not read again."""
    known = recall(memory, LIBRARY) or {}
    now = time.time_ns()
    hashes, settled = {}, {}
    for name, path in files:
        state, told = states[name], known.get(name)
        hashes[name] = told[1] if told and told[0] == state else _hash(path)
        # The clock of a file system ticks slowly: what was written just now may be written again.
        if state and now - max(state[:2]) > TICK:
            settled[name] = [state, hashes[name]]
    if settled != known:
        keep(memory, LIBRARY, settled)
    return hashes


def _state(path: str | Path) -> list[int] | None:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return [seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino]


def _hash(path: str | Path) -> str:
    try:
        with open(path, "rb") as file:
            return _digest(file.read())
    except OSError:
        return ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
