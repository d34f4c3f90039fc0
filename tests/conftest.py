"""Shared fixtures: the real evidence, and a folder of tables that a test may spoil."""

import shutil
from pathlib import Path

import pytest

import mss_analysis as mss

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def evidence():
    return mss.load(corpus="seed")


@pytest.fixture
def base(tmp_path):
    """A copy of the evidence base."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
