"""A user's own ratings: what is right is read, what is wrong is told in one sentence each."""

from pathlib import Path

import pytest
from languages import unpack

import mss_analysis as mss
from mss_analysis import language
from mss_analysis.press.gate import unlinked
from mss_analysis.risks import rated
from mss_analysis.risks.ratings import RatingsError, read_ratings

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
HEADER = "rater,risk,likelihood,impact\n"
KNOWN = ["flood", "fire"]
EXHIBITS = [
    rated.show_ratings,
    rated.measure_agreement,
    rated.rank_ratings,
    rated.try_choices,
]


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "ratings.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_ratings_are_laid_out_by_rater_and_risk(tmp_path: Path) -> None:
    rows = "Ann,flood,1,5\nBea,fire,3,\nAnn,fire,2,4\n,flood,,\n"
    ratings = read_ratings(write(tmp_path, HEADER + rows), KNOWN)
    assert (ratings.raters, ratings.risks) == (["Ann", "Bea"], ["flood", "fire"])
    assert ratings.likelihood.loc["Bea", "fire"] == 3
    assert ratings.impact.loc["Bea"].isna().all()


def test_what_spreadsheets_write_is_read(tmp_path: Path) -> None:
    text = "\ufeffnote,rater,risk,likelihood,impact\r\nx,Ann,flood,1,5\r\n"
    assert read_ratings(write(tmp_path, text), KNOWN).impact.loc["Ann", "flood"] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "Ann,flood,6,1\n", "row 2, column likelihood: '6' is no step of the scale"),
        (HEADER + "Ann,flood,1,high\n", "row 2, column impact: 'high' is no step"),
        (HEADER + "Ann,flood,2.5,1\n", "whole number from 1 (lowest) to 5"),
        (HEADER + "Ann,Flood,1,1\n", "column risk: 'Flood' is not known; write flood."),
        (HEADER + "Ann,storm,1,1\n", "a risk_id of risks.csv, such as 'flood'"),
        (HEADER + ",flood,1,1\n", "row 2, column rater: it is empty"),
        (HEADER + "Ann,flood,1,1\nAnn,flood,2,2\n", "row 3, column risk: 'Ann' rated 'flood' in"),
        (HEADER + 'Ann,"flood\n', "is not valid CSV"),
        (HEADER, "holds no rating yet"),
        ("", "the column 'rater' is missing"),
        ("rater,risk,impact\n", "the column 'likelihood' is missing"),
        ("rater;risk;likelihood;impact\nAnn;flood;1;1\n", "separated by semicolons"),
        (HEADER.encode() + b"\xc9va,flood,1,1\n", "is not UTF-8"),
    ],
)
def test_each_fault_is_one_clear_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RatingsError) as caught:
        read_ratings(write(tmp_path, text), KNOWN)
    assert said in str(caught.value)
    assert str(caught.value).startswith("ratings.csv")
    assert "\n" not in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    rows = "Ann,flood,9,1\nBea,storm,1,0\n"
    with pytest.raises(RatingsError) as caught:
        read_ratings(write(tmp_path, HEADER + rows), KNOWN)
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RatingsError, match=r"nowhere\.csv' can't be read: no such file"):
        read_ratings(tmp_path / "nowhere.csv", KNOWN)


def test_without_a_file_there_are_no_ratings() -> None:
    evidence = mss.load(corpus="seed")
    assert rated.load_ratings(evidence, "") is None
    said = rated.show_ratings(evidence, None)
    assert said.paragraphs[0].plain.startswith("No ratings were given")
    assert [make(evidence, None) for make in EXHIBITS[1:]] == [None, None, None]


@pytest.mark.parametrize("as_of", ["2023-01-01", "2024-07-01", "latest"])
def test_the_teaching_example_is_shown_as_invented_and_numbers_are_no_figures(as_of: str) -> None:
    evidence = mss.load(as_of, corpus="seed")
    ratings = rated.load_ratings(evidence, str(NOTEBOOKS / "ratings-example.csv"))
    shown = [make(evidence, ratings) for make in EXHIBITS]
    for entry in shown:
        bundle = entry._repr_mimebundle_()
        assert unlinked(bundle["text/html"]) == []
    if ratings.risks:
        assert shown[0].answer.plain.startswith("Invented for teaching")


@pytest.mark.parametrize("code", ["fr", "ht"])
def test_ratings_are_told_in_each_language(code: str) -> None:
    evidence = mss.load(corpus="seed", language=code)
    ratings = rated.load_ratings(evidence, str(NOTEBOOKS / "ratings-example.csv"))
    assert language.current() == code
    try:
        pages = [str(unpack(make(evidence, ratings))) for make in EXHIBITS]
        pages.append(rated.show_ratings(evidence, None).paragraphs[0].html)
    finally:
        language.speak("en")
    assert not [page for page in pages if 'class="untranslated"' in page]


def test_the_template_names_every_risk_and_rates_none() -> None:
    path = NOTEBOOKS / "ratings-template.csv"
    named = {line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    assert named == set(mss.load().risks["risk_id"])
    with pytest.raises(RatingsError, match="holds no rating yet"):
        read_ratings(path, sorted(named))


def test_raters_of_hostile_names_do_no_harm(tmp_path: Path) -> None:
    evidence = mss.load(corpus="seed")
    name = "<script>alert(1)</script> 7 {x}"
    risks = evidence.risks["risk_id"][:7]
    rows = "".join(f'"{name}",{risk},{1 + place % 5},3\n' for place, risk in enumerate(risks))
    rows += "".join(f"Bea,{risk},{1 + place % 4},2\n" for place, risk in enumerate(risks))
    ratings = rated.load_ratings(evidence, str(write(tmp_path, HEADER + rows)))
    for make in EXHIBITS:
        html = make(evidence, ratings)._repr_mimebundle_()["text/html"]
        assert "<script>alert" not in html
        assert unlinked(html) == []
