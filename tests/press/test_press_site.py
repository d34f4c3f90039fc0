"""The site around the reports: front pages, search, a page for each source and each dispute."""

import json
import re
from html.parser import HTMLParser

import pytest
from registers import cells, copy_to, plan_site, record, write_register
from workshop import Works, code, edition, text

from mss_analysis.press import build
from mss_analysis.press.addresses import stem
from mss_analysis.press.build import survey
from mss_analysis.press.draft import Draft

SOURCE, DISPUTE = "documents/log-two.html", "contradictions/lamps-at-odds.html"


def files(site):
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A built site with a register, in two languages; not to be changed."""
    works = Works(tmp_path_factory.mktemp("built"))
    write_register(works)
    works.notebook("other", [text("# Other")])
    plan_site(works, edition("other"))
    result = build(works.list, works.site)
    assert result.exit_code == 0, result.summary()
    return works


@pytest.fixture
def lamps(built, tmp_path):
    """A copy of the built site to change."""
    return copy_to(tmp_path / "copy", built)


class Page(HTMLParser):
    """Links and anchors of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors |= {found.get("id")}
        if tag in ("a", "link", "script"):
            self.links += [found[name] for name in ("href", "src") if found.get(name)]


def dead_links(site):
    """Every link of every page that leads to no file, or to no place in it."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        for link in page.links:
            address, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", address):
                continue
            target = (path.parent / address).resolve() if address else path
            if not target.is_file() or (anchor and anchor not in pages[target].anchors):
                yield path.relative_to(site).as_posix(), link


def test_no_link_is_dead(built):
    assert list(dead_links(built.site)) == []


def test_the_front_page_has_its_parts_in_each_language(built):
    front = (built.site / "index.html").read_text()
    order = [
        "What lamps are. Who counts them.",
        "Main findings",
        "What changed since",
        "What is disputed",
        "Reports",
        "What was known earlier",
    ]
    assert [front.index(words) for words in order] == sorted(map(front.index, order))
    assert f'href="{DISPUTE}"' in front
    assert 'href="index.fr.html" lang="fr" hreflang="fr"' in front
    assert 'href="good-fr/index.html"' not in front
    french = (built.site / "index.fr.html").read_text()
    assert '<html lang="fr"' in french
    assert "depuis le 1er juillet 2024" in french
    assert 'href="good-fr/index.html"' in french
    assert 'href="contradictions/lamps-at-odds.fr.html"' in french
    # What there is in English only is shown as such.
    assert 'href="good-2024-07-01/index.html"' in french
    assert 'href="good/index.html"' not in french


def test_pages_in_another_language_have_no_english_menu(built):
    pages = [*built.site.rglob("*.fr.html"), built.site / "good-fr" / "index.html"]
    assert len(pages) > 5
    for page in pages:
        html = page.read_text()
        assert ">Recherche</a>" in html, page
        assert ">Search<" not in html, page


def test_the_front_page_marks_what_its_report_marks(lamps):
    def marked(page):
        link = r'class="figure( disputed)?" href="[^"]*#obs-lamps-a" data-observations="lamps-a"'
        return {bool(mark) for mark in re.findall(link, page)}

    def pages():
        names = ("index.html", "index.fr.html", "good/index.html")
        assert build(lamps.list, lamps.site).exit_code == 0
        return [marked((lamps.site / name).read_text()) for name in names]

    assert pages() == [{False}] * 3
    content = record()
    content["disputes"][0] |= {"contested": True, "known": "2024-06-30"}
    write_register(lamps, content)
    assert pages() == [{True}] * 3
    # What became known later marks nothing.
    content["disputes"][0]["known"] = "2026-01-01"
    write_register(lamps, content)
    assert pages() == [{False}] * 3


def test_figures_of_the_front_page_lead_to_their_source(built):
    front = (built.site / "index.html").read_text()
    assert '<tr id="obs-lamps-a">' in front
    row = front.split('<li id="src-log-one">')[1].split("</li>")[0]
    assert 'href="documents/log-one.html"' in row


def test_a_source_tells_all_that_is_known_of_it(built):
    page = (built.site / SOURCE).read_text()
    told = [
        "Second log",
        "Written on the spot",
        "52 lamps",
        "paragraph 10",
        "digits changed places",
    ]
    told += ["more than 40 lamps", 'href="../documents/log-one.html#obs-lamps-a"']
    told += [f'href="../{DISPUTE}"', 'href="../good/index.html#obs-lamps-b"', 'id="obs-fete"']
    for words in told:
        assert words in page, words
    first = (built.site / "documents" / "log-one.html").read_text()
    assert 'href="../documents/log-two.html"' in first.split("Repeated by")[1]
    assert 'href="https://example.org/log"' in first


def test_a_dispute_tells_why_and_where(built):
    page = (built.site / DISPUTE).read_text()
    for words in ("One log leaves out the mole.", "A keeper", "Smallest revision", "<svg", "scope"):
        assert words in page, words
    assert 'href="../documents/log-two.html"' in page
    assert 'href="../good/index.html#obs-lamps-a"' in page


def test_reports_lead_to_the_pages_around_them(built):
    report = (built.site / "good" / "index.html").read_text()
    assert 'href="../documents/log-one.html"' in report
    assert 'href="../contradictions/lamps-at-odds.html"' in report
    assert 'href="../search.html"' in report
    assert 'href="../index.fr.html"' in (built.site / "good-fr" / "index.html").read_text()


def test_the_index_holds_what_can_be_found(built):
    script = (built.site / "assets" / "search-index.js").read_text()
    entries = json.loads(script.removeprefix("const SEARCH_INDEX = ").rstrip(";\n"))
    kinds = {kind: (title, address) for kind, title, _, address in reversed(entries)}
    assert ["source", "Second log", "Harbour office, June 2024", SOURCE] in entries
    assert kinds["contradiction"] == ("Lamps lit", DISPUTE)
    assert kinds["event"] == ("Fête of the òdè keepers", f"{SOURCE}#obs-fete")
    assert kinds["finding"][1].startswith("good/index.html")
    assert kinds["exhibit"][1].startswith("good/index.html#figure-")
    assert kinds["report"] == ("Good", "good/index.html")


def test_a_build_with_nothing_new_does_nothing_and_equal_builds_are_equal(lamps):
    before = files(lamps.site)
    result = build(lamps.list, lamps.site)
    assert result.times == {}
    assert files(lamps.site) == before
    again = lamps.site.with_name("again")
    build(lamps.list, again, cache=lamps.root / "other")
    clocks = {"manifest.json"}
    assert {n: b for n, b in files(again).items() if n not in clocks} == {
        n: b for n, b in before.items() if n not in clocks
    }
    listed = json.loads(before["manifest.json"])["files"]
    assert set(listed) == before.keys() - clocks


def test_a_changed_title_changes_its_pages(lamps):
    before = files(lamps.site)
    content = record()
    content["sources"][1]["title"] = "Renamed log"
    write_register(lamps, content)
    assert build(lamps.list, lamps.site).exit_code == 0
    after = files(lamps.site)
    assert b"Renamed log" in after[SOURCE]
    assert b"Second log" not in after[SOURCE]
    assert b"Renamed log" in after["documents/index.fr.html"]
    assert b"Renamed log" in after["assets/search-index.js"]
    assert list(dead_links(lamps.site)) == []
    # The footer of every page names the data it was made from.
    old, new = (json.loads(found["manifest.json"])["fingerprint"] for found in (before, after))
    there = after["documents/log-one.html"].replace(new.encode(), old.encode())
    there = there.replace(new[:12].encode(), old[:12].encode())
    assert there.replace(b"Renamed log", b"Second log") == before["documents/log-one.html"]


def test_pages_of_the_register_are_carried_over_when_a_report_changes_but_its_rows_do_not(lamps):
    stamp = (lamps.site / SOURCE).stat().st_mtime_ns
    notebook = lamps.root / "notebooks" / "good.ipynb"
    notebook.write_text(notebook.read_text().replace("Some words", "Other words"))
    result = build(lamps.list, lamps.site)
    assert sorted(result.times) == ["good", "good-2024-07-01", "good-fr"]
    assert (lamps.site / SOURCE).stat().st_mtime_ns == stamp


def test_sources_that_are_gone_leave_with_the_reports_that_named_them(lamps):
    content = record()
    content["sources"].pop()
    content["rows"] = {"lamps-a": content["rows"]["lamps-a"]}
    content["sources"][0]["reprints"], content["disputes"] = [], []
    write_register(lamps, content)
    # Reports that were not asked for still lead to the old pages.
    assert build(lamps.list, lamps.site, only=["other"]).exit_code == 0
    assert (lamps.site / SOURCE).is_file()
    assert list(dead_links(lamps.site)) == []
    assert build(lamps.list, lamps.site).exit_code == 0
    assert not (lamps.site / SOURCE).exists()
    assert list(dead_links(lamps.site)) == []


def test_a_register_that_fails_is_told_and_its_last_pages_stay(lamps):
    (lamps.root / "data" / "register.json").write_text("{")
    result = build(lamps.list, lamps.site)
    assert [failure.edition for failure in result.failures] == ["register"]
    assert "JSONDecodeError" in result.summary()
    assert result.exit_code == 1
    assert (lamps.site / SOURCE).is_file()
    assert list(dead_links(lamps.site)) == []
    assert [str(s).split()[:2] for s in survey(lamps.list, lamps.site)][-1] == ["stale", "register"]
    write_register(lamps)
    assert build(lamps.list, lamps.site).exit_code == 0
    assert build(lamps.list, lamps.site).times == {}


@pytest.mark.parametrize("name", ["good", "good-fr"])
def test_a_report_with_another_parameter_has_the_register_of_the_whole_site(lamps, name):
    content = record()
    content["disputes"][0] |= {"contested": True, "known": "2024-06-30"}
    write_register(lamps, content)
    assert build(lamps.list, lamps.site, ["good"]).exit_code == 0
    loose = lamps.site.with_name(".loose")
    result = build(lamps.list, loose, [name], parameters={"as_of": "2024-11-30"})
    assert result.exit_code == 0, result.summary()
    # What the whole site knows of sources and disputes is at hand.
    assert "register" not in result.times
    page = (loose / name / "index.html").read_text()
    assert re.search(r'class="figure disputed"[^>]*data-observations="lamps-a"', page)
    assert re.search(r'href="\.\./contradictions/lamps-at-odds(\.fr)?\.html"', page)
    assert list(dead_links(loose)) == []


def test_without_a_register_pages_lead_nowhere_else(works):
    works.notebook("good", cells())
    works.plan(edition("good"), front="good")
    assert build(works.list, works.site).exit_code == 0
    assert list(dead_links(works.site)) == []
    assert "documents/" not in (works.site / "good" / "index.html").read_text()
    assert 'href="good/index.html#obs-lamps-a"' in (works.site / "index.html").read_text()


def test_a_report_that_fails_is_used_by_no_source(lamps):
    lamps.notebook("other", [text("# Bad"), code("1 / 0")])
    assert build(lamps.list, lamps.site).exit_code == 1
    assert list(dead_links(lamps.site)) == []
    assert "other/" not in (lamps.site / SOURCE).read_text()


def test_what_is_carried_over_can_be_rewritten_without_touching_what_is_published(lamps):
    before = (lamps.site / SOURCE).read_bytes()
    with Draft(lamps.site) as draft:
        draft.carry([SOURCE])
        draft.write(SOURCE, "other")
        assert (draft.folder / SOURCE).read_text() == "other"
    assert (lamps.site / SOURCE).read_bytes() == before


HOSTILE = "</script><script>alert('x')</script>\"'<img src=x onerror=alert(1)>{{ 'har' ~ 'med' }}"


def test_hostile_words_stay_words(works):
    content = record()
    for source in content["sources"]:
        source.update(title=HOSTILE, publisher=HOSTILE, note=HOSTILE, label=HOSTILE)
        source["url"] = "javascript:alert(1)"
    content["sources"][1]["errata"][0].update(was=HOSTILE, reason=HOSTILE, row=HOSTILE)
    for row in content["rows"].values():
        row.update(wording=HOSTILE, indicator=HOSTILE, who=HOSTILE, place=HOSTILE, note=HOSTILE)
    content["disputes"][0].update(
        counted=HOSTILE, sentence={"html": "", "plain": HOSTILE}, author=HOSTILE, kind=HOSTILE
    )
    name = "../../" + HOSTILE + "x" * 5000
    content["sources"][0]["id"] = content["sources"][1]["reprint_of"] = name
    content["rows"]["lamps-a"]["source"] = content["disputes"][0]["id"] = name
    write_register(works, content)
    plan_site(works)
    result = build(works.list, works.site)
    assert result.exit_code == 0, result.summary()
    for path in (*works.site.glob("*.html"), *works.site.glob("[dc]o*/*.html")):
        page = path.read_text()
        # Data that a page carries as JSON is another matter: scripts read it as text.
        shown = re.sub(r"<script type=.application/json.*?</script>", "", page, flags=re.S)
        assert "<script>alert" not in page, path
        assert "<img" not in shown, path
        assert 'href="javascript' not in shown, path
        assert "harmed" not in shown, path
    assert (works.site / "documents" / f"{stem(name)}.html").is_file()
    assert list(dead_links(works.site)) == []


@pytest.mark.parametrize("name", ["index", "con", "", "a.fr", "É", "A", "x" * 300, "../x", "a b"])
def test_any_identifier_has_a_file_of_its_own(name):
    assert re.fullmatch(r"[a-z0-9_-]{1,120}", stem(name))
    assert stem(name) != name
    assert stem(name) != stem(name + "-")
