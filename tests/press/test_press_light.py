"""The light edition: no scripts, pictures for charts, and leaves for what is long."""

import hashlib
import json
import re
import subprocess
from html import unescape
from urllib.parse import unquote

import pytest
from reading import SCHEMES, WIDTHS, chromium, overflow, reading, violations
from registers import contest
from workshop import EXHIBIT, FINDINGS, OBSERVATION, PROVENANCE, Works, code, display, edition, text

from mss_analysis.press import build, light
from mss_analysis.press.cache import Cache
from mss_analysis.press.drawing import DrawingError, draw
from mss_analysis.press.frame import asset
from mss_analysis.press.pictures import Pictures

MANY = 400
# What a page may weigh with its stylesheet, so that a small report has many leaves.
LIMIT = len((asset("report.css") + asset("light.css")).encode()) + 40_000
# A page of each kind.
KINDS = (
    "index.html",
    "good/index.html",
    "many/index.html",
    "many/figures.html",
    "many/lamps-table-2.html",
    "slider/index.html",
)
SLIDER = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "width": "container",
    "params": [{"name": "cost", "value": 12, "bind": {"input": "range", "name": "Oil a month: "}}],
    "data": {"values": [{"day": "2024-01-01", "n": 3}, {"day": "2024-03-01", "n": 9}]},
    "transform": [{"calculate": "datum.n * cost", "as": "oil"}],
    "mark": "point",
    "encoding": {
        "x": {"field": "day", "type": "temporal", "axis": {"format": "%d %B"}},
        "y": {"field": "oil", "type": "quantitative"},
        "tooltip": {"field": "oil", "type": "quantitative"},
    },
}


def long_cells():
    """A report with more rows than one light page can hold."""
    names = [f"lamp-{number}" for number in range(MANY)]
    known = {name: OBSERVATION | {"wording": f"lamp {name}"} for name in names}
    known |= PROVENANCE["observations"]
    sums = "".join(
        f'<tr><th>{word}</th><td><a class="figure" href="#obs-lamp-{start}" data-observations='
        f'"{" ".join(names[start : start + 7])}" data-formula="sum of {word}">lamps</a></td></tr>'
        for word, start in (("Harbour", 0), ("Hill", 7), ("Harbour again", 0))
    )
    rows = "".join(
        f'<tr><th>{"Lamp " * 20}</th><td><a class="figure" href="#obs-{name}"'
        f' data-observations="{name}">lit</a></td></tr>'
        for name in names
    )
    head = "<thead><tr><th>Lamp</th><th>State</th></tr></thead>"
    bundle = {
        "text/html": "",
        "application/vnd.mss.provenance+json": PROVENANCE | {"observations": known},
        "application/vnd.mss.exhibit+json": EXHIBIT
        | {
            "table": f"<table>{head}<tbody>{sums}{rows}</tbody></table>",
            "answer": "<p>Lamps were lit.</p>",
            "observations": names,
        },
    }
    bundle["application/vnd.mss.findings+json"] = FINDINGS
    return [text("# Many lamps"), code(display(bundle))]


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    works = Works(tmp_path_factory.mktemp("light"))
    works.notebook("good")
    works.notebook("many", long_cells())
    slider = {"application/vnd.mss.exhibit+json": EXHIBIT | {"id": "oil", "spec": SLIDER}}
    slider |= {"application/vnd.mss.provenance+json": PROVENANCE, "text/html": ""}
    works.notebook("slider", [text("# Oil"), code(display(slider))])
    works.plan(edition("good"), edition("many"), edition("slider"), front="many")
    return works


@pytest.fixture(scope="module")
def site(works):
    """The light site, with little room."""
    before, light.LIMIT = light.LIMIT, LIMIT
    target = works.root / "light"
    result = build(works.list, target, light=True)
    assert result.exit_code == 0, result.summary()
    light.LIMIT = before
    return target


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def read(path):
    return path.read_text(encoding="utf-8")


def ids(path):
    return [unescape(name) for name in re.findall(r'\sid="([^"]+)"', read(path))]


def follow(path, href):
    """The page that a link leads to; its anchor must be there."""
    address, _, anchor = unescape(href).partition("#")
    page = (path.parent / unquote(address)).resolve() if address else path
    assert page.is_file(), (path, href)
    assert not anchor or unquote(anchor) in ids(page), (path, href)
    return page


