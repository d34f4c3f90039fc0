"""What a reader's browser makes of a built site, opened from the file system."""

import json
import os

import pytest
from reading import (
    SCHEMES,
    WIDTHS,
    chromium,
    figures_that_do_not_answer,
    missing_marks,
    overflow,
    reading,
    unfold,
    violations,
)
from workshop import Works, edition, good_cells, slider_cells

from mss_analysis.press import build

pytestmark = pytest.mark.browser
PAGES = ("index.html", "good/index.html", "good-fr/index.html", "slider/index.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("browser"))
    cells = good_cells()
    cells[1].source += '\nlanguage = "en"'
    said = """.replace('"language": "en"', f'"language": "{language}"')), raw=True)"""
    cells[4].source = cells[4].source.replace("), raw=True)", said)
    works.notebook("good", cells)
    works.notebook("slider", slider_cells())
    works.plan(
        edition("good", vintages=["latest", "2024-07-01"], languages=["fr"]),
        edition("slider"),
        front="good",
    )
    assert build(works.list, works.site).exit_code == 0
    return works.site


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, site):
    """Open a page of the site; afterwards it must have been quiet."""
    open_pages = []

    def open_page(path, **options):
        context = reading(browser, site / path, **options)
        open_pages.append(context)
        return context.__enter__()

    yield open_page
    for context in open_pages:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_use_every_page(visit, path, width, scheme):
    page = visit(path, width=width, scheme=scheme)
    assert overflow(page) <= 0
    unfold(page)
    assert overflow(page) <= 0
    assert violations(page) == []
    assert missing_marks(page) == []


def test_axe_is_at_work(visit):
    page = visit("good/index.html")
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    assert [rule for rule, *_ in violations(page)] == ["color-contrast"]


def test_a_missing_mark_is_noticed(visit):
    page = visit("good/index.html")
    page.evaluate("document.querySelector('#chart-lamps .mark-rect path').remove()")
    assert len(missing_marks(page)) == 2


def test_charts_are_drawn_and_named(visit):
    page = visit("good/index.html")
    chart = page.locator("#chart-lamps")
    assert chart.get_attribute("role") == "img"
    assert chart.get_attribute("aria-label") == "Bar chart: more than 40 lamps"
    assert chart.locator("svg").get_attribute("aria-hidden") == "true"
    assert page.locator("#chart-dark").count() == 0


def test_once_a_page_it_says_how_uncertainty_is_drawn(visit):
    page = visit("good/index.html")
    words = page.get_by_role("complementary", name="How uncertainty is drawn")
    assert words.locator("li:has(svg)").count() == 5


def test_a_chart_that_cannot_be_drawn_leaves_its_words(browser, site):
    page = browser.new_page()
    spoil = "JSON.parse = (parse => text => { if (text[0] === '{' && text.includes('Harbour'))"
    page.add_init_script(f"{spoil} throw new Error('spoilt'); return parse(text); }})(JSON.parse)")
    page.goto((site / "good/index.html").as_uri())
    page.locator("#chart-lamps.failed").get_by_text("Bar chart: more than 40 lamps").wait_for()
    assert page.locator("#chart-lamps .alternative").is_visible()
    page.close()


def test_a_reader_moves_a_chart_without_a_kernel(visit):
    page = visit("slider/index.html")
    slider = page.get_by_role("slider", name="Oil")
    image = page.get_by_role("img", name="Bar chart: more than 40 lamps")
    assert image.count() == 1
    drawn = image.inner_html()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "drawn => document.querySelector('.chart svg').innerHTML !== drawn", arg=drawn
    )


def test_a_figure_opens_its_observations(visit):
    page = visit("good/index.html")
    figure = page.locator("a.figure[data-formula]").first
    figure.click()
    panel = page.locator("dialog[open]")
    words = panel.inner_text()
    assert "Derived: 52 lamps − more than 40 lamps" in words
    panel.locator("summary", has_text="more than 40 lamps").click()
    panel.get_by_text("paragraph 10").wait_for()
    words = panel.inner_text()
    for said in ("40 or more", "June 2024", "Harbour", "the harbour office", "paragraph 10"):
        assert said in words
    for said in ("Harbour log", "Harbour office", "A floor, not a count.", "#obs-lamps-a"):
        assert said in words
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.dataset.formula") == "lamps-b − lamps-a"


def test_disputed_and_superseded_figures_say_so(visit):
    page = visit("good/index.html")
    marked = page.locator("a.disputed").first
    assert marked.inner_text().strip().endswith("(disputed)")
    marked.click()
    panel = page.locator("dialog[open]")
    panel.locator("summary", has_text="52 lamps").click()
    panel.get_by_text("Two logs differ by some lamps.").wait_for()
    listed = page.locator("#dispute-lamps-at-odds")
    assert "Two logs differ by some lamps." in listed.inner_text()
    assert page.locator("#obs-lamps-b .contested a").get_attribute("href") == (
        "#dispute-lamps-at-odds"
    )
    newer = panel.get_by_role("link", name="more than 40 lamps, June 2024")
    newer.click()
    assert page.url.endswith("#obs-lamps-a")
    assert page.locator("dialog[open]").count() == 0


def test_every_figure_answers_to_the_keyboard(visit):
    page = visit("good/index.html")
    assert figures_that_do_not_answer(page) == (page.locator("main a.figure").count(), [])


