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
# Folders of this process, by the name of the parcel that lies in them.
_unpacked: dict[str, Path] = {}


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
            _unpacked[self.name] = folder

    def discard(self) -> None:
        """Remove what was unpacked."""
        if folder := _unpacked.pop(self.name, None):
            shutil.rmtree(folder, ignore_errors=True)


def pack(plan: Plan) -> Parcel:
    """Pack the inputs of a plan and the files that its parameters name."""
    paths = {Path(path) for _, path in plan.input_files()}
    paths |= {Path(path) for edition in plan.editions for _, path in named_paths(edition)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(paths):
            # No time of day: equal files make an equal parcel.
            packed.writestr(zipfile.ZipInfo(_inside(path).as_posix()), path.read_bytes())
    variables = tuple((name, str(path)) for name, path in plan.variables)
    return Parcel(f"mss-{uuid4().hex}", content.getvalue(), variables)


def run(job: Job, name: str, variables: tuple[tuple[str, str], ...]) -> Outcome:
    """Run a job on a worker, in the folder into which the parcel of that name was unpacked.

    The library is the worker's own: a report that another one made would not be what this build
    takes it for, so it is refused.
    """
    if digest(code_here()) != job.code:
        return Outcome(job.slug, failures=(Failure(job.slug, OTHER_CODE),))
    root = _unpacked[name]
    folder = root / _inside(Path(job.folder))
    folder.mkdir(parents=True, exist_ok=True)
    found = tuple((key, str(root / _inside(Path(path)))) for key, path in variables)
    return pool.run(job._replace(folder=str(folder), environment=job.environment + found))


def _inside(path: Path) -> Path:
    return Path(*path.absolute().parts[1:])
