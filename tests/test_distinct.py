"""Questions to a column: the short ways answer as pandas does."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mss_analysis import distinct

# Blanks and letters of one byte and of several, and texts on both sides of a word's eight bytes.
TEXTS = st.text(st.sampled_from("ab-é1 \t\u00a0\u3000"), max_size=12)
COLUMNS = st.lists(TEXTS | st.sampled_from(["kidnapped-2024", "kidnapped-2025"]), max_size=40)
PATTERNS = ("^[a-z0-9][a-z0-9-]*$", "^[ab][a-z]*$", "^[a-z][0-9]*$", "^a?é+$")


def make(texts):
    return pd.Series(texts, range(2, 2 + len(texts)), dtype="str")


@given(COLUMNS)
def test_doubled_cells(texts):
    cells = make(texts)
    pd.testing.assert_series_equal(distinct.is_doubled(cells), cells.duplicated())


@given(COLUMNS)
def test_stripped_cells(texts):
    cells = make(texts)
    assert distinct.is_stripped(cells).tolist() == [text == text.strip() for text in texts]


@given(COLUMNS, st.sampled_from(PATTERNS))
def test_matching_cells(texts, pattern):
    cells = make(texts)
    assert distinct.match(cells, pattern).tolist() == cells.str.match(pattern).tolist()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_cells_that_all_match(pattern):
    cells = make(["a", "b"]) if "[" in pattern else make(["aé"])
    assert distinct.match(cells, pattern).all()
    assert distinct.match(cells[1:], pattern).all()


@given(COLUMNS, COLUMNS)
def test_categories_are_looked_up_like_text(texts, known):
    known = make(list(dict.fromkeys(known)))
    cells, values = make(texts), known + "!"
    (encoded,) = distinct.encode(cells)
    wanted = [text + "!" if text in set(known) else "?" for text in texts]
    for column in (cells, encoded):
        assert distinct.look_up(column, known, values, "?").tolist() == wanted
        assert distinct.is_in(column, known).tolist() == [text in set(known) for text in texts]
