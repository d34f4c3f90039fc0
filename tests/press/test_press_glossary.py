from pathlib import Path

import nbformat
import pytest
from workshop import EXHIBIT, code, edition, text

from mss_analysis.press.glossary import glossary_of
from mss_analysis.press.page import read_page
from mss_analysis.press.plan import PressError, read_plan

ROWS = """concept,en,fr,definition_en,definition_fr
lamp,lamp,lampe,What gives light,Ce qui éclaire
office,Harbour Office (HO),Bureau du port (BP),It counts,Il compte
lit,lit,allumé(e)(s),Burning,Qui brûle
unused,oil,huile,What burns,Ce qui brûle
empty,harbour,port,,Le port
"""


@pytest.fixture
def terms(tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def page_of(words, *outputs, language="en"):
    cell = code("x")
    known = {"application/vnd.mss.provenance+json": {"edition": {"language": language}}}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data) for data in (known, *outputs)]
    return read_page(nbformat.v4.new_notebook(cells=[text(words), cell]))


def named(page, terms):
    return [entry.term for entry in glossary_of(page, terms)]


def test_a_page_explains_the_terms_it_uses(terms):
    assert named(page_of("Two Lamps, says the HO."), terms) == ["Harbour Office (HO)", "lamp"]
    assert named(page_of("Hot spots of whose split."), terms) == []


def test_charts_count_as_words_of_the_page(terms):
    exhibit = EXHIBIT | {"title": "How many?", "headline": "All are lit.", "answer": ""}
    data = {"application/vnd.mss.exhibit+json": exhibit | {"subtitle": "", "sources": ""}}
    assert named(page_of("Words.", data), terms) == ["lit"]


def test_terms_are_those_of_the_language(terms):
    assert named(page_of("Les lampes sont allumées.", language="fr"), terms) == [
        "allumé(e)(s)",
        "lampe",
    ]


def test_a_list_that_is_not_there_is_a_problem(works, terms):
    works.notebook("good")
    path = works.plan(edition("good"))
    content = path.read_text(encoding="utf-8")
    path.write_text(f"{content}glossary: {terms}\n", encoding="utf-8")
    assert read_plan(path).glossary == Path(terms)
    path.write_text(f"{content}glossary: none.csv\n", encoding="utf-8")
    with pytest.raises(PressError, match="glossary"):
        read_plan(path)
