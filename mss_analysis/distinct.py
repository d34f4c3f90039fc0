"""Columns by their distinct values: what a million rows say in a hundred words is asked once.

Columns that repeat themselves (vocabularies, dates) become categories. What is asked of a
column here may be asked of a category and of plain text.
"""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

# Rows of a table that is worth several threads; with less to do, they wait for each other.
LARGE = 100_000
# The pattern of an id: a character of one set, and then any number of another.
_TWO_SETS = re.compile(r"\^\[([a-z0-9_-]+)\]\[([a-z0-9_-]+)\]\*\$")
# Bytes that are looked at as one number.
_WORD = 8
# The first character of ASCII after those that are seen.
_DELETE = 0x7F
# The golden ratio in 64 bits, which spreads neighbours (Knuth, The Art of Computer Programming 3).
ODD = np.uint64(0x9E3779B97F4A7C15)


def encode(*columns: pd.Series) -> list[pd.Series]:
    """Make categories of columns of text, without the sorting of ``astype("category")``.

    >>> (cells,) = encode(pd.Series(["b", "a", "b"]))
    >>> cells.cat.categories.tolist()
    ['b', 'a']
    """
    if all(len(cells) <= LARGE for cells in columns):
        return [_encode(cells) for cells in columns]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_encode, columns))


def replace(cells: pd.Series, lines: pd.Index, values: Sequence[str]) -> pd.Series:
    """Put other text into a few cells of a column of text.

    >>> replace(pd.Series(["a", "b", "c"]), pd.Index([1]), ["x"]).tolist()
    ['a', 'x', 'c']
    """
    text, chunks, start = _as_arrow(cells), [], 0
    for position, value in sorted(zip(cells.index.get_indexer(lines), values, strict=True)):
        # What lies between is not copied.
        chunks += [*text.slice(start, position - start).chunks, [value]]
        start = position + 1
    chunks += text.slice(start).chunks
    return pd.Series(_chunk(chunks).to_pandas().array, cells.index)


def each(function: Callable[[pd.Series], pd.Series], cells: pd.Series) -> pd.Series:
    """Apply a function of text to a column, once for each distinct value of a category.

    >>> each(lambda words: words.str.len(), pd.Series(["a", "bcd", "a"], dtype="category")).tolist()
    [1, 3, 1]
    """
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return function(cells)
    values = cells.cat.categories
    if len(values) > len(cells):
        return function(cells.astype("str"))
    results = function(pd.Series(values.astype("str")))
    return pd.Series(results.array.take(cells.cat.codes.to_numpy()), cells.index)


def is_in(cells: pd.Series, known: pd.Series) -> pd.Series:
    """Whether each cell is one of the known ones.

    >>> is_in(pd.Series(["a", "b"]), pd.Series(["b", "c"])).tolist()
    [False, True]
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return each(lambda values: is_in(values, known), cells)
    if isinstance(known.dtype, pd.CategoricalDtype):
        known = pd.Series(known.cat.categories)
    # pandas would turn both into Python objects; a set is cheap for the shorter of the two.
    if len(known) > len(cells):
        known = known[_is_in(known, cells)]
    return pd.Series(_is_in(cells, known), cells.index)


def is_doubled(cells: pd.Series) -> pd.Series:
    """Whether each cell of a column of text stands in an earlier row, too.

    >>> is_doubled(pd.Series(["a", "b", "a"])).tolist()
    [False, False, True]
    """
    chunks = map(_digest, _as_arrow(cells).chunks)
    digests = np.concatenate([np.empty(0, "uint64"), *chunks])
    # To compare texts takes long, to compare digests less, and to count those in a slot least.
    slots = slot(digests)
    suspects = np.flatnonzero(np.bincount(slots, minlength=1)[slots] > 1)
    suspects = suspects[pd.Series(digests[suspects]).duplicated(keep=False)]
    found = np.zeros(len(cells), "bool")
    found[suspects] = cells.iloc[suspects].duplicated()
    return pd.Series(found, cells.index)


def is_stripped(cells: pd.Series) -> pd.Series:
    """Whether each cell of a column of text neither begins nor ends with a blank.

    >>> is_stripped(pd.Series(["a b", " a", ""])).tolist()
    [True, False, True]
    """
    ends = [np.empty(0, "bool"), *map(_ends_in_sight, _as_arrow(cells).chunks)]
    found = np.concatenate(ends)
    if not found.all():
        suspects = cells[~found]
        found[~found] = suspects == suspects.str.strip()
    return pd.Series(found, cells.index)


def slot(digests: np.ndarray) -> np.ndarray:
    """Give each digest one of so many slots that few are shared, by its first bits."""
    bits = len(digests).bit_length() + 2
    return (digests >> np.uint64(64 - bits)).view("int64")


def match(cells: pd.Series, pattern: str) -> pd.Series:
    """Whether each cell of a column of text matches a pattern from its beginning.

    >>> match(pd.Series(["a-1", "A"]), "^[a-z][a-z0-9-]*$").tolist()
    [True, False]
    """
    sets = _TWO_SETS.fullmatch(pattern)
    if sets and all(_is_written_in(chunk, *sets.groups()) for chunk in _as_arrow(cells).chunks):
        return pd.Series(True, cells.index)
    return cells.str.match(pattern)


def find(cells: pd.Series, known: pd.Series) -> np.ndarray:
    """Give the position of each cell among the known ones, -1 where it is none of them.

    >>> find(pd.Series(["a", "b"]), pd.Series(["b", "c"])).tolist()
    [-1, 0]
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return find(pd.Series(cells.cat.categories), known)[cells.cat.codes]
    from pyarrow import compute

    found = compute.index_in(_as_arrow(cells), _as_arrow(known).combine_chunks())
    return found.fill_null(-1).to_numpy()


