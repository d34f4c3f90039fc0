import hashlib
import json
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from workshop import code, display, edition, text

from mss_analysis.press import build, pool
from mss_analysis.press.plan import PressError

PARAMETERS = code('as_of = "latest"\ncorpus = "seed"', "parameters")


def files(site):
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


@pytest.fixture
def two(works):
    """One good and one failing notebook."""
    works.notebook("good")
    works.notebook("bad", [text("# Bad"), PARAMETERS, code("x = 1\ny = x / 0")])
    works.plan(
        edition("good", vintages=["latest", "2024-07-01"], parameters={"corpus": "seed"}),
        edition("bad", parameters={"as_of": "latest"}),
        front="good",
    )
    return works


def test_a_failing_notebook_stands_beside_a_good_one(two, capfd):
    result = build(two.list, two.site)
    assert [e.slug for e in result.editions] == ["good", "good-2024-07-01"]
    (failure,) = result.failures
    assert (failure.edition, failure.cell, failure.line) == ("bad", 3, "y = x / 0")
    assert "ZeroDivisionError" in failure.error
    assert result.exit_code == 1
    assert "2 of 3 reports built" in result.summary()
    assert capfd.readouterr() == ("", "")

    built = files(two.site)
    assert set(built) == {
        "index.html",
        "manifest.json",
        "assets/vega.js",
        "assets/card.png",
        "assets/report.css",
        "assets/report.js",
        "assets/front.css",
        "assets/search.js",
        "assets/search-index.js",
        "search.html",
        *(
            f"{slug}/{name}"
            for slug in ("good", "good-2024-07-01")
            for name in ("index.html", "findings.json", "good.ipynb", "lamps.csv")
        ),
        "bad/index.html",
    }
    manifest = json.loads(built.pop("manifest.json"))
    assert manifest["files"] == {n: hashlib.sha256(b).hexdigest() for n, b in built.items()}
    assert [e["state"] for e in manifest["editions"]] == ["built", "built", "missing"]

    front = built["index.html"].decode()
    assert "Lamps &lt;site&gt;" in front
    assert 'href="good/index.html#obs-lamps-a"' in front
    assert "could not be built" in front
    assert 'What was known on <time datetime="2024-07-01">1 July 2024</time>' in front
    report = built["good/index.html"].decode()
    assert "never shown" not in report
    assert ">not yet" not in report
    assert "<p>fallback 999" not in report
    assert "lamps = sum" not in report.split('<details class="solution">')[0]
    assert '<a href="../good-2024-07-01/index.html">1 July 2024</a>' in report
    assert manifest["fingerprint"][:12] in report
    findings = json.loads(built["good/findings.json"])
    assert findings["report"] == "Lamps & lights"
    assert findings["findings"][0]["high"] is None
    assert str(two.root).encode() not in b"".join(built.values())


def test_two_builds_are_equal_to_the_byte(works):
    works.notebook("good")
    works.plan(edition("good", vintages=["latest", "2024-07-01"]))
    first = build(works.list, works.site)
    before = files(works.site)
    second = build(works.list, works.site, workers=1)
    assert first.exit_code == second.exit_code == 0
    assert files(works.site) == before


def test_a_failed_edition_is_kept_and_total_failure_changes_nothing(works):
    works.notebook("good")
    works.notebook("other")
    works.plan(edition("good"), edition("other"))
    assert build(works.list, works.site).exit_code == 0
    before = files(works.site)

    works.notebook("good", [text("# Good"), code("raise SystemExit")])
    result = build(works.list, works.site)
    assert result.kept == ["good"]
    after = files(works.site)
    assert after["good_last-good/index.html"] == before["good/index.html"]
    assert after["good_last-good/good.ipynb"] == before["good/good.ipynb"]
    assert "kept from an earlier build" in after["index.html"].decode()
    notice = after["good/index.html"].decode()
    assert 'href="../good_last-good/index.html"' in notice
    assert "Cell 2: <code>SystemExit" in notice
    assert time.strftime("%Y", time.gmtime()) in notice

    # Failing again, the last good version is still the one that was good.
    build(works.list, works.site)
    assert files(works.site)["good_last-good/index.html"] == before["good/index.html"]

    works.notebook("other", [text("In 2024 it rose.")])
    result = build(works.list, works.site)
    assert result.exit_code == 1
    assert not result.published
    assert "stays as it was" in result.summary()
    assert files(works.site) == after
    hidden = {p.name for p in works.site.parent.iterdir() if p.name.startswith(".")}
    assert hidden == {".cache"}


