"""Fixtures of the press tests."""

import pytest
from workshop import Works


@pytest.fixture
def works(tmp_path):
    """An empty workshop."""
    return Works(tmp_path)
