"""The pages around the reports in a reader's browser, opened from the file system."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from hostile import PAYLOADS, plant
from reading import (
    SCHEMES,
    WIDTHS,
    chromium,
    figures_that_do_not_answer,
    overflow,
    reading,
    unfold,
    violations,
)
from registers import plan_site, write_register
from workshop import Works, edition, text

from mss_analysis.press import build

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index.html",
    "index.fr.html",
    "search.html#q=log",
    "documents/index.html",
    "documents/publishers.html",
    "documents/log-two.html",
    "contradictions/index.html",
    "contradictions/lamps-at-odds.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("around"))
    write_register(works)
    plan_site(works)
    assert build(works.list, works.site).exit_code == 0
    return works.site


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, site):
    """Open a page of the site; afterwards it must have been quiet."""
    with ExitStack() as stack:

        def open_page(path, **options):
            name, _, anchor = path.partition("#")
            page = stack.enter_context(reading(browser, site / name, **options))
            if anchor:
                page.evaluate("anchor => { location.hash = anchor; }", anchor)
            return page

        yield open_page


def ask(page, words):
    page.get_by_role("searchbox").fill(words)
    status = page.get_by_role("status").filter(has_text=words)
    status.wait_for()
    return status.inner_text(), page.locator(".search-results li").all_inner_texts()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("second lo", "Source"),
        ("lamps lit", "Contradiction"),
        ("more than 40 lit", "Finding"),
        ("fete ode", "Event"),
        ("FÊTE òde", "Event"),
        ("how burn", "Chart"),
    ],
)
def test_the_front_page_finds(visit, words, kind):
    told, found = ask(visit("index.html"), words)
    assert "result" in told
    assert any(kind in entry for entry in found), found


@pytest.mark.parametrize(
    ("language", "words", "entry"),
    [
        ("fr", "déplacés", "Femmes déplacées"),
        ("fr", "deplace", "Femmes déplacées"),
        ("fr", "viols", "Viol"),
        ("fr", "enfants soldats", "Enfant soldat"),
        ("fr", "noyau", "Noyaux"),
        ("fr", "noyaux", "Noyaux"),
        ("en", "countries", "Country of losses"),
        ("en", "pledge loss", "Pledges and losses"),
        ("en", "boxes", "Box"),
    ],
)
def test_a_search_knows_the_forms_of_words(visit, language, words, entry):
    page = visit("index.fr.html" if language == "fr" else "index.html")
    named = ("Femmes déplacées", "Viol", "Enfant soldat", "Noyaux")
    named += ("Country of losses", "Pledges and losses", "Box", "Mission")
    index = json.dumps([["finding", name, "", "#"] for name in named])
    # The index stands in a script: what it would define is there before it.
    page.evaluate(
        """index => {
            window.SEARCH_INDEX = JSON.parse(index);
            document.head.appendChild = script => setTimeout(script.onload);
        }""",
        index,
    )
    page.get_by_role("searchbox").fill(words)
    page.locator(".search-results li").first.wait_for()
    assert page.locator(".search-results a").all_inner_texts() == [entry]


@pytest.mark.parametrize("words", ["mise", "déplacement", "violon"])
def test_a_search_takes_no_other_word_for_a_form(visit, words):
    page = visit("index.fr.html")
    page.evaluate(
        """() => {
            window.SEARCH_INDEX = [["finding", "Mission, déplacés, viol", "", "#"]];
            document.head.appendChild = script => setTimeout(script.onload);
        }"""
    )
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("status").filter(has_text=words).wait_for()
    assert page.locator(".search-results li").count() == 0


def test_what_is_not_there_is_not_found(visit):
    told, found = ask(visit("index.html"), "zeppelin <b>")
    assert told == "Nothing was found for “zeppelin <b>”."
    assert found == []


def test_a_result_is_reached_by_keyboard(visit, site):
    page = visit("index.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("second log")
    page.get_by_role("status").filter(has_text="second log").wait_for()
    # Past the button, to the first result.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/log-two.html*")
    assert page.locator("h1").inner_text() == "Second log"


def test_a_search_has_an_address(visit):
    page = visit("search.html#q=Second%20log")
    page.get_by_role("status").filter(has_text="Second log").wait_for()
    assert page.get_by_role("searchbox").input_value() == "Second log"
    page.get_by_role("searchbox").fill("harbour")
    page.keyboard.press("Enter")
    assert page.url.endswith("#q=harbour")


def test_each_language_has_its_own_index(visit):
    page = visit("search.fr.html#q=log")
    page.locator(".search-results li a").first.wait_for()
    addresses = page.eval_on_selector_all(".search-results a", "all => all.map(a => a.href)")
    assert addresses
    assert all(".fr.html" in address for address in addresses)


@pytest.mark.parametrize("path", ["index.html", "contradictions/lamps-at-odds.html"])
def test_a_figure_opens_its_source(visit, path):
    page = visit(path)
    page.locator("main a.figure").first.click()
    panel = page.locator("dialog[open]")
    assert "Harbour log" in panel.inner_text()
    link = panel.locator("a[href*='documents/log-one.html']").first
    link.click()
    page.wait_for_url("**/log-one.html")
    assert "more than 40 lamps" in page.locator("main").inner_text()


def test_without_scripts_everything_is_reached(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator("main a.figure").first.click()
    assert page.url.endswith("index.html#obs-lamps-a")
    assert page.locator(":target").is_visible()
    page.goto((site / "search.html").as_uri())
    assert page.get_by_role("searchbox").count() == 0
    page.get_by_role("link", name="Documents").first.click()
    page.get_by_role("link", name="Second log").click()
    assert page.locator("h1").inner_text() == "Second log"
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_every_page(visit, path, scheme):
    for width in WIDTHS:
        page = visit(path, width=width, scheme=scheme)
        if "#q=" in path:
            page.locator(".search-results li").first.wait_for()
        assert overflow(page) <= 0
        unfold(page)
        assert overflow(page) <= 0
        assert violations(page) == []


@pytest.mark.parametrize("path", ["index.html", "contradictions/lamps-at-odds.fr.html"])
def test_every_figure_answers_to_the_keyboard(visit, path):
    count, wrong = figures_that_do_not_answer(visit(path))
    assert count > 1
    assert wrong == []


def test_spoiled_evidence_is_shown_and_does_nothing(browser, tmp_path):
    works = Works(tmp_path)
    works.notebook("plain", [text("# Plain")])
    works.plan(edition("plain"), title=PAYLOADS[0], description=PAYLOADS[3])
    entry = {
        "function": "mss_analysis.register:describe_register",
        "parameters": {"corpus": "seed"},
    }
    plan = yaml.safe_load(works.list.read_text())
    works.list.write_text(yaml.safe_dump(plan | {"register": entry}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MSS_DATA", str(plant(ROOT / "data", tmp_path / "planted")))
        assert build(works.list, works.site).exit_code == 0
    pages = [path for path in works.site.rglob("*.html") if path.parent.name != "plain"]
    assert len(pages) > 10
    for path in pages:
        with reading(browser, path) as page:
            unfold(page)
            if path.name == "search.html":
                page.get_by_role("searchbox").fill("harm")
                page.locator(".search-results li").first.wait_for()
            assert page.evaluate("window.harm") is None, path
            assert page.locator("a[href^='javascript:' i], iframe, base, img, math").count() == 0
            assert overflow(page) <= 0, path
