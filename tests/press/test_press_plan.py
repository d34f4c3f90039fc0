import datetime

import pytest
from workshop import edition

from mss_analysis.press.plan import PressError, read_plan


def test_vintages_become_editions(works):
    works.notebook("lamps")
    entry = edition("lamps", parameters={"corpus": "seed"})
    plan = read_plan(works.plan(entry | {"vintages": ["latest", datetime.date(2024, 7, 1)]}))
    assert [e.slug for e in plan.editions] == ["lamps", "lamps-2024-07-01"]
    assert plan.editions[1].parameters == {"corpus": "seed", "as_of": "2024-07-01"}
    assert plan.editions[0].vintage != plan.editions[1].vintage


def test_languages_become_editions_of_the_first_vintage(works):
    works.notebook("lamps")
    entry = edition("lamps", vintages=["latest", "2024-07-01"], languages=["fr", "ht"])
    plan = read_plan(works.plan(entry))
    assert [e.slug for e in plan.editions] == ["lamps", "lamps-2024-07-01", "lamps-fr", "lamps-ht"]
    assert [e.parameters.get("language") for e in plan.editions] == [None, None, "fr", "ht"]
    assert plan.editions[2].as_of == "latest"


def test_all_problems_come_at_once(works):
    path = works.plan(
        {"title": "No notebook"},
        edition("lamps", vintages=["2024-13-01"]),
        edition("lamps", slug="../up"),
        edition("lamps", slug="assets"),
        edition("lamps", colour="red"),
        edition("ok"),
        edition("ok"),
        front="nowhere",
    )
    with pytest.raises(PressError) as caught:
        read_plan(path)
    text = "\n".join(caught.value.problems)
    for part in ("edition 1: `notebook`", "edition 2: `vintages`", "edition 3: the slug '../up'"):
        assert part in text
    for part in ("'assets'", "unknown key 'colour'", "2 editions share the slug 'ok'", "nowhere"):
        assert part in text
    assert all(problem.count("\n") == 0 for problem in caught.value.problems)


@pytest.mark.parametrize("content", ["", "- a\n", "site: {title: [", "editions: 3\n"])
def test_broken_lists_are_sentences(works, content):
    works.list.write_text(content)
    with pytest.raises(PressError):
        read_plan(works.list)


def test_missing_list_and_missing_input(works, tmp_path):
    with pytest.raises(PressError, match="cannot be read"):
        read_plan(tmp_path / "none.yml")
    path = works.plan(edition("lamps"))
    path.write_text(path.read_text().replace("../data", "../nothing"))
    with pytest.raises(PressError, match=r"\.\./nothing does not exist"):
        read_plan(path)


def test_fingerprint_sees_names_and_bytes(works):
    plan = read_plan(works.plan(edition("lamps")))
    first = plan.fingerprint()
    assert len(first) == 64
    data = works.root / "data" / "a.csv"
    data.write_text("a\n2\n")
    second = plan.fingerprint()
    data.rename(data.with_name("b.csv"))
    assert len({first, second, plan.fingerprint()}) == 3
    (works.root / "data" / ".hidden").write_text("x")
    assert plan.fingerprint() == plan.fingerprint()


def test_select_by_slug_or_notebook(works):
    plan = read_plan(works.plan(edition("a", vintages=["latest", "2024-07-01"]), edition("b")))
    assert len(plan.select(["a"])) == 2
    assert [e.slug for e in plan.select(["a-2024-07-01"])] == ["a-2024-07-01"]
    with pytest.raises(PressError, match="No edition is called 'c'"):
        plan.select(["c"])
