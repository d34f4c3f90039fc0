"""The built site, as its files say: every figure leads somewhere, every report is complete."""

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest

import mss_analysis as mss
from mss_analysis.contradictions import find_conflicts
from mss_analysis.press.gate import unlinked

TOPICS = ("casualties", "deployment", "funding", "risks")


class Anchors(HTMLParser):
    """Collect every figure, the ids it names, and every id that the page holds."""

    def __init__(self):
        super().__init__()
        self.figures, self.ids, self.unfounded = [], set(), 0

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        classes = (attributes.get("class") or "").split()
        if "figure" in classes and tag == "a":
            self.figures.append((attributes["href"], attributes["data-observations"].split()))
        self.unfounded += "unfounded" in classes


def walk(page):
    anchors = Anchors()
    anchors.feed(page.read_text(encoding="utf-8"))
    return anchors


def reports(site):
    # What is no report stands around them: lists of all sources and all contradictions.
    around = {"documents", "contradictions"}
    return sorted(page for page in site.glob("*/index.html") if page.parent.name not in around)


def test_the_default_site_is_complete(site):
    slugs = {page.parent.name for page in reports(site)}
    vintages = {f"{topic}-{day}" for topic in TOPICS for day in ("2024-12-31", "2025-06-30")}
    newest = {"overview", "sources", *TOPICS}
    beside = {f"{slug}-{kind}" for slug in newest for kind in ("reading-list", "fr", "ht")}
    assert slugs == newest | vintages | beside


def test_every_figure_leads_to_observations(site):
    evidence = mss.load()
    for page in reports(site):
        anchors = walk(page)
        assert anchors.figures, page
        assert anchors.unfounded == 0, page
        for href, observations in anchors.figures:
            assert observations, page
            assert href.removeprefix("#") in anchors.ids, (page, href)
            for name in observations:
                assert evidence.states(name), (page, name)
                assert f"obs-{name}" in anchors.ids, (page, name)


def test_no_number_in_prose_or_tables_leads_nowhere(site):
    for page in reports(site):
        for block in re.findall(r"<table>.*?</table>", page.read_text(encoding="utf-8"), re.S):
            assert unlinked(block) == [], page


def test_every_source_and_every_contradiction_has_a_page(site):
    evidence = mss.load()
    conflicts = [conflict.id for conflict in find_conflicts(evidence)]
    for folder, names in (
        ("documents", evidence.sources["source_id"]),
        ("contradictions", conflicts),
    ):
        for name in names:
            assert (site / folder / f"{name}.html").is_file(), name


def test_no_link_of_the_site_is_dead(site):
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    for path, text in texts.items():
        for href in set(re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)):
            address, _, anchor = unescape(href).partition("#")
            if re.match(r"[a-z]+:", address):
                continue
            target = (path.parent / address).resolve() if address else path
            assert target.is_file(), (path, href)
            if anchor:
                assert anchor in ids[target], (path, href)


def test_the_front_page_tells_what_matters(site):
    front = (site / "index.html").read_text(encoding="utf-8")
    for part in ("Main findings", "What changed since", "What is disputed", "Reports"):
        assert part in front
    figures = walk(site / "index.html").figures
    assert len(figures) >= 20
    evidence = mss.load()
    for href, observations in figures:
        assert all(map(evidence.states, observations))
        assert href == f"#obs-{observations[0]}"
        source = evidence.row(observations[0])["source_id"]
        assert f'href="documents/{source}.html"' in front


def test_findings_are_recorded_beside_each_report(site):
    for page in reports(site):
        record = json.loads((page.parent / "findings.json").read_text(encoding="utf-8"))
        for finding in record["findings"]:
            assert {"id", "label", "value", "low", "high", "unit", "observations"} <= set(finding)
            assert finding["observations"], finding["id"]
            if None not in (finding["low"], finding["high"]):
                assert finding["low"] <= finding["high"]


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_have_five_charts_and_their_data(site, topic):
    page = site / topic / "index.html"
    text = page.read_text(encoding="utf-8")
    # A figure of which nothing is known says so, and has neither chart nor data.
    figures = re.split(r'<figure id="figure-', text)[1:]
    charts = [part.partition('"')[0] for part in figures if "data-spec" in part]
    assert len(charts) >= 5
    for chart in charts:
        table = (page.parent / f"{chart}.csv").read_text(encoding="utf-8")
        assert len(table.splitlines()) > 1, chart
    assert (page.parent / f"{topic}.ipynb").exists()
    assert all(word in text for word in ("How to cite", "Parameters", "Data fingerprint"))


def test_earlier_vintages_know_less(site):
    later = walk(site / "casualties" / "index.html").ids
    earlier = (site / "casualties-2024-12-31" / "index.html").read_text(encoding="utf-8")
    assert "obs-killed-2024-003-p10" in later
    assert "killed-2024-003-p10" not in earlier
