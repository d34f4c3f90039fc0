"""A report as PDF: tagged, with bookmarks, the same bytes every time."""

import re

import pytest
from reading import chromium
from registers import contest
from workshop import EXHIBIT, PROVENANCE, Works, code, display, edition, good_cells, text

from mss_analysis.cli import main
from mss_analysis.press import pdf

ADDRESS = "https://example.org/harbour/log"


def linked_cells():
    source = PROVENANCE["sources"]["log-one"] | {"url": ADDRESS}
    told = PROVENANCE | {"sources": {"log-one": source}}
    bundle = {
        "text/html": "",
        "application/vnd.mss.exhibit+json": EXHIBIT | {"id": "second"},
        "application/vnd.mss.provenance+json": told,
    }
    return [
        *good_cells(),
        text("Read [the manual](https://example.org/manual)."),
        code(display(bundle)),
    ]


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("pdf"))
    works.notebook("good", linked_cells())
    works.notebook("bad", [code("1 / 0")])
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), edition("bad"), front="good")
    return works


def export(works, target, name="good"):
    words = ["--editions", str(works.list), "--output", str(target), "--quiet"]
    return main(["export", "pdf", name, *words])


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def printed(works, browser):
    target = works.root / "out" / "good.pdf"
    assert export(works, target) == 0
    return target


@pytest.fixture(scope="module")
def document(printed):
    return pytest.importorskip("pypdf").PdfReader(printed)


def walk(element):
    """Every element of a structure tree."""
    element = element.get_object()
    if isinstance(element, list):
        for part in element:
            yield from walk(part)
    elif hasattr(element, "get"):
        yield element
        if "/K" in element:
            yield from walk(element["/K"])


@pytest.mark.browser
def test_it_is_tagged_and_says_its_language(document):
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    kinds = {str(element.get("/S")) for element in walk(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/Figure", "/Link"} <= kinds
    told = [str(e.get("/Alt")) for e in walk(root["/StructTreeRoot"]) if e.get("/S") == "/Figure"]
    assert any("How many lamps" in words for words in told), told


@pytest.mark.browser
def test_it_has_bookmarks_and_a_title(document):
    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [entry.title]

    found = [*titles(document.outline)]
    assert found[0] == "Lamps & lights"
    assert {"What burns", "Sources", "How to cite this report"} <= {*found}
    assert document.metadata.title.startswith("Lamps & lights")


@pytest.mark.browser
def test_words_of_long_titles_and_narrow_heads_stay_whole(browser, tmp_path):
    reader = pytest.importorskip("pypdf").PdfReader
    works = Works(tmp_path)
    title = " ".join(["Lamps that burn"] * 8)
    head = "".join(f"<th>Statements</th><th>{word}</th>" for word in ("Lamps", "Keepers", "Logs"))
    row = f"<td>few</td><td>{'Harbour log of the year ' * 6}</td>" * 3
    table = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"
    bundle = {"text/html": table, "application/vnd.mss.provenance+json": PROVENANCE}
    works.notebook("long", [text(f"# {title}\n\n## {title} anew"), code(display(bundle))])
    works.plan(edition("long"))
    assert export(works, tmp_path / "long.pdf", "long") == 0
    document = reader(tmp_path / "long.pdf")
    assert document.outline[0].title == title
    assert document.outline[1][0].title == f"{title} anew"
    words = " ".join(page.extract_text() for page in document.pages)
    assert words.count("Statements") == 3


@pytest.mark.browser
def test_it_is_a4_and_holds_figures_tables_and_addresses(document):
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
    words = " ".join(page.extract_text() for page in document.pages)
    words = re.sub(r"\s+", " ", words)
    assert "(https://example.org/manual)" in words
    assert ADDRESS in words.replace("/ ", "/")
    for part in (
        "How many lamps <b>burn</b>?",
        "more than 40 lamps",
        "Harbour log",
        "paragraph 10",
    ):
        assert part in words, part
    assert "printed <plain>" in words
    assert "Show all code" not in words


@pytest.mark.browser
def test_it_is_the_same_every_time_and_carries_the_day_of_its_data(works, printed, tmp_path):
    assert export(works, tmp_path) == 0
    content = (tmp_path / "good.pdf").read_bytes()
    assert content == printed.read_bytes()
    assert b"/CreationDate (D:20250131000000+00'00')" in content


@pytest.mark.browser
def test_one_file_cannot_hold_several_reports(works, browser, tmp_path, capsys):
    works.notebook("two")
    works.plan(
        edition("good", vintages=["latest", "2024-07-01"]),
        edition("bad"),
        edition("two", slug="one-two"),
        edition("two", slug="two-two"),
    )
    assert export(works, tmp_path / "x.pdf", "two") == 2
    assert "two is several reports" in capsys.readouterr().err


@pytest.mark.browser
def test_a_report_that_fails_gives_no_pdf(works, browser, tmp_path, capsys):
    assert export(works, tmp_path, "bad") == 1
    assert [*tmp_path.iterdir()] == []
    assert "bad, cell 1: ZeroDivisionError" in capsys.readouterr().err


def test_without_a_browser_it_says_what_to_install(works, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("MSS_CHROMIUM", raising=False)
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    assert export(works, tmp_path) == 2
    said = capsys.readouterr().err
    assert "apt install chromium" in said
    assert "MSS_CHROMIUM" in said
    monkeypatch.setenv("MSS_CHROMIUM", "/no/such/browser")
    assert export(works, tmp_path) == 2
    assert "/no/such/browser" in capsys.readouterr().err


def test_a_browser_that_fails_is_told_of(tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    monkeypatch.setenv("MSS_CHROMIUM", str(broken))
    with pytest.raises(pdf.PressError, match="could not print \\(exit code 7\\)"):
        pdf.print_page("<p>words</p>")


@pytest.mark.browser
def test_figures_that_the_register_disputes_are_marked(browser, tmp_path, monkeypatch):
    reader = pytest.importorskip("pypdf").PdfReader
    works = Works(tmp_path)
    contest(works, monkeypatch)
    assert export(works, tmp_path / "good.pdf") == 0
    document = reader(tmp_path / "good.pdf")
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in document.pages))
    # Raised signs of a line are read out after it; one in a table stands with its figure.
    assert re.search(r"Harbour more than 40 lamps ?≠", words)
    assert "40 lamps are not 52 lamps" in words
