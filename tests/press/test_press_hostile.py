"""Hostile text in every field of words: none of it runs, none of it breaks a page or a table."""

import csv
import io
import re
import shutil
from contextlib import contextmanager
from html import escape
from pathlib import Path

import pytest
from hostile import PAYLOADS, UNSEEN, plant
from reading import chromium, reading
from workshop import EXHIBIT, FINDINGS, OBSERVATION, PROVENANCE, SPEC, Works, code, display, edition

from mss_analysis.check import check
from mss_analysis.exhibit import write_csv
from mss_analysis.press import build
from mss_analysis.press.single import enclose
from mss_analysis.prose import name

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ("overview", "casualties", "deployment", "funding", "risks", "sources")
# What a program runs that reads a table; the last four are wide forms.
FORMULA = re.compile(r"(^|[;\t\r\n])[=+\-@\t\r\n＝＋－＠]")
# What may stand in a page of ours; text that broke out would add others.
FOREIGN = (
    "iframe, object, embed, base, meta[http-equiv=refresh], plaintext, math, img, video, audio,"
    " form:not(.search):not(.vega-bindings), a[href^='javascript:' i], a[href^='data:text/html' i]"
)
LONG = 10 * 1024 * 1024


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return plant(ROOT / "data", tmp_path_factory.mktemp("planted") / "data")


