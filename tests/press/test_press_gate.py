import nbformat
import pytest
from workshop import EXHIBIT, LINK, PROVENANCE, SPEC, code, text

from mss_analysis.press import gate


@pytest.mark.parametrize(
    "html",
    [
        f"<p>There were {LINK}.</p>",
        '<p>On <time datetime="2024-06-25">25 June 2024</time></p>',
        "<code>x1 = 2</code>",
        '<span class="method">95 percent</span>',
        '<a class="ref" href="#r">Resolution 2699</a>',
        '<td title="3"><a class="figure" data-observations="a">4</a></td>',
        "<!-- 5 --><p>m<sup>²</sup></p>",
        "<style>p { margin: 0 }</style>",
    ],
)
def test_vouched_numerals_pass(html):
    assert gate.unlinked(html) == []


@pytest.mark.parametrize(
    ("html", "context"),
    [
        ("<p>There were 40 lamps.</p>", "There were «40» lamps."),
        ("<p>There were 4,000.5 lamps.</p>", "There were «4,000.5» lamps."),
        (f"<p>{LINK} and 7</p>", "more than 40 lamps and «7»"),
        ("<table><tr><td>12</td></tr></table>", "«12»"),
        ('<a class="figure" href="#obs-a">9</a>', "«9»"),
        ('<a class="figure" data-observations=" ">9</a>', "«9»"),
        ("<p>&#52;</p>", "«4»"),
        ("<p>½ of them</p>", "«½» of them"),
        ("<code>1<p></code>2", "1«2»"),
        ("<p>H<b>1</b></p>", "H«1»"),
    ],
)
def test_planted_numerals_are_found(html, context):
    assert gate.unlinked(html) == [context]


@pytest.mark.parametrize(
    "source",
    [
        "## 2. Second\n\nWords.",
        "1. one\n2. two",
        "`x1` and\n\n```python\ny = 3\n```\n",
        "[a link](https://example.org/2024/1)",
        "A dash &#8211; here",
        '<span class="ref">Resolution 2699</span>',
        '<a href="x9">words</a>',
    ],
)
def test_markdown_that_types_no_figure(source):
    assert gate.numerals_in_markdown(source) == []


@pytest.mark.parametrize(
    "source",
    ["In 2024 it rose.", "## The 40 lamps", "[12 lamps](x)", "- 5 lamps", "| a |\n|---|\n| 3 |"],
)
def test_markdown_that_types_a_figure(source):
    assert len(gate.numerals_in_markdown(source)) == 1


def executed(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def output(cell, data):
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    return cell


def test_inspect_counts_cells_as_their_author_does():
    planted = output(code("x"), {"text/html": "<p>7 lamps</p>"})
    removed = output(code("x", "remove"), {"text/html": "<p>8 lamps</p>"})
    notebook = executed(
        text("# T"),
        code("a = 1", "parameters"),
        code("a = 2", "injected-parameters"),
        removed,
        planted,
    )
    assert [(p.cell, "«7» lamps" in p.sentence) for p in gate.inspect(notebook)] == [(4, True)]


def test_inspect_finds_observations_nobody_describes():
    link = '<a class="figure" data-observations="lamps-a ghost">3</a>'
    data = {"text/html": link, "application/vnd.mss.provenance+json": PROVENANCE}
    (problem,) = gate.inspect(executed(output(code("x"), data)))
    assert "'ghost'" in problem.sentence


@pytest.mark.parametrize("part", ["headline", "answer", "table", "note", "sources"])
def test_inspect_reads_exhibits_not_their_fallback(part):
    exhibit = {"id": "e", "title": "How many in 2024?", part: "<p>6 of them</p>"}
    data = {"text/html": "fallback 1", "application/vnd.mss.exhibit+json": exhibit}
    (problem,) = gate.inspect(executed(output(code("x"), data)))
    assert part in problem.sentence
    assert "«6»" in problem.sentence


def test_inspect_reads_findings():
    data = {"application/vnd.mss.findings+json": {"findings": [{"id": "f", "html": "up 3"}]}}
    assert "'f'" in gate.inspect(executed(output(code("x"), data)))[0].sentence


def shown(**changes):
    """What the gate says of an exhibit that lacks something."""
    data = {
        "application/vnd.mss.exhibit+json": EXHIBIT | changes,
        "application/vnd.mss.provenance+json": PROVENANCE,
    }
    return [problem.sentence for problem in gate.inspect(executed(output(code("x"), data)))]


def test_a_chart_with_everything_passes():
    assert shown() == []


@pytest.mark.parametrize("part", ["headline", "subtitle", "alt", "table", "csv"])
@pytest.mark.parametrize("nothing", ["", " ", None])
def test_a_chart_that_lacks_a_part_fails(part, nothing):
    (sentence,) = shown(**{part: nothing})
    assert "'lamps'" in sentence
    assert shown(**{part: nothing}, spec=None) == []


def test_a_chart_without_tooltips_fails():
    encoding = {name: SPEC["encoding"][name] for name in ("x", "y")}
    (sentence,) = shown(spec=SPEC | {"encoding": encoding})
    assert sentence.endswith("lacks tooltips")
    layered = SPEC | {"encoding": encoding, "layer": [{"encoding": SPEC["encoding"]}]}
    assert shown(spec=layered) == []


def test_tooltips_are_sentences():
    row = SPEC["data"]["values"][0] | {"says": "40"}
    layered = {"layer": [{"data": {"values": [row]}}]}
    for held in ({"datasets": {"d": [row]}}, layered):
        (sentence,) = shown(spec=SPEC | {"data": {}} | held)
        assert "full sentences" in sentence


def test_a_chart_that_is_no_exhibit_fails():
    data = {"application/vnd.vegalite.v6+json": SPEC, "text/plain": "<VegaLite chart>"}
    (problem,) = gate.inspect(executed(output(code("x"), data)))
    assert "a title that states the finding" in problem.sentence
