"""The built site, as readers meet it: on a phone, in the dark, by keyboard, without scripts.

`MSS_READ=all` reads every page in every light and width and walks by keys to every figure and mark;
without it each report is read once, the newest more closely, and a sample of the documents and
contradictions.
`MSS_SITE=folder` reads a site that is built already.
"""

import csv
import os
from itertools import cycle, islice, product
from pathlib import Path

import pytest
from reading import (
    SCHEMES,
    WIDTHS,
    change_look,
    chromium,
    figures_that_do_not_answer,
    marks_that_do_not_answer,
    missing_marks,
    overflow,
    reading,
    unfold,
    violations,
)

from mss_analysis.look import INK, MUTED, PALETTE

pytestmark = pytest.mark.browser
EVERYTHING = os.environ.get("MSS_READ") == "all"
LOOKS = tuple(product(WIDTHS, SCHEMES))
# Into so many parts reading everything is split, for as many processors as there are.
SHARES = 40 if EVERYTHING else 1
# Folders of hundreds of pages that are made alike, and how many of them stand for one.
LISTED, EACH = {"documents", "contradictions"}, 150
CLOSELY = ("index.html", "overview/index.html", "casualties/index.html", "risks/index.html")


@pytest.fixture(scope="module")
def read_site(request):
    folder = os.environ.get("MSS_SITE")
    return Path(folder).resolve() if folder else request.getfixturevalue("site")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def pages(site):
    """The site's own pages, and those of its long lists."""
    every = sorted(site.rglob("*.html"), key=str)
    alike = [page for page in every if LISTED & set(page.relative_to(site).parts)]
    return [page for page in every if page not in set(alike)], alike


def visits(site):
    """Each page to be opened, with the looks to see it in.

    A page with charts is opened anew for each look, which its charts are drawn for.
    """
    own, alike = pages(site)
    if EVERYTHING:
        yield from ((page, (look,)) for page in own for look in LOOKS)
        yield from ((page, LOOKS) for page in alike)
        return
    for few in (own, alike[::EACH]):
        yield from ((page, (look,)) for page, look in zip(few, cycle(LOOKS), strict=False))


def complaints(page):
    """What is wrong with an open page: its width, its charts and, if all is asked for, the rest."""
    yield "wider than the window", overflow(page)
    yield "marks are missing", missing_marks(page)
    if EVERYTHING:
        unfold(page)
        yield "unfolded, wider than the window", overflow(page)
        yield "unfolded, marks are missing", missing_marks(page)
        yield "axe-core", violations(page)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_quiet_whole_and_no_wider_than_the_window(read_site, browser, share):
    wrong = []
    for path, looks in islice(visits(read_site), share, None, SHARES):
        with reading(browser, path, *looks[0]) as page:
            for look in looks:
                change_look(page, *look)
                found = complaints(page)
                at = (str(path.relative_to(read_site)), *look)
                wrong += [(*at, what, how) for what, how in found if how]
    assert wrong == []


