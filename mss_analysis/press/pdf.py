"""PDF by a browser that is there already: tagged, with bookmarks, the same bytes every time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from mss_analysis.press.plan import PressError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
# For one report, in seconds: the longest has hundreds of pages.
PATIENCE = 600
CLOCK = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_browser() -> str:
    """The browser to print with: `MSS_CHROMIUM`, or one that is installed.

    Raises PressError where there is none.
    """
    named = os.environ.get("MSS_CHROMIUM", "")
    for name in (named,) if named else BROWSERS:
        if found := shutil.which(name):
            return found
    if named:
        raise PressError([f"MSS_CHROMIUM names {named}, which is no program."])
    raise PressError(
        [
            "A PDF is printed by Chromium, Chrome or Edge, and none was found: install one"
            " (Debian, Ubuntu: apt install chromium), or name its program in MSS_CHROMIUM."
        ]
    )


def print_page(page: str, day: str = "") -> bytes:
    """Print the HTML of a page; `day` (an ISO date) is what the PDF says it was made on.

    Raises PressError where there is no browser, or where it fails.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="mss-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}"]
        # Root has no sandbox; containers run as root.
        command += ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command += [f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise PressError([f"{browser} did not print within {PATIENCE} seconds."]) from None
        if done.returncode or not target.is_file():
            raise PressError([f"{browser} could not print (exit code {done.returncode})."])
        return _unclock(target.read_bytes(), day)


def _unclock(content: bytes, day: str) -> bytes:
    """Let the PDF carry the day of its data, and not the minute of its printing."""
    digits = re.sub(r"\D", "", day).ljust(8, "0") if day else ""
    stamp = digits if len(digits) == 8 and "00" not in (digits[4:6], digits[6:]) else "19700101"

    def put(found: re.Match[bytes]) -> bytes:
        # Of the same length, since a PDF counts its bytes.
        written = b"/%s (D:%s000000+00'00')" % (found[1], stamp.encode())
        return written if len(written) == len(found[0]) else found[0]

    return CLOCK.sub(put, content)
