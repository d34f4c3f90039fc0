"""The cells of a table as text, with every fault of the file that holds them.

A file without any fault of its own is parsed by pyarrow, all cells of a column at once. Of one with
a fault, so are the pieces around it; the others are read cell by cell by Python's strict ``csv``,
which knows the line of each.
"""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mss_analysis.schema import Table
from mss_analysis.tablefile import UNSEEN, Problem, convert, count_plain, parse, read_blocks

# Bytes of a faulty file that are read cell by cell if a fault is among them.
_PIECE = 1 << 20

_MARK = b"\xef\xbb\xbf"
_NO_HEADER = "has none of the columns described in datapackage.json; write the header row first"

# A line number with its cells; those of many rows with their columns.
Record = tuple[int, list[str]]
Piece = tuple[np.ndarray, Any]


class _BrokenError(Exception):
    """A file can't be read on: line, column, value, reason."""


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
            frame = parse(path, table.columns, is_utf8=True)
        except (ValueError, KeyError, OSError):
            frame = None
        lines = counted.result()
    # A blank line is no row, and a line break in a cell makes two lines of one.
    if frame is not None and lines and len(frame) == lines - 1:
        frame.index = pd.RangeIndex(2, lines + 1)
        return Cells(frame, [], is_visible=True)
    return _read_closely(path, table)


def _count_lines(path: Path, table: Table) -> int:
    """Count the lines of a file without fault: visible text, LF, and quotation marks in pairs.

    Gives 0 for a file that has to be looked at closely, which may be sound all the same.
    """
    lines, header = 0, (",".join(table.columns) + "\n").encode()
    try:
        for block in read_blocks(path):
            counted = count_plain(block) if lines or block.startswith(header) else 0
            if not counted:
                return 0
            lines += counted
    except OSError:
        return 0
    return lines


def _read_closely(path: Path, table: Table) -> Cells:
    text, problems = _read_text(path, table.path)
    if text is None:
        return Cells(None, problems)
    header, pieces, uneven, is_visible = None, [], [], True
    line, start = 1, 0
    while start < len(text):
        end = _end_piece(text, start)
        rows = _parse_piece(text[start:end], len(header)) if header else None
        if rows is not None:
            pieces.append((np.arange(line, line + len(rows)), rows))
        else:
            try:
                end, records = _read_records(text, start, line)
            except _BrokenError as error:
                return Cells(None, [*problems, Problem(table.path, *error.args)])
            if header is None:
                header = records.pop(0)[1]
            is_visible &= not any(re.search(UNSEEN, "".join(cells)) for _, cells in records)
            uneven += _check_widths(table, records, len(header))
            pieces.append(_tabulate(records, len(header)))
        line += text.count(b"\n", start, end)
        start = end
    problems += _check_header(table, header)
    if {problem.reason for problem in problems} & {_NO_HEADER}:
        return Cells(None, problems)
    return Cells(_join(pieces, header, table.columns), problems + uneven, is_visible)


def _end_piece(text: bytes, start: int) -> int:
    """Give the end of as many whole lines as make a piece, of one at least."""
    end = text.rfind(b"\n", start, start + _PIECE) + 1 or text.find(b"\n", start) + 1
    return end or len(text)


def _parse_piece(piece: bytes, width: int) -> Any | None:
    """Parse lines without fault, each of which is a row, and give nothing for others."""
    import pyarrow as pa
    from pyarrow.csv import ReadOptions, read_csv

    lines = count_plain(piece)
    if not lines or max(map(len, piece.splitlines())) > csv.field_size_limit():
        return None
    names = [str(place) for place in range(width)]
    options = ReadOptions(column_names=names, block_size=len(piece) + 1, use_threads=False)
    try:
        rows = read_csv(pa.BufferReader(piece), options, convert_options=convert(names))
    except ValueError:
        return None
    return rows if len(rows) == lines else None