def test_nothing_in_it_runs_and_every_chart_is_a_picture(site):
    pages = sorted(site.rglob("*.html"))
    assert {"good/index.html", "many/index.html", "index.html"} <= {
        page.relative_to(site).as_posix() for page in pages
    }
    for page in pages:
        html = read(page)
        assert not re.search(r"<script|<dialog|<noscript|<button|\son\w+=|\sdata-\w+=", html), page
        assert "script-src 'none'" in html
    assert not [*site.rglob("*.js")]
    html = read(site / "good" / "index.html")
    picture = re.search(r"<svg role=\"img\" aria-labelledby=\"([^\"]+)\".*?</svg>", html, re.S)
    for name in picture[1].split():
        assert f'id="{name}"' in picture[0]
    assert '<desc id="told-lamps">Bar chart: more than 40 lamps</desc>' in picture[0]
    assert "fill=" in picture[0]
    assert "<summary>Table</summary>" in html


def test_a_phone_is_told_that_a_picture_goes_on(site, browser):
    for width, is_told in ((360, True), (1280, False)):
        with reading(browser, site / "good" / "index.html", width=width) as page:
            panel = page.locator(".chart-panel").first
            goes_on = panel.evaluate("panel => panel.scrollWidth > panel.clientWidth")
            assert goes_on == is_told
            assert page.locator(".swipe").first.is_visible() == is_told
            panel.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
            assert (panel.evaluate("panel => panel.scrollLeft") > 0) == is_told


def test_figures_that_the_register_disputes_are_marked(tmp_path, monkeypatch):
    works = Works(tmp_path)
    contest(works, monkeypatch)
    result = build(works.list, tmp_path / "light", ["good"], light=True)
    assert result.exit_code == 0, result.summary()
    html = read(tmp_path / "light" / "good" / "index.html")
    figures = re.findall(r'<a class="figure[^>]*href="#obs-lamps-a".*?</a>', html)
    assert figures
    # A count of rows stands, whatever the rows say.
    for figure in figures:
        assert 'class="figure disputed"' in figure
        assert '<span class="unseen"> (disputed)</span>' in figure
    assert "40 lamps are not 52 lamps" in html


def test_its_words_are_those_of_the_full_page(site, works):
    assert build(works.list, works.site, ["good"]).exit_code == 0
    plain = [
        " ".join(re.sub(r"(?s)<(svg|script|style|dialog|head).*?</\1>|<[^>]+>", " ", html).split())
        for html in (read(works.site / "good/index.html"), read(site / "good/index.html"))
    ]
    for words in (
        "Lamps & lights",
        "Of the lamps,",
        "What burns",
        "printed <plain>",
        "Harbour log",
    ):
        assert all(words in unescape(html) for html in plain), words


def test_no_page_is_too_heavy(site):
    style = (site / "assets" / "report.css").stat().st_size
    weights = {page: page.stat().st_size + style for page in site.rglob("*.html")}
    assert max(weights.values()) <= LIMIT
    assert len([*site.glob("many/lamps-table*.html")]) > 1
    assert len([*site.glob("many/figures*.html")]) > 2


def lead_somewhere(site):
    """Every link of a site does."""
    for page in site.rglob("*.html"):
        for href in re.findall(r'<a\b[^>]*?\shref="([^"]*)"', read(page)):
            if not href.startswith(("http:", "https:")):
                follow(page, href)


def test_every_link_leads_somewhere_and_every_row_is_there_once(site):
    lead_somewhere(site)
    for page in site.rglob("*.html"):
        assert len(ids(page)) == len(set(ids(page))), page
    rows = [name for page in site.glob("many/*.html") for name in ids(page) if "obs-lamp-" in name]
    assert sorted(rows) == sorted(f"obs-lamp-{number}" for number in range(MANY))
    heads = [read(page).count("<th>Lamp</th>") for page in site.glob("many/lamps-table*.html")]
    assert heads == [1] * len(heads)


def test_a_figure_made_from_several_leads_to_each(site):
    page = next(p for p in site.glob("many/*.html") if ">Harbour again</th>" in read(p))
    hrefs = re.findall(
        r">(?:Harbour|Hill|Harbour again)</th><td><a[^>]*href=\"([^\"]+)\"", read(page)
    )
    assert len(hrefs) == 3
    lists = []
    for href in hrefs:
        there, anchor = follow(page, href), href.rpartition("#")[2]
        entry = re.search(rf'<li id="{anchor}">(.*?)</li>', read(there), re.S)[1]
        links = re.findall(r'href="([^"]+)"', entry)
        lists.append(
            (re.search("<code>(.*?)</code>", entry)[1], [link.rpartition("#")[2] for link in links])
        )
        assert [follow(there, link) for link in links]
    assert lists[0] == ("sum of Harbour", [f"obs-lamp-{number}" for number in range(7)])
    assert lists[1] == ("sum of Hill", [f"obs-lamp-{number}" for number in range(7, 14)])


