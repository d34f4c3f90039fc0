"""A notebook's parameters, as its own cell declares them, and values that do not fit."""

from __future__ import annotations

import ast
import datetime
import json
import re
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.press.plan import PressError

QUOTED = re.compile(r'"([^"]*)"')
SPAN = re.compile(r'"([A-Za-z])"[^"]*\bto "([A-Za-z])"')
DAY = "ISO date"
# Says what cannot be meant by values, given with the notebook's folder: a sentence each.
Judge = Callable[[dict[str, Any], Path], list[str]]


class Parameter(NamedTuple):
    """A declared parameter: its default, the words its comment quotes, and whether a day fits.

    The comment is what `papermill --help-notebook` shows. Where it quotes the default, it lists
    all that is allowed: `"seed" or "full"`, `"A" (best) to "F"`; where it says `ISO date`, a
    day is allowed too.
    """

    name: str
    default: Any
    choices: tuple[str, ...]
    day: bool

    def problem(self, value: Any) -> str:
        """Why a value does not fit, as the end of a sentence; empty if it fits."""
        kind, found = type(self.default), type(value)
        if self.default is not None and kind is not found and (kind, found) != (float, int):
            return f"must be {_article(kind.__name__)}, not {value!r}"
        if not isinstance(value, str) or value in self.choices or (self.day and _is_day(value)):
            return ""
        allowed = " or ".join(
            [*(f'"{choice}"' for choice in self.choices), *(["an ISO date"] if self.day else [])]
        )
        return f"must be {allowed}, not {value!r}" if allowed else ""


def check(
    source: bytes, parameters: dict[str, Any], folder: Path = Path(), judge: Judge | None = None
) -> str:
    """What is wrong with values for a notebook's parameters, in one line; empty if nothing.

    `judge` is asked about values that fit one by one, together with the defaults of the others.
    What cannot be read is not judged here: running the notebook will tell.
    """
    try:
        cells = json.loads(source)["cells"]
        declared = {p.name: p for cell in cells if _declares(cell) for p in read(_text(cell))}
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    found = []
    for name, value in parameters.items():
        if name not in declared:
            near = get_close_matches(name, declared, 1)
            found.append(f"no parameter {name}" + (f" (did you mean {near[0]}?)" if near else ""))
        elif problem := declared[name].problem(value):
            found.append(f"the parameter {name} {problem}")
    if judge and not found:
        defaults = {name: parameter.default for name, parameter in declared.items()}
        with suppress(Exception):
            found = judge(defaults | parameters, folder)
    return "; ".join(found)


def find_judge(name: str) -> Judge | None:
    """The function that a plan names as `module:name`; none where it names none.

    Raises PressError where there is no such function.
    """
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(module), function) if name else None
    except (ImportError, AttributeError) as error:
        raise PressError([f"`judge` names {name}, which cannot be found ({error})."]) from error


def read(source: str) -> list[Parameter]:
    """The parameters that a cell's source declares; those without a plain default take anything.

    >>> read('corpus = "seed"  # Which documents: "seed" or "full"')[0].choices
    ('seed', 'full')
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    lines, found = source.splitlines(), []
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if not isinstance(target, ast.Name) or node.value is None:
            continue
        try:
            default = ast.literal_eval(node.value)
        except ValueError:
            default = None
        comment = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode()
        found.append(_declared(target.id, default, comment.partition("#")[2]))
    return found


def _declared(name: str, default: Any, comment: str) -> Parameter:
    choices = tuple(QUOTED.findall(comment))
    if span := SPAN.search(comment):
        choices = tuple(chr(letter) for letter in range(ord(span[1]), ord(span[2]) + 1))
    day = DAY in comment
    closed = default in choices or (day and isinstance(default, str))
    return Parameter(name, default, choices if closed else (), day)


def _declares(cell: dict[str, Any]) -> bool:
    return "parameters" in cell.get("metadata", {}).get("tags", [])


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _is_day(value: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(value)) and len(value) == len("2024-01-31")
    except ValueError:
        return False


def _article(kind: str) -> str:
    names = {"str": "text", "int": "a whole number", "float": "a number", "bool": "True or False"}
    return names.get(kind, f"a {kind}")
