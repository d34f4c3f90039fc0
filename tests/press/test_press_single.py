"""A report as one file, moved away from everything else."""

import json
import re
import shutil
from urllib.parse import unquote

import pytest
from reading import chromium, reading, violations
from registers import contest
from workshop import EXHIBIT, Works, code, edition

from mss_analysis.cli import main
from mss_analysis.press import build
from mss_analysis.press.single import enclose


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("single"))
    works.notebook("good")
    works.notebook("bad", [code("1 / 0")])
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), edition("bad"), front="good")
    return works


def single(works, target, *names):
    words = ["--editions", str(works.list), "--site", str(target), "--quiet"]
    return main(["build", *names, "--single-file", *words])


@pytest.fixture(scope="module")
def alone(works, tmp_path_factory):
    """The file, in a folder in which there is nothing else."""
    assert single(works, works.root / "single", "good") == 0
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.move(works.root / "single" / "good.html", folder)
    assert [*(works.root / "single").iterdir()] == []
    return folder / "good.html"


def test_it_asks_for_nothing_and_leads_nowhere_else(alone):
    html = re.sub(r"(?s)<(script|style)\b[^>]*>.*?</\1>", "", alone.read_text(encoding="utf-8"))
    asked = re.findall(r'\s(?:src|href|srcset|poster|action)="([^"]*)"', html)
    assert asked
    assert {re.match(r"#|data:|https?:|", address)[0] for address in asked} <= {"#", "data:"}
    assert "How many lamps" in html


def test_its_data_are_inside(alone):
    html = alone.read_text(encoding="utf-8")
    links = dict(re.findall(r'href="data:([^,]*),([^"]*)"', html))
    assert unquote(links["text/csv;charset=utf-8"]) == EXHIBIT["csv"]
    findings = json.loads(unquote(links["application/json;charset=utf-8"]))
    assert findings["findings"][0]["id"] == "lamps-lit"
    assert ".ipynb" not in html


def test_it_is_the_same_every_time(works, alone, tmp_path):
    assert single(works, tmp_path, "good") == 0
    assert (tmp_path / "good.html").read_bytes() == alone.read_bytes()


def test_a_notebook_gives_a_file_for_each_edition_a_slug_one(works, tmp_path, capsys):
    assert single(works, tmp_path / "one", "good-2024-07-01") == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["good-2024-07-01.html"]
    assert capsys.readouterr().out.strip() == str(tmp_path / "one" / "good-2024-07-01.html")


def test_a_report_that_fails_leaves_the_file_of_before(works, tmp_path, capsys):
    old = tmp_path / "bad.html"
    old.write_text("before")
    assert single(works, tmp_path) == 1
    assert old.read_text() == "before"
    assert (tmp_path / "good.html").is_file()
    assert "bad, cell 1: ZeroDivisionError" in capsys.readouterr().err


def test_light_and_single_are_not_asked_for_together(works, capsys):
    with pytest.raises(SystemExit):
        main(["build", "--light", "--single-file"])
    assert "not allowed with" in capsys.readouterr().err


def test_a_script_inside_cannot_end_its_element(works, tmp_path):
    assert build(works.list, tmp_path / "site", ["good"]).editions
    script = tmp_path / "site" / "assets" / "report.js"
    script.write_text('var a = "</script><b>";', encoding="utf-8")
    html = enclose(tmp_path / "site" / "good" / "index.html")
    assert r'var a = "<\/script><b>";' in html


def test_figures_that_the_register_disputes_are_marked(tmp_path, monkeypatch):
    works = Works(tmp_path)
    contest(works, monkeypatch)
    assert single(works, tmp_path / "single", "good") == 0
    html = (tmp_path / "single" / "good.html").read_text(encoding="utf-8")
    figure = re.search(r'<a class="figure disputed" [^>]*data-observations="lamps-a".*?</a>', html)
    assert figure
    assert figure[0].endswith(
        '<span class="mark"><span class="unseen"> (disputed)</span></span></a>'
    )
    assert "40 lamps are not 52 lamps" in html


@pytest.mark.browser
def test_it_works_where_it_was_moved(alone):
    with chromium() as browser, reading(browser, alone) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.locator("#chart-lamps svg").wait_for()
        page.locator("a.figure").first.click()
        assert "more than 40 lamps" in page.locator("dialog[open]").inner_text()
        assert violations(page) == []
        assert {url.partition("#")[0] for url in asked} == {alone.as_uri()}
