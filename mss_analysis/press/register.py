"""The register: what is known of every source and every dispute, in each language of a site.

It is described by a function that the edition list names, which runs as a notebook does: in a
child of its own, and only when the data or the library changed. Its record of a language has
`sources` and `disputes` in the order in which they are listed, the `rows` that sources state (as
in a notebook's provenance, each with its `group`), the names of the `groups`, `changes` `since` a
day, and `as_of`. Rows of the groups `observations` and `events` are figures and events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mss_analysis.press.plan import LATEST, Edition, Plan

SLUG = "register"
BUNDLE = "application/vnd.mss.register+json"
Record = dict[str, Any]


def write_notebook(plan: Plan) -> str:
    """A notebook of one cell, which calls the function of a plan's register; empty without one."""
    if plan.register is None:
        return ""
    module, _, function = plan.register.function.partition(":")
    parameters = {"languages": plan.languages, "since": earlier(plan)} | plan.register.parameters
    call = ", ".join(f"{name}={value!r}" for name, value in sorted(parameters.items()))
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "call",
        "metadata": {},
        "outputs": [],
        "source": f"from {module} import {function}\n\n{function}({call})",
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def earlier(plan: Plan) -> str:
    """The vintage before the newest that the editions show; empty without one."""
    return max((e.as_of for e in plan.editions if e.as_of != LATEST), default="")


def standing(register: Record, edition: Edition, as_of: str) -> Iterator[Record]:
    """Disputes among figures that were all known on the day, within what the edition shows."""
    for dispute in register.get("disputes", ()):
        is_within = all(
            edition.parameters.get(name, values[0]) in values
            for name, values in dispute.get("within", {}).items()
        )
        if is_within and dispute.get("contested") and dispute.get("known", "") <= as_of:
            yield dispute


def unpack(result: bytes) -> dict[str, Record]:
    """What the result of a register's job holds, by language.

    Raises ValueError where the function gave no register.
    """
    notebook = json.loads(result.partition(b"\n")[0])
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if BUNDLE in output.get("data", {}):
                return output["data"][BUNDLE]["languages"]
    raise ValueError("the function of the register gave no register")
