"""The files that jobs need where nobody has them: packed here, unpacked on a cluster's worker."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from mss_analysis.press import pool
from mss_analysis.press.ingredients import code_here, digest, named_paths
from mss_analysis.press.job import Failure, Job, Outcome
from mss_analysis.press.plan import Plan

OTHER_CODE = (
    "the worker that it was sent to has another library, Python or packages than this build"
)
# By the name of a parcel: the folder of this process that it lies in, the variables that lead to
# its files there, and the digest of the library that was here when it came.
_unpacked: dict[str, tuple[Path, tuple[tuple[str, str], ...], str]] = {}


class Parcel(NamedTuple):
    """A ZIP of files under their whole paths, and the variables that lead to some of them.

    Each has a name of its own: two builds may send equal ones, and one of them ends first.
    """

    name: str
    content: bytes
    variables: tuple[tuple[str, str], ...] = ()

    def unpack(self) -> None:
        """Unpack into a folder of this process, where :func:`run` finds it."""
        if self.name not in _unpacked:
            folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-"))
            with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
                packed.extractall(folder)
            there = tuple((key, str(_inside(folder, path))) for key, path in self.variables)
            _unpacked[self.name] = folder, there, digest(code_here())

    def discard(self) -> None:
        """Remove what was unpacked."""
        if found := _unpacked.pop(self.name, None):
            shutil.rmtree(found[0], ignore_errors=True)


def pack(plan: Plan) -> Parcel:
    """Pack the inputs of a plan and the files that its parameters name."""
    paths = {Path(path) for _, path in plan.input_files()}
    paths |= {Path(path) for edition in plan.editions for _, path in named_paths(edition)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(paths):
            # No time of day: equal files make an equal parcel.
            name = _inside(Path(), path).as_posix()
            packed.writestr(zipfile.ZipInfo(name), path.read_bytes())
    variables = tuple((name, str(path)) for name, path in plan.variables)
    return Parcel(f"mss-{uuid4().hex}", content.getvalue(), variables)


def run(job: Job, name: str) -> Outcome:
    """Run a job on a worker, in the folder into which the parcel of that name was unpacked.

    The library is the worker's own: a report that another one made would not be what this build
    takes it for, so it is refused.
    """
    root, variables, code = _unpacked[name]
    if code != job.code:
        return Outcome(job.slug, failures=(Failure(job.slug, OTHER_CODE),))
    folder = _inside(root, job.folder)
    folder.mkdir(parents=True, exist_ok=True)
    return pool.run(job._replace(folder=str(folder), environment=job.environment + variables))


def _inside(root: Path, path: str | Path) -> Path:
    """The place of a file, wherever it lies, in a folder that stands for the whole disk."""
    return root.joinpath(*Path(path).absolute().parts[1:])