def test_from_the_top_by_keys_alone(visit):
    page = visit("good/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    page.keyboard.press("Enter")
    seen = []
    while len(seen) < 3:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.figure')"):
            seen.append(page.evaluate("document.activeElement.textContent"))
            page.keyboard.press("Enter")
            assert page.locator("dialog[open] .panel-body").inner_text()
            page.keyboard.press("Escape")
            assert page.evaluate("document.activeElement.textContent") == seen[-1]
    assert seen[:2] == ["more than 40 lamps", "up to 12 lamps (disputed)"]


def test_a_mark_opens_its_observation(visit):
    page = visit("good/index.html")
    page.locator("#chart-lamps svg .mark-rect path").first.click()
    assert "more than 40 lamps" in page.locator("dialog[open]").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "chart-panel"


def test_a_reader_takes_references_along(visit):
    page = visit("good/index.html")
    page.locator("#figure-lamps").get_by_role("button", name="Cite").click()
    panel = page.locator("dialog[open]")
    apa, bibtex, csl = (field.inner_text() for field in panel.locator("pre").all())
    assert "In the harbour more than 40 lamps burn. [Figure 1, as of 31 January 2025" in apa
    assert apa.endswith("good/index.html#figure-lamps")
    assert bibtex.startswith("@incollection{figure-lamps,")
    (item,) = json.loads(csl)
    assert (item["URL"], item["genre"]) == ("good/index.html#figure-lamps", "Figure 1")
    assert item["note"].startswith("Figure 1, as of 31 January 2025")
    assert "@@" not in apa + bibtex + csl
    button = panel.get_by_role("button", name="Copy: APA")
    button.click()
    panel.get_by_text("Copied").or_(panel.get_by_text("Selected")).wait_for()
    page.keyboard.press("Escape")
    own = page.locator("section[aria-labelledby=cite] pre").first
    assert own.inner_text().startswith("A. Lamps & lights [As of 31 January 2025")


def test_a_figure_is_cited_without_open_slots(visit):
    page = visit("good/index.html")
    page.locator("a.figure[data-observations='lamps-a']").first.click()
    panel = page.locator("dialog[open]")
    panel.locator("summary", has_text="Cite").click()
    panel.locator("pre").last.wait_for()
    forms = panel.locator("pre").all_inner_texts()
    assert len(forms) == 3
    assert "@@" not in " ".join(forms)
    assert json.loads(forms[-1])[0]["note"].startswith("figure lamps-a")


def test_marks_are_reached_by_keys(visit):
    page = visit("good/index.html")
    page.locator("#chart-lamps[data-drawn=yes]").wait_for()
    panel, told = page.locator(".chart-panel").first, page.locator(".told").first
    assert "arrows" in page.locator(f"#{panel.get_attribute('aria-describedby')}").inner_text()
    panel.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("ArrowRight")
    assert told.inner_text() == "Harbour: more than 40 lamps."
    assert told.get_attribute("role") == "status"
    ring = page.locator(".ring:visible").bounding_box()
    assert ring == pytest.approx(page.locator("#chart-lamps .mark-rect path").bounding_box(), abs=1)
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert "more than 40 lamps" in page.locator("dialog[open]").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "chart-panel"
    assert told.inner_text()
    page.keyboard.press("Escape")
    assert told.inner_text() == ""
    assert page.locator(".ring:visible").count() == 0
    page.keyboard.press("ArrowLeft")
    assert told.inner_text()
    page.keyboard.press("Tab")
    assert told.inner_text() == ""


def test_without_a_clipboard_the_reference_is_selected(visit):
    page = visit("good/index.html")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => { throw new Error('no'); }; 0"
    )
    section = page.locator("section[aria-labelledby=cite]")
    section.get_by_role("button", name="Copy: APA").click()
    assert page.evaluate("getSelection().toString()").startswith("A. Lamps & lights")
    assert "Selected" in section.inner_text()


def test_the_specification_of_a_chart_is_in_the_page(visit):
    page = visit("good/index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Vega-Lite").click()
    assert download.value.suggested_filename == "good-lamps.vl.json"
    spec = json.loads(download.value.path().read_text())
    assert spec["data"]["values"][0]["observation"] == "lamps-a"


def test_dark_is_remembered(browser, site):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto((site / "good/index.html").as_uri())
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    assert page.get_by_role("button", name="Dark", pressed=True).count() == 1
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(paper) == light
    context.close()


def test_on_paper_all_is_black_on_white(visit):
    page = visit("good/index.html", scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    style = page.evaluate(
        "['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])"
    )
    assert style == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert "grayscale" in page.evaluate(
        "getComputedStyle(document.querySelector('.chart svg')).filter"
    )
    assert not page.locator("header.site nav").first.is_visible()


def test_another_language_keeps_the_place(visit):
    page = visit("good/index.html", height=300)
    switch = page.get_by_role("navigation", name="Languages")
    assert switch.get_by_role("link", name="English").get_attribute("aria-current") == "page"
    page.locator("#figure-lamps").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('figure-lamps').scrollIntoView()")
    switch.get_by_role("link", name="Français").evaluate("link => link.click()")
    page.wait_for_url("**/good-fr/index.html#figure-lamps")
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.locator(".translation").is_visible()
    assert page.locator("#What-burns").count() == 1


def test_all_code_at_once(visit):
    page = visit("good/index.html")
    button = page.locator("button.all-code")
    button.click()
    assert page.locator("details.code:not([open])").count() == 0
    button.click()
    assert page.locator("details.code[open]").count() == 0


def test_without_scripts_findings_and_tables_are_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "good" / "index.html").as_uri())
    figure = page.locator("#figure-lamps")
    assert figure.locator(".headline").is_visible()
    assert figure.locator("table").is_visible()
    assert figure.get_by_text("Bar chart: more than 40 lamps").is_visible()
    assert page.locator("ul li", has_text="were lit").is_visible()
    assert page.locator("button:visible").count() == 0
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
