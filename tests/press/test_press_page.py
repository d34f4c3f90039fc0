import json
import re
import subprocess
import sys

import nbformat
import pytest
from markupsafe import Markup
from workshop import DERIVED, EXHIBIT, FINDINGS, LINK, PROVENANCE, code, text

from mss_analysis import language
from mss_analysis.press import gate
from mss_analysis.press.citation import cite, cite_part, day_in_words
from mss_analysis.press.exporter import ReportExporter
from mss_analysis.press.frame import lone_frame
from mss_analysis.press.page import Block, Page, json_for_script, mark_disputes, read_page
from mss_analysis.press.render import Renderer
from mss_analysis.press.words import (
    mark_up,
    mark_up_plural,
    write_bounds,
    write_number,
    write_place,
)


def displayed(*bundles):
    cell = code("x = 1 < 2")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data) for data in bundles]
    return cell


def sample():
    return nbformat.v4.new_notebook(
        cells=[
            text("# Lamps & lights"),
            text("## Same\n\n## Same"),
            displayed(
                {
                    "application/vnd.mss.exhibit+json": EXHIBIT,
                    "text/html": "fallback",
                    "application/vnd.mss.provenance+json": PROVENANCE,
                },
                {"application/vnd.mss.exhibit+json": EXHIBIT | {"id": "two", "spec": None}},
                {"application/vnd.mss.findings+json": FINDINGS, "text/html": f"<p>{LINK}</p>"},
                {"text/plain": "<b>plain</b>"},
            ),
        ]
    )


def test_page_gathers_what_cells_left():
    page = read_page(sample())
    assert page.title == "Lamps & lights"
    assert len({heading.anchor for heading in page.contents}) == 2
    assert [exhibit.number for exhibit in page.exhibits] == [1, 2]
    assert list(page.observations) == ["lamps-a", "lamps-b"]
    assert list(page.sources) == ["log-one"]
    assert page.figures == 9
    assert page.findings[0]["high"] is None


def test_bundles_may_come_as_one_text():
    packed = sample()
    for output in packed.cells[2].outputs:
        for kind in ("exhibit", "provenance"):
            if (kind := f"application/vnd.mss.{kind}+json") in output.data:
                output.data[kind] = json.dumps(output.data[kind])
    assert read_page(packed) == read_page(sample())
    assert gate.inspect(packed) == gate.inspect(sample())


@pytest.mark.parametrize("name", ["../up", "", "a b", "a/b"])
def test_exhibit_ids_must_name_files(name):
    bundle = {"application/vnd.mss.exhibit+json": EXHIBIT | {"id": name}}
    with pytest.raises(ValueError, match="cannot name a file"):
        read_page(nbformat.v4.new_notebook(cells=[displayed(bundle)]))


def test_exhibit_ids_come_once():
    bundle = {"application/vnd.mss.exhibit+json": EXHIBIT}
    with pytest.raises(ValueError, match="two exhibits"):
        read_page(nbformat.v4.new_notebook(cells=[displayed(bundle, bundle)]))


def test_specs_cannot_end_their_script():
    assert "<" not in json_for_script({"a": "</script><!--"})


def test_lone_page_holds_everything_and_escapes_titles():
    html, _ = ReportExporter().from_notebook_node(sample())
    assert "How many lamps &lt;b&gt;burn&lt;/b&gt;?" in html
    assert '<figure id="figure-lamps"' in html
    assert "Figure 2" in html
    assert "fallback" not in html
    assert "&lt;b&gt;plain&lt;/b&gt;" in html
    assert 'id="obs-lamps-a"' in html
    assert "never-cited" not in html
    assert "paragraph 10" in html
    assert 'id="src-log-one"' in html
    assert "<script src" not in html
    assert '<link rel="stylesheet"' not in html
    assert "As of <time" in html


def test_nbconvert_knows_the_exporter(tmp_path):
    """By its dotted name, which needs no installed entry point."""
    path = tmp_path / "executed.ipynb"
    nbformat.write(sample(), path)
    command = [sys.executable, "-m", "nbconvert", "--to"]
    subprocess.run(
        [*command, "mss_analysis.press.exporter.ReportExporter", str(path)],
        check=True,
        capture_output=True,
    )
    assert "Lamps &amp; lights" in (tmp_path / "executed.html").read_text()


def test_dates_in_words():
    assert day_in_words("2025-01-31") == "31 January 2025"
    assert day_in_words("2024-06") == "June 2024"
    assert day_in_words("2024") == "2024"
    assert day_in_words("latest") == "latest"


def test_citation_escapes_tex():
    words = {"authors": "A & B", "year": 2026, "version": "0.1"}
    apa, bibtex, _ = cite(words, "Site", "50% {open}?", "2024-07-01", "f" * 64, "https://x.org/r/")
    assert apa == (
        "A & B. (2026). 50% {open}? [As of 1 July 2024, data fingerprint ffffffffffff]."
        " In: Site (version 0.1). https://x.org/r/"
    )
    assert r"50\% open?" in bibtex
    assert r"A \& B" in bibtex
    assert bibtex.count("{") == bibtex.count("}")


def test_citation_as_csl_json_has_no_empty_fields():
    (item,) = json.loads(cite({"authors": "A"}, "Site", "R", "", "").csl)
    assert item == {
        "id": "r",
        "type": "chapter",
        "title": "R",
        "container-title": "Site",
        "author": [{"literal": "A"}],
        "language": "en",
    }


def test_a_part_is_cited_by_slots_that_a_page_fills():
    part = cite_part({}, "Site", "Lamps & lights", "2024-07-01", "")
    assert part.apa.startswith("Site. @@part@@ [@@kind@@, as of 1 July 2024].")
    assert "@incollection{@@anchor@@," in part.bibtex
    (item,) = json.loads(part.csl)
    assert item["container-title"] == "Lamps & lights. Site"


