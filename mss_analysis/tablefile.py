"""A table as a file: its text, parsed all at once, and what tells that nothing is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# Control and direction characters: they break lines, hide words or reach a terminal.
UNSEEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e007f]"
)
_LINE_END = ord("\n")
# Bytes looked at together; they should fit a processor's cache.
_BLOCK = 1 << 18


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


def parse(path: Path, columns: list[str], is_utf8: bool = False) -> pd.DataFrame:
    """Parse a sound file into columns of text.

    ``is_utf8`` spares the test whether it is UTF-8; cells are safe to use only if it is.

    Raises
    ------
    ValueError
        When rows differ in length or the text is not UTF-8.
    KeyError
        When a column is missing.
    OSError
        When the file can't be read.

    """
    from pyarrow.csv import ReadOptions, read_csv

    options = convert(columns, check_utf8=not is_utf8, include_columns=columns)
    return read_csv(path, ReadOptions(block_size=1 << 22), convert_options=options).to_pandas()


def convert(columns: list[str], **options: Any) -> Any:
    """Make pyarrow's options to read columns as text."""
    import pyarrow as pa
    from pyarrow.csv import ConvertOptions

    kinds = dict.fromkeys(columns, pa.large_string())
    return ConvertOptions(column_types=kinds, strings_can_be_null=False, **options)


def read_blocks(path: Path) -> Iterator[bytes]:
    """Read whole lines, as many as fit a processor's cache; the last may lack its end."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            block = rest + block
            end = block.rfind(b"\n") + 1
            rest = block[end:]
            if end:
                yield block[:end]
    if rest:
        yield rest


def count_plain(block: bytes) -> int:
    """Count the lines of a block without fault; 0 for another."""
    if not block.endswith(b"\n"):
        return 0
    cells = np.frombuffer(block, np.int8)
    lines = np.count_nonzero(cells == _LINE_END)
    beyond = b"" if block.isascii() else cells[cells < 0].tobytes()
    controls = np.count_nonzero(cells < ord(" ")) - len(beyond)
    if controls != lines or b"\x7f" in block or not _quotes_pair(cells):
        return 0
    # Without their ASCII neighbours, the characters beyond are as whole as before.
    is_sound = not beyond or (is_text(block) and not re.search(UNSEEN, beyond.decode()))
    return lines if is_sound else 0


def is_text(block: bytes) -> bool:
    """Whether bytes are UTF-8, without making text of them."""
    import pyarrow as pa

    try:
        pa.array([block], pa.large_binary()).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _quotes_pair(cells: np.ndarray) -> bool:
    """Whether, in the bytes of whole lines, quotation marks open and close cells."""
    marks = np.flatnonzero(cells == ord('"'))
    if len(marks) % 2:
        return False
    # Before the first mark of all stands cells[-1], a line end.
    around = np.concatenate([cells[marks[::2] - 1], cells[marks[1::2] + 1]])
    return bool(((around == ord(",")) | (around == _LINE_END) | (around == ord('"'))).all())