def test_a_slider_says_where_it_stands(site):
    assert "Drawn for Oil a month: 12." in read(site / "slider" / "index.html")


def test_the_manifest_knows_the_files_as_they_are(site):
    listed = json.loads(read(site / "manifest.json"))["files"]
    there = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert there == {*listed, "manifest.json"}
    for name, digest in listed.items():
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == digest, name


def test_it_is_the_same_every_time_and_is_not_made_twice(works, tmp_path):
    names = ("a", "b")
    for name in names:
        build(works.list, tmp_path / name, ["good"], light=True)
    first, second = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*.html")}
        for n in names
    )
    assert first == second
    again = build(works.list, tmp_path / "a", ["good"], light=True)
    assert again.unchanged == ["good"]
    # The full edition is something else, even in the same folder.
    assert build(works.list, tmp_path / "a", ["good"]).unchanged == []
    assert "<script" in read(tmp_path / "a" / "good" / "index.html")


def test_what_stays_of_an_earlier_build_still_leads_somewhere(works, tmp_path, monkeypatch):
    monkeypatch.setattr(light, "LIMIT", LIMIT)
    target = tmp_path / "light"
    build(works.list, target, ["good", "many"], light=True)
    before = (target / "many" / "figures-2.html").stat().st_size
    again = build(works.list, target, ["good", "slider"], light=True)
    assert again.unchanged == ["good"]
    assert (target / "many" / "figures-2.html").stat().st_size == before
    lead_somewhere(target)


class TestPictures:
    def test_a_picture_holds_nothing_that_runs_or_loads(self):
        values = [{"n": 1, "u": "javascript:alert(1)", "w": "</svg><script>alert(1)</script>"}]
        at = {"x": {"field": "n", "type": "quantitative"}}
        links = {"href": {"field": "u"}, "tooltip": {"field": "w"}, "description": {"field": "w"}}
        spec = {
            "data": {"values": values},
            "layer": [
                {"mark": "point", "encoding": at | links},
                {"mark": "image", "encoding": at | {"url": {"field": "u"}}},
                {"mark": "text", "encoding": at | {"text": {"field": "w"}}},
            ],
        }
        picture = draw(spec, "x")
        names = set(re.findall(r"<(\w+)", picture))
        assert names <= {"svg", "g", "path", "line", "text", "tspan", "rect", "circle"}
        assert not re.search(r"href|javascript|\son\w+=", picture)
        assert "&lt;script&gt;" in picture

    def test_what_no_xml_may_hold_does_not_end_the_build(self):
        spec = {
            "data": {"values": [{"w": "a\x07b\x00c\ud800d"}]},
            "mark": "text",
            "encoding": {"text": {"field": "w"}},
        }
        assert "a\ufffdb\ufffdc\ufffdd" in draw(spec, "x")

    def test_a_chart_that_cannot_be_drawn_is_named(self, tmp_path):
        with pytest.raises(DrawingError, match="the chart 'lost' cannot be drawn"):
            Pictures(Cache(tmp_path)).of({"lost": json.dumps({"mark": "nothing"})})

    def test_a_chart_is_drawn_once_and_alike_in_every_zone(self, tmp_path, monkeypatch):
        specs = {"oil": json.dumps(SLIDER)}
        monkeypatch.setenv("TZ", "America/Port-au-Prince")
        drawn = Pictures(Cache(tmp_path / "a")).of(specs)
        assert ">01 January</text>" in drawn["oil"]
        monkeypatch.setenv("TZ", "Africa/Nairobi")
        assert Pictures(Cache(tmp_path / "b")).of(specs) == drawn
        monkeypatch.setattr(subprocess, "run", None)
        assert Pictures(Cache(tmp_path / "a")).of(specs) == drawn

    def test_ids_of_two_pictures_do_not_meet(self):
        spec = SLIDER | {"mark": {"type": "line", "clip": True}}
        found = [re.findall(r'id="([^"]+)"', draw(spec, name)) for name in ("a", "b")]
        assert all(found)
        assert not set(found[0]) & set(found[1])


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_use_every_page(site, browser, width, scheme):
    for name in KINDS:
        path = site / name
        with reading(browser, path, width=width, scheme=scheme) as page:
            assert overflow(page) <= 0, path
            assert violations(page) == [], path


@pytest.mark.browser
def test_a_picture_is_as_large_as_words_need(site, browser):
    for width in WIDTHS:
        with reading(browser, site / "good" / "index.html", width=width) as page:
            box = page.locator(".picture svg").bounding_box()
            assert box["width"] > 500
            assert box["height"] > 80
            assert page.locator(".picture svg text").first.is_visible()
