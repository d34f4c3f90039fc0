"""What a reader's browser makes of a built site, opened from the file system."""

import os
import shutil

import pytest
from workshop import Works, edition

from mss_analysis.press import build

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("MSS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("browser"))
    works.notebook("good")
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), front="good")
    assert build(works.list, works.site).exit_code == 0
    return works.site


@pytest.fixture(scope="module")
def browser():
    if not os.path.exists(CHROMIUM):
        # Where every commit is judged, a missing browser must not pass for a good page.
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium at {CHROMIUM}; set MSS_CHROMIUM")
        pytest.skip("no Chromium here; set MSS_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, site):
    """Open a page; afterwards nothing may have left it, nor complained."""
    pages = []

    def open_page(path, **options):
        page = browser.new_page(**options)
        heard, asked = [], []
        page.on("console", lambda m: heard.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / path).as_uri())
        pages.append((page, heard, asked))
        return page

    yield open_page
    for page, heard, asked in pages:
        page.close()
        assert heard == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_charts_are_drawn_and_named(visit):
    page = visit("good/index.html")
    chart = page.locator("#chart-lamps")
    chart.locator("svg[aria-hidden=true]").wait_for(state="attached")
    assert chart.get_attribute("role") == "img"
    assert chart.get_attribute("aria-label") == "Bar chart: more than 40 lamps"
    assert page.locator("#chart-dark").count() == 0


def test_a_figure_opens_its_observations(visit):
    page = visit("good/index.html")
    figure = page.locator("a.figure[data-formula]")
    figure.click()
    panel = page.locator("dialog[open]")
    assert panel.locator("article").count() == 2
    assert "lamps-b − lamps-a" in panel.inner_text()
    assert "paragraph 10" in panel.inner_text()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    figure.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog[open]").count() == 1


def test_a_mark_opens_its_observation(visit):
    page = visit("good/index.html")
    mark = page.locator("#chart-lamps svg .mark-rect path").first
    mark.wait_for()
    mark.click()
    assert "more than 40 lamps" in page.locator("dialog[open]").inner_text()


def test_all_code_at_once(visit):
    page = visit("good/index.html")
    button = page.locator("button.all-code")
    button.click()
    assert page.locator("details.code:not([open])").count() == 0
    button.click()
    assert page.locator("details.code[open]").count() == 0


@pytest.mark.parametrize("path", ["index.html", "good/index.html"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_do_not_scroll_sideways(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_scripts_a_figure_leads_to_its_row(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "good" / "index.html").as_uri())
    page.locator("a.figure").first.click()
    assert page.url.endswith("#obs-lamps-a")
    context.close()


def test_links_of_a_site_lead_somewhere(visit, site):
    for path in ("index.html", "good/index.html", "good-2024-07-01/index.html"):
        page = visit(path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        for link in links:
            address, _, anchor = link.removeprefix("file://").partition("#")
            assert os.path.exists(address), link
            if anchor and address == str(site / path):
                assert page.locator(f'[id="{anchor}"]').count() == 1, link
