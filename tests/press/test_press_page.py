import subprocess
import sys

import nbformat
import pytest
from workshop import EXHIBIT, FINDINGS, LINK, PROVENANCE, code, text

from mss_analysis.press.citation import cite, day_in_words
from mss_analysis.press.exporter import ReportExporter
from mss_analysis.press.page import json_for_script, read_page


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
    assert page.figures == 5
    assert page.findings[0]["high"] is None


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
    words = {"authors": "A & B", "year": 2026}
    sentence, bibtex = cite(words, "Site", "50% {open}?", "2024-07-01", "f" * 64)
    assert sentence.startswith("A & B (2026). 50% {open}? In: Site. As of 1 July 2024")
    assert r"50\% open?" in bibtex
    assert bibtex.count("{") == bibtex.count("}")
