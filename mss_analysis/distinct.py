"""Columns by their distinct values: what a million rows say in a hundred words is asked once.

Columns that repeat themselves (vocabularies, dates) become categories. What is asked of a
column here may be asked of a category and of plain text.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd


def encode(*columns: pd.Series) -> list[pd.Series]:
    """Make categories of columns of text, without the sorting of ``astype("category")``.

    >>> (cells,) = encode(pd.Series(["b", "a", "b"]))
    >>> cells.cat.categories.tolist()
    ['b', 'a']
    """
    import pyarrow as pa

    names = [str(place) for place in range(len(columns))]
    table = pa.table([_as_arrow(cells) for cells in columns], names)
    # All columns at once: pyarrow shares them out among the processors.
    frame = table.to_pandas(categories=names)
    return [
        pd.Series(frame[name].array, cells.index)
        for name, cells in zip(names, columns, strict=True)
    ]


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


def _is_in(cells: pd.Series, known: pd.Series) -> np.ndarray:
    from pyarrow import compute

    return compute.is_in(_as_arrow(cells), _as_arrow(known).combine_chunks()).to_numpy()


def _as_arrow(cells: pd.Series) -> Any:
    import pyarrow as pa

    text = pa.array(cells.astype("str"))
    return _chunk(text.chunks if isinstance(text, pa.ChunkedArray) else [text])


def _chunk(chunks: list[Any]) -> Any:
    import pyarrow as pa

    kind = pa.large_string()
    return pa.chunked_array([pa.array(chunk, kind) for chunk in chunks], kind)
