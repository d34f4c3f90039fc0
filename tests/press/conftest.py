"""Fixtures of the press tests."""

import signal

import pytest
from workshop import Works

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # A shell starts what runs in its background deaf to Ctrl-C; what is started here inherits it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def works(tmp_path):
    """An empty workshop."""
    return Works(tmp_path)
