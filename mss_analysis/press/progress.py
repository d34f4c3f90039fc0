"""How a build is coming along: a bar on a terminal, a line for each cell when asked."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mss_analysis.press.job import Outcome

if TYPE_CHECKING:
    from mss_analysis.press.build import Options


class Progress:
    """Counts reports, with the time left; silent where nobody watches."""

    def __init__(self, total: int, options: Options) -> None:
        """`total` reports are to be run."""
        shows = sys.stderr.isatty() if options.progress is None else options.progress
        self._verbose = options.verbose
        self._bar: Any = None
        if shows and total:
            from tqdm import tqdm

            # No watching thread: a full kernel may be started from this process.
            tqdm.monitor_interval = 0
            self._bar = tqdm(total=total, desc="Reports", unit="report")

    def __enter__(self) -> Self:
        """Show the bar."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()

    def cell(self, slug: str, number: int) -> None:
        """A cell starts; called from any thread."""
        if self._verbose:
            self._say(f"{slug}: cell {number}")

    def done(self, outcome: Outcome) -> None:
        """A report ends."""
        if self._bar is not None:
            self._bar.update()
        if self._verbose:
            how = "failed" if outcome.failures else "done"
            self._say(f"{outcome.slug}: {how} in {outcome.seconds:.2f} s")

    def _say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            print(text, file=sys.stderr)
