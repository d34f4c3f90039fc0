"""Shared fixtures: the real evidence, and a folder of tables that a test may spoil."""

import os
import shutil
from pathlib import Path

import pytest

import mss_analysis as mss
from mss_analysis.press import build

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def evidence():
    return mss.load(corpus="seed")


@pytest.fixture
def base(tmp_path):
    """A copy of the evidence base."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The default site, built once for all tests of it.

    Where several processes share the tests, the first to ask builds it, and the others wait for its
    lock and find nothing left to do. Results of the same code, data and packages are taken from the
    project's cache.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    target = shared / "built" / "site"
    result = build(ROOT / "reports" / "editions.yml", target, progress=False)
    assert result.failures == [], result.summary()
    return target