def test_only_keeps_the_others_as_they_are(works):
    works.notebook("good")
    works.notebook("other")
    works.plan(edition("good"), edition("other"))
    build(works.list, works.site)
    before = files(works.site)
    result = build(works.list, works.site, only=["other"])
    assert [e.slug for e in result.editions] == ["other"]
    assert files(works.site) == before


def test_every_way_to_fail_is_a_failure_with_a_sentence(works):
    cells = {
        "dead": [code("import os\nos._exit(9)")],
        "slow": [text("# S"), code("import time\ntime.sleep(60)")],
        "planted": [code(display({"text/html": "<p>There were 7.</p>"}))],
        "typed": [text("There were 8.")],
        "unsafe": [code(display({"application/vnd.mss.exhibit+json": {"id": "../x"}}))],
    }
    for name, content in cells.items():
        works.notebook(name, content)
    (works.root / "notebooks" / "garbage.ipynb").write_text("{}")
    works.notebook("strict")
    works.plan(
        *(edition(name) for name in [*cells, "garbage", "absent"]),
        edition("strict", parameters={"colour": "red"}),
    )
    result = build(works.list, works.site, timeout=5)
    found = {failure.edition: str(failure) for failure in result.failures}
    assert found["dead"] == "dead, cell 1: the kernel died"
    assert found["slow"] == "slow, cell 2: the cell ran longer than 5 s"
    assert "planted, cell 1" in found["planted"]
    assert "«7»" in found["planted"]
    assert "«8»" in found["typed"]
    assert "cannot name a file" in found["unsafe"]
    assert "garbage.ipynb is not a notebook" in found["garbage"]
    assert "absent.ipynb cannot be read" in found["absent"]
    assert "no parameter colour" in found["strict"]
    assert not works.site.exists()


def test_a_folder_of_somebody_else_is_not_replaced(works):
    works.notebook("good")
    works.plan(edition("good"))
    works.site.mkdir()
    (works.site / "thesis.txt").write_text("mine")
    with pytest.raises(PressError, match="not replaced"):
        build(works.list, works.site)
    assert (works.site / "thesis.txt").read_text() == "mine"


def test_bundles_of_a_wrong_shape_cost_only_their_edition(works):
    works.notebook("good")
    bundle = {"application/vnd.mss.provenance+json": {"sources": ["a list"]}}
    works.notebook("shape", [code(display(bundle))])
    row = {"observations": {"a": "not a row"}}
    link = '<a class="figure" data-observations="a">3</a>'
    bundle = {"text/html": link, "application/vnd.mss.provenance+json": row}
    works.notebook("row", [code(display(bundle))])
    works.plan(edition("good"), edition("shape"), edition("row"))
    result = build(works.list, works.site)
    assert [e.slug for e in result.editions] == ["good"]
    assert {failure.edition for failure in result.failures} == {"shape", "row"}
    assert "cannot be read" in (works.site / "row" / "index.html").read_text()


def test_summaries_fit_a_screen(works):
    works.notebook("typed", [text("\n\n".join(f"There were {n}." for n in range(40)))])
    works.plan(edition("typed"))
    summary = build(works.list, works.site).summary()
    assert "and 35 more like these" in summary
    assert len(summary.splitlines()) < 12


def test_a_process_killed_from_outside_costs_only_its_edition(works):
    works.notebook("good")
    works.notebook("killer", [code("import os\nos.kill(os.getppid(), 9)")])
    works.plan(edition("killer"), edition("good"))
    result = build(works.list, works.site)
    assert [e.slug for e in result.editions] == ["good"]
    assert str(result.failures[0]) == "killer: the process that ran it was killed"


class Cluster(ThreadPoolExecutor):
    """Gives some jobs up, as a cluster does whose workers die of them."""

    def submit(self, run, job, *more):
        if job.slug != "bad":
            return super().submit(run, job, *more)
        given_up = Future()
        given_up.set_exception(RuntimeError("four workers died\nof it"))
        return given_up


def test_what_a_cluster_gives_up_costs_only_its_edition(two, monkeypatch):
    monkeypatch.setattr(pool, "_local", Cluster)
    result = build(two.list, two.site)
    assert [e.slug for e in result.editions] == ["good", "good-2024-07-01"]
    said = "bad: it could not be run (RuntimeError: four workers died)"
    assert str(result.failures[0]) == said
