"""The light form of the real reports: light enough, whole, and every figure leads to its row."""

import re
from html import unescape

import pytest

from mss_analysis.press.cache import Cache
from mss_analysis.press.leaves import spread
from mss_analysis.press.light import LIMIT, LightDraft
from mss_analysis.press.pictures import Pictures
from mss_analysis.press.still import Still

REPORTS = ("overview", "casualties", "deployment", "funding", "risks", "sources")


@pytest.fixture(scope="module")
def draft(tmp_path_factory):
    folder = tmp_path_factory.mktemp("light")
    return LightDraft(folder / "site", Pictures(Cache(folder / "cache")))


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_light_and_whole(site, draft, report):
    full = (site / report / "index.html").read_text(encoding="utf-8")
    pages = spread(Still(full, draft.pictures.of), "index.html", draft.room)
    style = LIMIT - draft.room
    weights = {name: len(html.encode()) + style for name, html in pages.items()}
    assert max(weights.values()) <= LIMIT, weights

    index = pages["index.html"]
    assert index.count('role="img" aria-labelledby="picture-') == full.count(" data-spec=")
    assert not any(re.search(r"<script|\son\w+=", html) for html in pages.values())

    # No sentence is lost, and no row.
    ids = {
        name: {unescape(i) for i in re.findall(r'\sid="([^"]+)"', h)} for name, h in pages.items()
    }
    there = set().union(*ids.values())
    rows = {unescape(i) for i in re.findall(r'\sid="((?:obs|src|figure)-[^"]+)"', full)}
    assert rows <= there
    figures = 0
    for name, html in pages.items():
        for href in re.findall(r'<a class="figure[^"]*" href="([^"]+)"', html):
            page, _, anchor = unescape(href).partition("#")
            assert anchor in ids[page or name], (name, href)
            figures += 1
    assert figures == len(re.findall(r'<a class="figure[ "]', full))
