"""YAML, and what is wrong with it in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mss_analysis.press.plan import PressError

# The same as SafeLoader, in C where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(path: Path, text: str) -> Any:
    """The content of a YAML file. Raises PressError with the line at which it is broken."""
    try:
        return yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        # What YAML takes for a date or a number and cannot read is no YAMLError.
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        reason = f" ({error})" if isinstance(error, ValueError) else ""
        raise PressError([f"{path}{where} is not valid YAML{reason}."]) from error


def read_value(text: str) -> Any:
    """A value as YAML reads it: `2024` is a number, `latest` is text."""
    try:
        return yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError):
        return text
