"""The chart library that the pages of a site share."""

from __future__ import annotations

import subprocess
import sys
from typing import Self

from mss_analysis.press.cache import Cache
from mss_analysis.press.ingredients import packages


class Vega:
    """The chart library as one script: made once a version, in a process of its own.

    Making it takes a second or two, which another processor can spend meanwhile.
    """

    def __init__(self, cache: Cache) -> None:
        """Start making it, unless `cache` has it."""
        self.cache, version = cache, packages().get("vl-convert-python", "unknown")
        self.name = f"vega-{version}"
        self._text = cache.asset(self.name)
        self._process: subprocess.Popen[str] | None = None
        if self._text is None:
            command = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle())"
            self._process = subprocess.Popen(
                [sys.executable, "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                start_new_session=True,
                encoding="utf-8",
            )

    def __enter__(self) -> Self:
        """Use it as a context manager, so that an interrupted build leaves no process."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop making it, if nobody waited for it."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def text(self) -> str:
        """The script, when it is there."""
        if self._text is not None or self._process is None:
            return self._text or ""
        text, _ = self._process.communicate()
        if self._process.returncode:
            raise OSError("the chart library could not be made (vl-convert failed)")
        self.cache.put_asset(self.name, text)
        return text
