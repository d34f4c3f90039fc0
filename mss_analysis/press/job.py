"""What is to be run and what came of it: plain values that travel between processes."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

# For one cell, in seconds.
TIMEOUT = 120


def wants_full_kernel(notebook: Any) -> bool:
    """Whether a notebook, as JSON has it, asks for a full kernel: for widgets or `input()`.

    >>> wants_full_kernel({"metadata": {"mss": {"kernel": "full"}}})
    True
    """
    try:
        return notebook["metadata"]["mss"]["kernel"] == "full"
    except (KeyError, TypeError):
        return False


class Failure(NamedTuple):
    """Why an edition was not built; `cell` counts all cells of the notebook from one."""

    edition: str
    error: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        """The failure in one line."""
        where = f", cell {self.cell}" if self.cell else ""
        line = f" (at: {self.line})" if self.line else ""
        return f"{self.edition}{where}: {self.error}{line}"


class Job(NamedTuple):
    """A notebook to run with parameters; `folder` is where it starts, `name` its file.

    `warm` names modules to import, and notebooks to read, before any job is run; `environment`
    holds variables to set. `code` is the digest of the library that is to run it.
    """

    slug: str
    name: str
    source: str
    folder: str
    parameters: dict[str, Any]
    timeout: float = TIMEOUT
    warm: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    code: str = ""

    @property
    def needs_kernel(self) -> bool:
        """Whether its notebook asks for a full kernel; one that cannot be read asks for nothing."""
        try:
            return wants_full_kernel(json.loads(self.source))
        except ValueError:
            return False

    def to_bytes(self) -> bytes:
        """The job as JSON."""
        return json.dumps(self._asdict()).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Job:
        """Read what `to_bytes` wrote."""
        values = json.loads(content)
        values["warm"] = tuple(values["warm"])
        values["environment"] = tuple((key, value) for key, value in values["environment"])
        return cls(**values)


class Outcome(NamedTuple):
    """What a job came to: a `result` to keep, as bytes, or failures that say why there is none.

    `seconds` and `cells` (seconds of each cell, by the notebook's own count) are for people and
    are no part of the result, which is the same every time.
    """

    slug: str
    result: bytes = b""
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    cells: tuple[tuple[int, float], ...] = ()

    def to_bytes(self) -> bytes:
        """The outcome as one line of JSON, and the result behind it."""
        head = self._asdict()
        head.pop("result")
        return json.dumps(head).encode() + b"\n" + self.result

    @classmethod
    def from_bytes(cls, content: bytes) -> Outcome:
        """Read what `to_bytes` wrote."""
        head, _, result = content.partition(b"\n")
        values = json.loads(head)
        values["failures"] = tuple(Failure(*failure) for failure in values["failures"])
        values["cells"] = tuple((number, seconds) for number, seconds in values["cells"])
        return cls(result=result, **values)


class LostError(Exception):
    """The process that ran a job was killed from outside; the job may be run again."""
