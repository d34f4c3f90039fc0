"""A table as a file: bytes, line ends, header and cells, before anything is read into it.

A file without any fault of its own is parsed by pyarrow, all cells of a column at once. One with a
fault is read cell by cell by Python's strict ``csv``, which knows the line of each.
"""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from mss_analysis.schema import Table

# Control and direction characters: they break lines, hide words or reach a terminal.
UNSEEN = "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
# Bytes looked at together; they should fit a processor's cache.
_BLOCK = 1 << 18
_LINE_END = ord("\n")


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in the evidence, in words that tell how to mend it.

    ``row`` is the line in the file (the header is line 1), 0 when the whole file is meant.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Write the problem as one line."""
        place = self.file
        place += f", row {self.row}" if self.row else ""
        place += f", column {self.column}" if self.column else ""
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{place}: {shown!r} {self.reason}" if self.value else f"{place}: {self.reason}"


class Cells(NamedTuple):
    """A table as text.

    ``frame`` has one column for each column described, indexed by line number; it is ``None`` when
    the file is too broken to look inside. ``is_visible`` says that no unseen character is in the
    file, so that nobody needs to look for one.
    """

    frame: pd.DataFrame | None
    problems: list[Problem]
    is_visible: bool = False


def read_cells(folder: Path, table: Table) -> Cells:
    """Read a table as text, with every fault of the file itself."""
    path = folder / table.path
    with ThreadPoolExecutor(1) as aside:
        counted = aside.submit(_count_lines, path, table)
        try:
            frame = parse(path, table.columns)
        except (ValueError, KeyError, OSError):
            frame = None
        lines = counted.result()
    # A blank line is no row, and a line break in a cell makes two lines of one.
    if frame is not None and lines and len(frame) == lines - 1:
        frame.index = pd.RangeIndex(2, lines + 1)
        return Cells(frame, [], is_visible=True)
    frame, problems = _read_slowly(path, table)
    return Cells(frame, problems)


def parse(path: Path, columns: list[str]) -> pd.DataFrame:
    """Parse a sound file into columns of text.

    Raises
    ------
    ValueError
        When rows differ in length or the text is not UTF-8.
    KeyError
        When a column is missing.
    OSError
        When the file can't be read.

    """
    import pyarrow as pa
    from pyarrow.csv import ConvertOptions, ReadOptions, read_csv

    cells = read_csv(
        path,
        read_options=ReadOptions(block_size=1 << 22),
        convert_options=ConvertOptions(
            column_types=dict.fromkeys(columns, pa.large_string()),
            include_columns=columns,
            strings_can_be_null=False,
        ),
    )
    return cells.to_pandas()


def _count_lines(path: Path, table: Table) -> int:
    """Count the lines of a file without fault: visible text, LF, and quotation marks in pairs.

    Gives 0 for a file that has to be looked at closely, which may be sound all the same.
    """
    lines, rest, beyond_ascii = 1, b"", []
    try:
        with path.open("rb") as stream:
            if stream.readline() != (",".join(table.columns) + "\n").encode():
                return 0
            while block := stream.read(_BLOCK):
                block = rest + block
                end = block.rfind(b"\n") + 1
                rest, cells = block[end:], np.frombuffer(block, np.int8, end)
                breaks = np.count_nonzero(cells == _LINE_END)
                beyond = b"" if block.isascii() else cells[cells < 0].tobytes()
                controls = np.count_nonzero(cells < ord(" ")) - len(beyond)
                if controls != breaks or b"\x7f" in block or not end or not _quotes_pair(cells):
                    return 0
                lines += breaks
                beyond_ascii.append(beyond)
    except OSError:
        return 0
    # Without their ASCII neighbours, the characters beyond are as whole as before.
    text = b"".join(beyond_ascii).decode(errors="replace")
    return 0 if rest or re.search(UNSEEN, text) else lines


def _quotes_pair(cells: np.ndarray) -> bool:
    """Whether, in the bytes of whole lines, quotation marks open and close cells."""
    marks = np.flatnonzero(cells == ord('"'))
    if len(marks) % 2:
        return False
    # Before the first mark of all stands cells[-1], a line end.
    around = np.concatenate([cells[marks[::2] - 1], cells[marks[1::2] + 1]])
    return bool(((around == ord(",")) | (around == _LINE_END) | (around == ord('"'))).all())


def _read_slowly(path: Path, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    text, problems = _read_text(path, table.path)
    if text is None:
        return None, problems
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbered, line = [], 1
    try:
        for row in reader:
            numbered.append((line, row))
            # A quoted cell may span lines: a record is known by the line it starts on.
            line = reader.line_num + 1
    except csv.Error as error:
        reason = f"is not valid CSV ({error}); check its quotation marks"
        if "field limit" in str(error):
            reason = (
                "holds a cell of more than 131,072 characters, or a quotation mark never closed"
            )
        return None, [*problems, Problem(table.path, line, "", "", reason)]
    header = numbered.pop(0)[1]
    problems += _check_header(table, header)
    if {problem.reason for problem in problems} & {_NO_HEADER}:
        return None, problems
    width = len(header)
    for line, row in numbered:
        if row and len(row) != width:
            reason = f"has {len(row)} cells where the header has {width}; quote cells with commas"
            problems.append(Problem(table.path, line, "", "", reason))
        elif not row:
            problems.append(Problem(table.path, line, "", "", "is a blank line; delete it"))
    kept = [(line, row) for line, row in numbered if len(row) == width]
    frame = pd.DataFrame(
        [row for _, row in kept], columns=header, index=[line for line, _ in kept], dtype="str"
    )
    frame = frame.loc[:, ~frame.columns.duplicated()]
    return frame.reindex(columns=table.columns, fill_value=""), problems


_NO_HEADER = "has none of the columns described in datapackage.json; write the header row first"


def _read_text(path: Path, name: str) -> tuple[str | None, list[Problem]]:
    def problem(reason: str, value: str = "", row: int = 0) -> Problem:
        return Problem(name, row, "", value, reason)

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None, [problem("is missing; datapackage.json describes it")]
    except OSError as error:
        return None, [problem(f"can't be read ({error.strerror})")]
    if not raw.removeprefix(b"\xef\xbb\xbf").strip():
        return None, [problem("is empty; it needs at least its header row")]
    problems = []
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.append(problem("starts with a byte-order mark; save it as UTF-8 without one"))
        raw = raw[3:]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, [problem("is UTF-16; save it as UTF-8")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        shown = raw[error.start : error.start + 1]
        reason = "is not UTF-8 (Latin-1 or Windows-1252?); save the file as UTF-8"
        return None, [*problems, problem(reason, f"byte 0x{shown.hex()}", line)]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, [*problems, problem("holds a NUL byte; delete it", row=line)]
    if "\r" in text:
        problems.append(problem("has CR or CRLF line ends; save it with LF"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n"):
        problems.append(problem("does not end with a line end; the last row may be cut off"))
    return text, problems


def _check_header(table: Table, header: list[str]) -> list[Problem]:
    wanted = table.columns
    if not set(header) & set(wanted):
        return [Problem(table.path, 1, "", "", _NO_HEADER)]
    problems = [
        Problem(table.path, 1, column, "", "is missing from the header")
        for column in wanted
        if column not in header
    ]
    for position, column in enumerate(header):
        if column not in wanted:
            near = [known for known in wanted if known.lower() == column.strip().lower()]
            advice = f"; did you mean {near[0]}?" if near else "; describe it or delete it"
            problems.append(Problem(table.path, 1, "", column, f"is not a known column{advice}"))
        elif column in header[:position]:
            problems.append(Problem(table.path, 1, column, "", "stands in the header twice"))
    order = [column for column in dict.fromkeys(header) if column in wanted]
    if not problems and order != wanted:
        reason = f"columns must stand in the order {', '.join(wanted)}"
        problems.append(Problem(table.path, 1, "", "", reason))
    return problems