def _read_records(text: bytes, start: int, line: int) -> tuple[int, list[Record]]:
    """Read the records that begin in a piece, each with its first line; give its end, too."""
    end = _end_piece(text, start)
    while True:
        lines = io.StringIO(text[start:end].decode(), newline="")
        reader, records, first = csv.reader(lines, strict=True), [], line
        try:
            for cells in reader:
                records.append((first, cells))
                # A quoted cell may span lines: a record is known by the line it starts on.
                first = line + reader.line_num
        except csv.Error as error:
            if "unexpected end" in str(error) and end < len(text):
                # The cell goes on in the next piece.
                end = _end_piece(text, end)
                continue
            reason = f"is not valid CSV ({error}); check its quotation marks"
            if "field limit" in str(error):
                reason = (
                    "holds a cell of more than 131,072 characters, or a quotation mark never closed"
                )
            raise _BrokenError(first, "", "", reason) from None
        return end, records


def _check_widths(table: Table, records: list[Record], width: int) -> list[Problem]:
    problems = []
    for line, cells in records:
        if not cells:
            problems.append(Problem(table.path, line, "", "", "is a blank line; delete it"))
        elif len(cells) != width:
            reason = f"has {len(cells)} cells where the header has {width}; quote cells with commas"
            problems.append(Problem(table.path, line, "", "", reason))
    return problems


def _tabulate(records: list[Record], width: int) -> Piece:
    """Make columns of those records that have as many cells as the header."""
    import pyarrow as pa

    even = [(line, cells) for line, cells in records if len(cells) == width]
    lines = np.array([line for line, _ in even], dtype="int64")
    columns = [
        pa.array([cells[place] for _, cells in even], pa.large_string()) for place in range(width)
    ]
    return lines, pa.table(columns, [str(place) for place in range(width)])


def _join(pieces: list[Piece], header: list[str], columns: list[str]) -> pd.DataFrame:
    """Put the pieces together, with the columns described: the first of each name, or empty."""
    import pyarrow as pa

    rows = pa.concat_tables([rows for _, rows in pieces])
    empty = pa.repeat(pa.scalar("", pa.large_string()), len(rows))
    cells = [rows[header.index(name)] if name in header else empty for name in columns]
    frame = pa.table(cells, columns).to_pandas()
    frame.index = np.concatenate([lines for lines, _ in pieces])
    return frame


def _read_text(path: Path, name: str) -> tuple[bytes | None, list[Problem]]:
    """Read UTF-8 with LF at line ends, and what had to be done to get there."""

    def problem(reason: str, value: str = "", row: int = 0) -> Problem:
        return Problem(name, row, "", value, reason)

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None, [problem("is missing; datapackage.json describes it")]
    except OSError as error:
        return None, [problem(f"can't be read ({error.strerror})")]
    problems = []
    if raw.startswith(_MARK):
        problems.append(problem("starts with a byte-order mark; save it as UTF-8 without one"))
        raw = raw.removeprefix(_MARK)
    if not raw or raw.isspace():
        return None, [problem("is empty; it needs at least its header row")]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, [problem("is UTF-16; save it as UTF-8")]
    if (place := _find_undecodable(raw)) is not None:
        line = raw.count(b"\n", 0, place) + 1
        reason = "is not UTF-8 (Latin-1 or Windows-1252?); save the file as UTF-8"
        return None, [*problems, problem(reason, f"byte 0x{raw[place]:02x}", line)]
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        return None, [*problems, problem("holds a NUL byte; delete it", row=line)]
    if b"\r" in raw:
        problems.append(problem("has CR or CRLF line ends; save it with LF"))
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not raw.endswith(b"\n"):
        problems.append(problem("does not end with a line end; the last row may be cut off"))
    return raw, problems


def _find_undecodable(raw: bytes) -> int | None:
    """Give the place of the first byte that is not UTF-8; a piece at a time, for text is large."""
    start = 0
    while start < len(raw):
        end = _end_piece(raw, start)
        try:
            raw[start:end].decode()
        except UnicodeDecodeError as error:
            return start + error.start
        start = end
    return None


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