def look_up(cells: pd.Series, known: pd.Series, values: pd.Series, missing: object) -> pd.Series:
    """Give for each cell the value beside its equal among the known ones."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return each(lambda names: look_up(names, known, values, missing), cells)
    found = values.array.take(find(cells, known), allow_fill=True, fill_value=missing)
    return pd.Series(found, cells.index)


def codes_of(cells: pd.Series) -> np.ndarray:
    """Number the distinct values of a column from 0."""
    is_category = isinstance(cells.dtype, pd.CategoricalDtype)
    codes = cells.cat.codes if is_category else pd.factorize(cells)[0]
    return np.asarray(codes, dtype="int64")


def to_numbers(cells: pd.Series, errors: Literal["raise", "coerce"] = "raise") -> pd.Series:
    """Read numbers; empty cells give NaN.

    Raises
    ------
    ValueError
        When a cell is no number, unless ``errors`` is ``"coerce"``, which makes a NaN of it.

    """
    from pyarrow import ArrowInvalid, compute

    text = _as_arrow(cells)
    try:
        read = compute.if_else(compute.equal(text, ""), None, text).cast("double")
    except ArrowInvalid:
        return pd.to_numeric(cells.where(cells != ""), errors=errors).astype("float64")
    return pd.Series(read.to_numpy(), cells.index)


def _encode(cells: pd.Series) -> pd.Series:
    # Chunk by chunk, the dictionary grows: the last one has all.
    chunks = _as_arrow(cells).dictionary_encode().chunks
    codes = np.concatenate([np.empty(0, "int32"), *(chunk.indices for chunk in chunks)])
    categories = chunks[-1].dictionary.to_pandas() if chunks else pd.Series([], dtype="str")
    kind = pd.CategoricalDtype(pd.Index(categories))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind, validate=False), cells.index)


def _split(text: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give the bytes of a chunk of text, and where in them each cell begins and the last ends."""
    _, offsets, data = text.buffers()
    bounds = np.frombuffer(offsets, "int64", len(text) + 1, text.offset * 8)
    return np.frombuffer(data or b"", "uint8"), bounds


def _is_written_in(text: Any, first: str, further: str) -> bool:
    """Whether each cell begins with one of a set of characters and goes on in another."""
    data, bounds = _split(text)
    if (bounds[1:] == bounds[:-1]).any():
        return False
    # What begins a cell is written here, too: a set for beginnings alone leaves it to the pattern.
    written = data[bounds[0] : bounds[-1]].tobytes().translate(None, _expand(further))
    begun = data[bounds[:-1]].tobytes().translate(None, _expand(first))
    return not written and not begun


def _ends_in_sight(text: Any) -> np.ndarray:
    """Whether cells are empty, or begin and end with a visible character of ASCII."""
    data, bounds = _split(text)
    if not len(data):
        return np.ones(len(text), "bool")
    first, last = (data.take(places, mode="clip") for places in (bounds[:-1], bounds[1:] - 1))
    is_visible = (np.minimum(first, last) > ord(" ")) & (np.maximum(first, last) < _DELETE)
    return is_visible | (bounds[:-1] == bounds[1:])


@cache
def _expand(characters: str) -> bytes:
    return bytes(code for code in range(128) if re.match(f"[{characters}]", chr(code)))


def _digest(text: Any) -> np.ndarray:
    """Make a number of the beginning, the middle and the end of each cell.

    Cells of less than eight bytes have none: they all get the same.
    """
    data, bounds = _split(text)
    digests = np.zeros(len(text), "uint64")
    if len(data) < _WORD:
        return digests
    words = np.ndarray(len(data) - _WORD + 1, "uint64", data, strides=(1,))
    is_long = np.diff(bounds) >= _WORD
    first, last = bounds[:-1][is_long], bounds[1:][is_long] - _WORD
    mixed = (last - first).astype("uint64")
    for place in (first, (first + last) // 2, last):
        mixed = (mixed ^ words[place]) * ODD
    digests[is_long] = mixed
    return digests


def _is_in(cells: pd.Series, known: pd.Series) -> np.ndarray:
    from pyarrow import compute

    return compute.is_in(_as_arrow(cells), _as_arrow(known).combine_chunks()).to_numpy()


def _as_arrow(cells: pd.Series) -> Any:
    import pyarrow as pa

    is_text = isinstance(cells.dtype, pd.StringDtype)
    text = pa.array((cells if is_text else cells.astype("str")).array)
    if isinstance(text, pa.ChunkedArray) and text.type == pa.large_string():
        return text
    return _chunk(text.chunks if isinstance(text, pa.ChunkedArray) else [text])


def _chunk(chunks: list[Any]) -> Any:
    import pyarrow as pa

    kind = pa.large_string()
    return pa.chunked_array([pa.array(chunk, kind) for chunk in chunks], kind)
