"""The built site, as a reader meets it: every figure leads somewhere, every chart is drawn."""

import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import mss_analysis as mss
from mss_analysis.press import build
from mss_analysis.press.gate import unlinked

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("MSS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
TOPICS = ("casualties", "deployment", "funding", "risks")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The default site, built once for all tests of it."""
    folder = tmp_path_factory.mktemp("built")
    target = folder / "site"
    result = build(
        ROOT / "reports" / "editions.yml", target, progress=False, cache=folder / "cache"
    )
    assert result.failures == [], result.summary()
    return target


class Anchors(HTMLParser):
    """Collect every figure, the ids it names, and every id that the page holds."""

    def __init__(self):
        super().__init__()
        self.figures, self.ids, self.unfounded = [], set(), 0

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        classes = (attributes.get("class") or "").split()
        if "figure" in classes and tag == "a":
            self.figures.append((attributes["href"], attributes["data-observations"].split()))
        self.unfounded += "unfounded" in classes


def walk(page):
    anchors = Anchors()
    anchors.feed(page.read_text(encoding="utf-8"))
    return anchors


def reports(site):
    return sorted(page for page in site.glob("*/index.html"))


def test_the_default_site_is_complete(site):
    slugs = {page.parent.name for page in reports(site)}
    vintages = {f"{topic}-{day}" for topic in TOPICS for day in ("2024-12-31", "2025-06-30")}
    newest = {"overview", "sources", *TOPICS}
    assert slugs == newest | vintages | {f"{slug}-reading-list" for slug in newest}


def test_every_figure_leads_to_observations(site):
    evidence = mss.load()
    for page in reports(site):
        anchors = walk(page)
        assert anchors.figures, page
        assert anchors.unfounded == 0, page
        for href, observations in anchors.figures:
            assert observations, page
            assert href.removeprefix("#") in anchors.ids, (page, href)
            for name in observations:
                assert evidence.states(name), (page, name)
                assert f"obs-{name}" in anchors.ids, (page, name)


def test_no_number_in_prose_or_tables_leads_nowhere(site):
    for page in reports(site):
        for block in re.findall(r"<table>.*?</table>", page.read_text(encoding="utf-8"), re.S):
            assert unlinked(block) == [], page


def test_front_page_links_lead_into_the_reports(site):
    front = (site / "index.html").read_text(encoding="utf-8")
    anchors = walk(site / "index.html")
    assert len(anchors.figures) >= 8
    for href in re.findall(r'href="([^"#]+)(?:#[^"]*)?"', front):
        if not href.startswith(("data:", "http")):
            assert (site / href).exists(), href
    for href, _ in anchors.figures:
        page, _, target = href.partition("#")
        assert target in walk(site / page).ids


def test_findings_are_recorded_beside_each_report(site):
    for page in reports(site):
        record = json.loads((page.parent / "findings.json").read_text(encoding="utf-8"))
        for finding in record["findings"]:
            assert {"id", "label", "value", "low", "high", "unit", "observations"} <= set(finding)
            assert finding["observations"], finding["id"]
            if None not in (finding["low"], finding["high"]):
                assert finding["low"] <= finding["high"]


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_have_five_charts_and_their_data(site, topic):
    page = site / topic / "index.html"
    text = page.read_text(encoding="utf-8")
    # A figure of which nothing is known says so, and has neither chart nor data.
    figures = re.split(r'<figure id="figure-', text)[1:]
    charts = [part.partition('"')[0] for part in figures if "data-spec" in part]
    assert len(charts) >= 5
    for chart in charts:
        table = (page.parent / f"{chart}.csv").read_text(encoding="utf-8")
        assert len(table.splitlines()) > 1, chart
    assert (page.parent / f"{topic}.ipynb").exists()
    assert all(word in text for word in ("How to cite", "Parameters", "Data fingerprint"))


def test_earlier_vintages_know_less(site):
    later = walk(site / "casualties" / "index.html").ids
    earlier = (site / "casualties-2024-12-31" / "index.html").read_text(encoding="utf-8")
    assert "obs-killed-2024-003-p10" in later
    assert "killed-2024-003-p10" not in earlier


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        assert os.environ.get("CI") != "true", "CI needs Chromium"
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_work_from_a_folder_without_a_network(site, browser, width):
    for path in [site / "index.html", *reports(site)]:
        page = browser.new_page(viewport={"width": width, "height": 900})
        said, asked = [], []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        charts = page.locator(".chart[data-spec]").count()
        page.wait_for_function(
            "count => document.querySelectorAll('.chart[data-spec] svg').length === count",
            arg=charts,
        )
        drawn = page.evaluate(
            "[...document.querySelectorAll('.chart[data-spec] svg')].map(svg => "
            "svg.querySelectorAll('.role-mark path, .role-mark line, .role-mark text').length)"
        )
        assert all(drawn), (path, drawn)
        assert said == [], path
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.close()


@pytest.mark.browser
def test_a_figure_opens_the_paragraph_it_comes_from(site, browser):
    page = browser.new_page()
    page.goto((site / "casualties-reading-list" / "index.html").as_uri())
    page.locator("a.figure", has_text="at least 5,600 people").first.click()
    panel = page.locator("dialog.panel")
    assert panel.is_visible()
    words = panel.inner_text()
    assert "killed-2024-003-p10" in words
    assert "paragraph 10" in words
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.close()


@pytest.mark.browser
def test_without_scripts_figures_lead_to_their_row(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "funding" / "index.html").as_uri())
    page.locator("a.figure").first.click()
    assert "#obs-" in page.url
    assert page.locator(":target").count() == 1
    context.close()