def read(*cells):
    return read_page(nbformat.v4.new_notebook(cells=list(cells)))


def test_disputed_figures_carry_a_mark_in_words():
    provenance = {"application/vnd.mss.provenance+json": PROVENANCE}
    counted = DERIVED.replace("lamps-b − lamps-a", "count(lamps-a, lamps-b)")
    page = read(displayed({"text/html": f"<p>{LINK} {DERIVED} {counted}</p>", **provenance}))
    (block,) = [block for block in page.blocks if block.kind == "html"]
    # The stated figure is undisputed; the derived one is not; a count of rows stands anyway.
    assert block.html.count('class="figure disputed"') == 1
    assert 'up to 12 lamps<span class="mark"><span class="unseen"> (disputed)</span>' in block.html
    assert gate.unlinked(block.html) == []


def test_method_and_question_are_told_apart():
    page = read(text("**Question.** Why?\n\nPlain.\n\n**Method.** So.\n\n**One.** No box."))
    (block,) = page.blocks
    assert '<p class="asked"><strong>Question.' in block.html
    assert '<p class="aside"><strong>Method.' in block.html
    assert "<p>Plain.</p>" in block.html
    assert "<p><strong>One.</strong>" in block.html


FRENCH = {
    "# Lamps": "# Lampes",
    "## What burns": "## Ce qui brûle",
    "**Method.** Counting.": "**Méthode.** Compter.",
    "disputed": "contesté",
}


@pytest.fixture
def french(monkeypatch):
    """A catalogue of a few words."""
    words = {message: (translation,) for message, translation in FRENCH.items()}
    monkeypatch.setattr("mss_analysis.language.read_catalogue", lambda code: words)
    return {"application/vnd.mss.provenance+json": {"edition": {"language": "fr"}}}


def test_anchors_and_boxes_are_the_same_in_all_languages(french):
    source = "# Lamps\n\n## What burns\n\n**Method.** Counting.\n\nNobody translated this."
    english, translated = read(text(source)), read(text(source), displayed(french))
    assert translated.title == "Lampes"
    assert translated.language == "fr"
    assert [h.anchor for h in translated.contents] == [h.anchor for h in english.contents]
    assert translated.contents[0].text == "Ce qui brûle"
    assert '<p class="aside"><strong>Méthode.' in translated.blocks[0].html
    assert translated.untranslated == 1
    assert 'lang="en"' in translated.blocks[0].html


def test_translated_pages_say_so(french):
    html, _ = ReportExporter().from_notebook_node(
        nbformat.v4.new_notebook(cells=[text("# Lamps"), displayed(french)])
    )
    assert '<html lang="fr">' in html
    assert 'class="translation"' in html
    assert "Lampes" in html


def test_the_head_names_the_page():
    html, _ = ReportExporter().from_notebook_node(sample())
    head = html.partition("</head>")[0]
    for part in ("<title>Lamps &amp; lights</title>", 'name="description"', 'rel="icon"'):
        assert part in head
    assert '<meta property="og:title" content="Lamps &amp; lights">' in head
    assert not re.search(r"""(?:href|src|content)="https?:""", head)


def test_the_title_ends_in_the_name_of_the_site_in_the_language():
    frame = lone_frame(Page(title="Lampes", language="fr"), "r")
    frame.site_title = "Search"
    html = Renderer().report(Page(title="Lampes", language="fr"), frame)
    assert "<title>Lampes · Recherche</title>" in html


def test_without_a_headline_the_answer_stands_in_the_figure():
    exhibit = EXHIBIT | {"headline": "", "answer": "<p>An answer.</p>"}
    page = read(displayed({"application/vnd.mss.exhibit+json": exhibit}))
    html = Renderer().report(page, lone_frame(page, "r"))
    assert "An answer." in html.partition("<figure")[2]
    same = EXHIBIT | {"answer": f"<p>{EXHIBIT['headline']}</p>"}
    page = read(displayed({"application/vnd.mss.exhibit+json": same}))
    assert 'class="answer"' not in Renderer().report(page, lone_frame(page, "r"))


def test_numbers_and_bounds_in_words():
    assert write_bounds(None, None) == ""
    assert write_bounds(4000, None) == "4,000 or more"
    assert write_bounds(None, 1234567.5) == "1,234,567.5 or less"
    assert write_bounds(62, 63) == "62 to 63"
    with language.spoken("fr"):
        assert write_number(1234567.5) == "1\u202f234\u202f567,5"


def test_a_locator_is_told_in_words():
    assert write_place("page") == "whole page"
    with language.spoken("fr"):
        assert (write_place("page"), write_place("p3")) == ("page entière", "paragraphe 3")


def test_words_with_markup_escape_what_is_none():
    words = mark_up("As of {day}", day=Markup("<b>1</b>"))
    assert words == "As of <b>1</b>"
    assert mark_up("As of {day}", day="<b>") == "As of &lt;b&gt;"
    assert mark_up_plural("{number} row", "{number} rows", 4000) == "4,000 rows"


def test_disputes_of_the_register_mark_an_unmarked_page():
    figure = '<a class="figure" href="#obs-a" data-observations="a">12 lamps</a>'
    page = Page(blocks=[Block("html", html=f"<p>{figure}</p>")], observations={"a": {}, "b": {}})
    dispute = {"id": "lamps", "sentence": {"plain": "12 and 40 lamps"}, "observations": ["a", "x"]}
    mark_disputes(page, [dispute])
    assert 'class="figure disputed"' in page.blocks[0].html
    assert list(page.disputes) == ["lamps"]
    assert "disputes" not in page.observations["b"]
