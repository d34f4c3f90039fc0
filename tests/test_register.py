"""The register holds every source, everything stated, and every conflict, in each language."""

import json

import pandas as pd
import pytest

import mss_analysis as mss
from mss_analysis import language
from mss_analysis.contradictions import find_conflicts
from mss_analysis.register import EDITORS, REGISTER, describe_register


@pytest.fixture(scope="module")
def register():
    return describe_register(["en", "fr"], corpus="seed", since="2024-07-01")


def test_nothing_of_the_evidence_is_missing(register, evidence):
    record = register.languages["en"]
    assert {source["id"] for source in record["sources"]} == set(evidence.sources["source_id"])
    stated = [row for source in record["sources"] for row in source["stated"]]
    assert sorted(stated) == sorted(evidence.statements)
    assert record["rows"].keys() == set(stated)
    conflicts = {conflict.id for conflict in find_conflicts(evidence)}
    assert {dispute["id"] for dispute in record["disputes"]} == conflicts
    assert {row["group"] for row in record["rows"].values()} <= {
        name for name, _ in record["groups"]
    }


def test_rows_say_what_provenance_says(register, evidence):
    told = evidence.provenance(evidence.statements)["observations"]
    rows = register.languages["en"]["rows"]
    for name, row in rows.items():
        # A passage on a risk names the risk.
        ours = {"indicator": row["indicator"]} if row["group"] != "observations" else {}
        assert row | told[name] | ours == row
    assert rows["killed-2024-003-p10"]["unit"] == "persons"


def test_a_source_comes_with_its_grade_and_the_rule_for_it(register):
    sources = {source["id"]: source for source in register.languages["en"]["sources"]}
    source = sources["004_ecda221a58dc764e"]
    assert (source["grade"], source["reliability"]) == ("C", "fairly reliable")
    assert source["rule"].startswith("An outlet")
    assert (source["published"], source["known"]) == ("2024-06", "2024-06-30")


def test_newest_sources_come_first(register):
    known = [source["known"] for source in register.languages["en"]["sources"]]
    assert known == sorted(known, reverse=True)


def test_each_language_has_its_words(register):
    english, french = register.languages["en"], register.languages["fr"]
    assert english["rows"].keys() == french["rows"].keys()
    assert english["groups"] != french["groups"]
    assert [d["id"] for d in english["disputes"]] == [d["id"] for d in french["disputes"]]
    assert english["disputes"][0]["sentence"] != french["disputes"][0]["sentence"]


@pytest.mark.parametrize("code", ["fr", "ht"])
def test_whoever_explains_a_dispute_has_a_name_in_each_language(code):
    authors = set(mss.load(corpus="full").tables["explanations"]["author"])
    assert EDITORS in authors
    with language.spoken(code):
        assert [author for author in authors if not language.has_name(author)] == []


def test_changes_are_told_since_a_day(register):
    record = register.languages["en"]
    assert record["since"] == "2024-07-01"
    assert record["changes"]
    assert not describe_register(corpus="seed").languages["en"]["changes"]


def test_it_is_plain_data_and_names_itself(register):
    bundle = register._repr_mimebundle_()
    assert json.loads(json.dumps(bundle[REGISTER]))["languages"].keys() == {"en", "fr"}
    assert "sources" in bundle["text/plain"]


def test_leading_disputes_are_large_contradictions_on_different_things():
    record = describe_register().languages["en"]
    leading = [dispute for dispute in record["disputes"] if dispute["lead"]]
    assert 1 < len(leading) <= 6
    assert {dispute["severity"] for dispute in leading} == {"contradiction"}
    things = [dispute["counted"] for dispute in leading]
    assert len(set(things)) == len(things)
    explained = [dispute for dispute in record["disputes"] if dispute["reason"]]
    assert explained
    assert all(dispute["author"] for dispute in explained)


def test_a_row_that_was_corrected_is_listed_with_its_source():
    record = describe_register().languages["en"]
    corrected = [source for source in record["sources"] if source["errata"]]
    rows = {entry["row"] for source in corrected for entry in source["errata"]}
    assert rows == set(mss.load().corrections["row"])


def test_contested_figures_hold_only_where_all_of_them_are_known():
    record = describe_register().languages["en"]
    evidence = mss.load()
    sources = evidence.sources.set_index("source_id")["known"].fillna(pd.Timestamp(evidence.as_of))
    grades = evidence.sources.set_index("source_id")["grade"]
    for dispute in record["disputes"]:
        stated = [record["rows"][entry]["source"] for entry in dispute["observations"]]
        # The first is what a report shows that does not ask for grades.
        assert dispute["within"]["min_grade"][0] == "F"
        assert dispute["within"]["min_grade"][-1] == max(grades[stated])
        known = sources[stated]
        assert dispute["known"] == max(known).strftime("%Y-%m-%d")
        assert not dispute["contested"] or dispute["severity"] == "contradiction"
    assert any(dispute["within"]["corpus"] == ["full", "seed"] for dispute in record["disputes"])