@pytest.fixture(scope="module")
def works(planted, tmp_path_factory):
    """The project's own notebooks, on evidence that is spoiled throughout."""
    works = Works(tmp_path_factory.mktemp("hostile"))
    works.plan(
        *(
            {
                "notebook": str(ROOT / "notebooks" / f"{stem}.ipynb"),
                "title": f"{payload} {stem}",
                "summary": payload,
                "group": payload,
                "parameters": {"corpus": "seed"},
            }
            for stem, payload in zip(NOTEBOOKS, PAYLOADS, strict=False)
        ),
        title=PAYLOADS[0],
        subtitle=PAYLOADS[1],
        description=PAYLOADS[3],
        licence=PAYLOADS[4],
        citation={"authors": PAYLOADS[6], "title": PAYLOADS[0], "url": PAYLOADS[17]},
        front="overview",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MSS_DATA", str(planted))
        full = build(works.list, works.site)
        assert full.exit_code == 0, full.summary()
        light = build(works.list, works.root / "light", ["overview", "risks"], light=True)
        assert light.exit_code == 0, light.summary()
    return works


def fields():
    """A report whose every part that comes from data is a payload."""
    shown = list(PAYLOADS)
    known = {
        f"lamp-{number}": OBSERVATION
        | dict.fromkeys(("wording", "indicator", "when", "place", "party", "who", "note"), words)
        | {"source": f"log-{number}", "locator": words, "population": words, "status": words}
        for number, words in enumerate(shown)
    }
    sources = {
        f"log-{number}": dict.fromkeys(("title", "publisher", "published", "type", "note"), words)
        | {"url": words}
        for number, words in enumerate(shown)
    }
    cells = "".join(
        f'<tr><th>{name(words).html}</th><td><a class="figure" href="#obs-lamp-{number}"'
        f' data-observations="lamp-{number}" data-formula="{escape(words)}">{escape(words)}</a>'
        for number, words in enumerate(shown)
    )
    values = [
        {"n": number, "k": words, "says": f"Lamps: {words}."} for number, words in enumerate(shown)
    ]
    at = SPEC["encoding"] | {
        "tooltip": {"field": "says"},
        "color": {"field": "k", "legend": {"symbolLimit": 99}},
    }
    told = {
        "observations": known | PROVENANCE["observations"],
        "sources": sources | PROVENANCE["sources"],
    }
    exhibit = EXHIBIT | {
        "title": PAYLOADS[0],
        "alt": " ".join(shown),
        "subtitle": " ".join(shown),
        "headline": f"<p>{name(PAYLOADS[4]).html}</p>",
        "sources": f"<p>{name(PAYLOADS[5]).html}</p>",
        "table": f"<table>{cells}</table>",
        "spec": SPEC | {"data": {"values": values}, "encoding": at, "description": PAYLOADS[1]},
        "csv": write_csv({"Lamps": words} for words in shown),
        "observations": list(known),
    }
    findings = [
        FINDINGS["findings"][0]
        | {"label": words, "formula": words, "text": words, "id": f"f-{number}"}
        | {"html": name(words).html, "observations": ["lamp-1"]}
        for number, words in enumerate(shown)
    ]
    return {
        "text/html": f"<p>{name(PAYLOADS[2]).html}</p>",
        "application/vnd.mss.provenance+json": PROVENANCE | told,
        "application/vnd.mss.exhibit+json": exhibit,
        "application/vnd.mss.findings+json": {"findings": findings},
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The site of such a report: full, light, and in one file."""
    works = Works(tmp_path_factory.mktemp("fields"))
    works.notebook("fields", [code(display(fields()))])
    works.plan(edition("fields"), front="fields")
    for site, is_light in ((works.site, False), (works.root / "light", True)):
        result = build(works.list, site, light=is_light)
        assert result.exit_code == 0, result.summary()
    alone = works.root / "fields.html"
    alone.write_text(enclose(works.site / "fields" / "index.html"), encoding="utf-8")
    return [*sorted(works.site.rglob("*.html")), *sorted(works.root.glob("light/**/*.html")), alone]


@pytest.fixture(scope="module")
def open_page():
    """Open a page as a reader does; it must stay quiet, and ask for nothing from elsewhere."""

    @contextmanager
    def visit(path):
        with reading(browser, path) as page:
            page.on("dialog", lambda dialog: pytest.fail(f"{path} opened a dialog"))
            yield page
            assert page.evaluate("window.harm") is None, path
            assert page.url.partition("#")[0] == path.as_uri()
            assert page.locator(FOREIGN).count() == 0, path
            assert page.locator("footer.site").count() == 1, path

    with chromium() as browser:
        yield visit


def open_panels(page, number):
    """Open the panels of the first figures, where there are panels."""
    if page.locator("dialog.panel").count():
        for figure in page.locator("article a.figure").all()[:number]:
            figure.evaluate("link => link.click()")
            page.keyboard.press("Escape")


def touch_marks(page):
    """Move over each mark of a living chart, and choose it."""
    touch = """mark => ["pointerover", "pointermove", "mouseover", "mousemove", "click"].forEach(
        kind => mark.dispatchEvent(new PointerEvent(kind, {bubbles: true})))"""
    marks = page.locator(".chart[data-spec] svg .role-mark path").all()
    for mark in marks:
        mark.evaluate(touch)
        page.keyboard.press("Escape")
    assert not marks or page.locator("#vg-tooltip-element", has_text="Lamps").count()


def squeeze(words):
    return " ".join(words.split())


@pytest.mark.browser
def test_spoiled_evidence_is_shown_and_does_nothing(works, open_page):
    shown = ""
    for path in sorted(works.root.glob("*/**/index.html")):
        with open_page(path) as page:
            shown += page.evaluate("document.documentElement.textContent")
            open_panels(page, 3)
    words = squeeze(shown)
    missing = [payload for payload in PAYLOADS if squeeze(payload) not in words]
    assert missing == []


@pytest.mark.browser
def test_a_payload_in_each_part_of_a_report_does_nothing(pages, open_page):
    for path in pages:
        with open_page(path) as page:
            open_panels(page, len(PAYLOADS))
            touch_marks(page)
            if path.parent.name == "fields":
                words = squeeze(page.evaluate("document.documentElement.textContent"))
                assert [p for p in PAYLOADS if squeeze(p) not in words] == [], path


def test_every_table_is_neutral_and_reads_back(works):
    tables = sorted(works.site.glob("*/*.csv"))
    assert len(tables) > 30
    cells = set()
    for path in tables:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, strict=True)
        assert rows, path
        assert {len(row) for row in rows} == {len(header)}, path
        words = {cell for row in [header, *rows] for cell in row}
        cells |= words
        harmful = [
            w for w in words if FORMULA.search(w) and not re.fullmatch(r"-?[\d.]+(e\d+)?", w)
        ]
        assert harmful == [], path
    for payload in PAYLOADS:
        if FORMULA.search(payload):
            neutral = re.sub(r"^|(?<=;)(?==)", "'", payload) if payload[0] in "=+-@" else None
            neutral = neutral or payload.replace(";=", ";'=")
            assert any(neutral in cell or neutral.replace(";", ",") in cell for cell in cells), (
                payload
            )


@pytest.mark.parametrize("words", [p for p in PAYLOADS if FORMULA.search(p)])
def test_a_formula_is_written_as_words(words):
    (heading,), (cell,) = csv.reader(io.StringIO(write_csv([{words: name(words)}])))
    for told in (heading, cell):
        assert not FORMULA.search(told)
        assert told.replace("'", "") == words.replace("'", "")


def test_spoiled_evidence_is_sound_to_the_check(planted):
    """Angle brackets and equals signs are text like any other; it is for pages to cope."""
    assert check(planted) == []


def test_unseen_characters_are_refused_with_their_place(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    path = folder / "sources.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    kinds = {kind: mark for kind, mark in UNSEEN.items() if kind != "NUL"}
    for number, mark in enumerate(kinds.values()):
        rows[number][header.index("title")] += f"{mark}words"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    places = folder / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace(",Haiti,", ",Hai\0ti,", 1))
    found = {
        (problem.file, problem.row, problem.column): problem.reason for problem in check(folder)
    }
    for row in range(2, 2 + len(kinds)):
        assert "another unseen character" in found["sources.csv", row, "title"]
    assert any(file == "places.csv" and "NUL" in reason for (file, *_), reason in found.items())


def test_a_cell_of_ten_megabytes_is_refused(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    path = folder / "sources.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",dated in", "," + "A" * LONG + " dated in", 1), encoding="utf-8")
    assert len(path.read_bytes()) > LONG
    problems = check(folder)
    assert any("more than 131,072 characters" in problem.reason for problem in problems)
    assert max(len(str(problem)) for problem in problems) < 2_000


@pytest.mark.browser
def test_ten_megabytes_in_a_report_break_nothing(tmp_path, open_page):
    works = Works(tmp_path)
    told = PROVENANCE["observations"] | {"lamps-a": OBSERVATION | {"note": "LONG"}}
    bundle = {
        "text/html": "",
        "application/vnd.mss.provenance+json": PROVENANCE | {"observations": told},
        "application/vnd.mss.exhibit+json": EXHIBIT,
    }
    # Made by the cell: IPython reads so long a source for many seconds.
    longer = display(bundle).replace("), raw=", f".replace('LONG', 'A' * {LONG})), raw=")
    works.notebook("long", [code(longer)])
    works.plan(edition("long"))
    for site, is_light in ((works.site, False), (works.root / "light", True)):
        assert build(works.list, site, light=is_light).exit_code == 0
        with open_page(site / "long" / "index.html") as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
            assert page.locator("figure.exhibit svg").first.is_visible()