def walks(site, share, part):
    """Pages with this part, to be walked through in one look: none changes what a key does."""
    if not EVERYTHING:
        return [site / "overview" / "index.html"]
    own, alike = pages(site)
    every = islice((*own, *alike), share, None, SHARES)
    return [path for path in every if f'class="{part}"' in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_mark_of_a_chart_answers_to_keys(read_site, browser, share):
    for path in walks(read_site, share, "chart"):
        with reading(browser, path, *LOOKS[0]) as page:
            unfold(page)
            tried, silent = marks_that_do_not_answer(page, 0 if EVERYTHING else 30)
            assert tried, path
            assert silent == [], path


@pytest.mark.parametrize("share", range(SHARES))
def test_every_figure_is_reached_opened_and_left_by_keys(read_site, browser, share):
    for path in walks(read_site, share, "panel"):
        with reading(browser, path, *LOOKS[0]) as page:
            met, wrong = figures_that_do_not_answer(page, 1 if EVERYTHING else 15)
            assert met, path
            assert wrong == [], path


@pytest.mark.skipif(EVERYTHING, reason="every page is read that way")
@pytest.mark.parametrize(("path", "look"), list(zip(CLOSELY, LOOKS, strict=True)))
def test_the_newest_pages_read_closely(read_site, browser, path, look):
    with reading(browser, read_site / path, *look) as page:
        assert violations(page) == []


def test_everybody_can_use_an_open_panel(read_site, browser):
    with reading(browser, read_site / "overview-reading-list" / "index.html") as page:
        page.locator("main a.figure").first.click()
        assert page.locator("dialog.panel").is_visible()
        assert violations(page) == []


def test_a_figure_opens_the_paragraph_it_comes_from(read_site, browser):
    with reading(browser, read_site / "casualties-reading-list" / "index.html") as page:
        page.locator("a.figure", has_text="at least 5,600 people").first.click()
        panel = page.locator("dialog.panel")
        for fold in panel.locator("summary").all():
            fold.click()
        panel.get_by_text("#obs-killed-2024-003-p10").first.wait_for()
        assert "paragraph 10" in panel.inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("anchor", ["#figure-hunger", "#Children"])
def test_a_place_asked_for_stays_in_sight_while_charts_grow(read_site, browser, width, anchor):
    with reading(browser, read_site / "casualties" / "index.html", width, anchor=anchor) as page:
        page.wait_for_timeout(500)
        assert 0 <= page.locator(anchor).bounding_box()["y"] < 100
        page.mouse.wheel(0, -600)
        page.wait_for_function(
            f"document.querySelector({anchor!r}).getBoundingClientRect().top > 500"
        )


def test_an_address_that_nobody_wrote_breaks_nothing(read_site, browser):
    with reading(browser, read_site / "overview" / "index.html", anchor="#50%") as page:
        page.locator("main a.figure").first.click()
        assert page.locator("dialog.panel").is_visible()


def test_a_mark_of_a_derived_figure_tells_how_it_was_derived(read_site, browser):
    with reading(browser, read_site / "casualties" / "index.html") as page:
        chart = page.locator("#figure-toll-by-quarter")
        chart.locator("[tabindex='0']:has(.chart)").focus()
        for _ in range(40):
            page.keyboard.press("ArrowRight")
            if "between" in chart.locator(".told").inner_text():
                break
        page.keyboard.press("Enter")
        assert "together leave possible" in page.locator("dialog.panel").inner_text()


def test_who_comes_back_to_the_search_finds_the_answers(read_site, browser):
    with reading(browser, read_site / "search.html") as page:
        page.locator("form.search input").fill("benin")
        page.wait_for_url("**#q=benin")
        page.locator(".search-results a").first.click()
        page.wait_for_url("**/documents/**")
        page.go_back()
        page.get_by_text("results for “benin”").wait_for()


def test_the_slider_of_costs_divides_each_balance_without_a_network(read_site, browser):
    folder = read_site / "funding"
    with (folder / "runway-slider.csv").open(encoding="utf-8") as lines:
        balances = [row for row in csv.DictReader(lines) if row["Balance (high)"]]
    exact = [row for row in balances if row["Balance (low)"] == row["Balance (high)"]]
    with reading(browser, folder / "index.html") as page:
        unfold(page)
        chart = page.locator("#figure-runway-slider .chart")
        slider = chart.locator("input[type=range]")
        for cost in (200, 400):
            slider.fill(str(cost))
            # Balance over a year's cost, times twelve months: $113 million at 200 last 6.8.
            months = [f"{float(row['Balance (low)']) / cost / 1e6 * 12:.1f}" for row in exact]
            chart.locator("svg text", has_text=months[-1]).first.wait_for()
            words = chart.locator("svg").text_content()
            assert [each for each in months if each not in words] == []


def test_without_scripts_findings_and_tables_are_there(read_site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((read_site / "funding" / "index.html").as_uri())
    assert page.locator("ul.findings li").first.is_visible()
    figures = page.locator("figure.exhibit:has(.chart)")
    for figure in figures.all():
        assert figure.locator(".alternative").is_visible()
        assert figure.locator("table").first.is_visible()
    page.locator("a.figure").first.click()
    assert "#obs-" in page.url
    context.close()


DARK = "#16191c"
# What `--chart` does to a colour: invert(0.93), then hue-rotate(180deg).
INVERSION = 0.93
HALF_TURN = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))


def channels(colour):
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def in_the_dark(colour):
    turned = [INVERSION + part * (1 - 2 * INVERSION) for part in channels(colour)]
    mixed = [sum(k * part for k, part in zip(row, turned, strict=True)) for row in HALF_TURN]
    return [min(1, max(0, part)) for part in mixed]


def contrast(one, other):
    def luminance(parts):
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(k * p for k, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", PALETTE)
def test_marks_stand_out_in_the_dark(colour):
    assert contrast(in_the_dark(colour), channels(DARK)) >= 3


@pytest.mark.parametrize("colour", [INK, MUTED])
def test_words_of_charts_can_be_read_in_the_dark(colour):
    assert contrast(in_the_dark(colour), channels(DARK)) >= 4.5
