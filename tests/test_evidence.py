"""Evidence: what was known on a day, with bounds from wording."""

import math
from datetime import date

import pytest

import mss_analysis as mss
from mss_analysis.bounds import read_rules
from mss_analysis.codes import STATUSES
from mss_analysis.language import has_name, spoken, translate


def known(as_of):
    return set(mss.load(as_of, "seed").sources["source_id"].str[:3])


@pytest.mark.parametrize(
    ("as_of", "documents"),
    [
        ("2023-01-01", set()),
        ("2024-06-29", set()),  # June 2024 counts as known at its end
        ("2024-06-30", {"004"}),
        ("2024-10-22", {"000", "004"}),
        ("2024-11-29", {"000", "004"}),
        ("2024-11-30", {"000", "001", "002", "004"}),
        ("2025-01-31", {"000", "001", "002", "003", "004"}),
        ("latest", {"000", "001", "002", "003", "004"}),
    ],
)
def test_vintages(as_of, documents):
    assert known(as_of) == documents


def test_latest_is_the_newest_publication_and_not_the_clock():
    assert mss.load(corpus="seed").as_of == date(2025, 1, 31)


def test_rows_follow_their_sources():
    evidence = mss.load("2024-07-01", "seed")
    for frame in (evidence.observations, evidence.events, evidence.passages, evidence.mitigations):
        assert set(frame["source_id"].str[:3]) == {"004"}
    assert set(evidence.identities["observation_id"]) <= set(
        evidence.observations["observation_id"]
    )


@pytest.mark.parametrize(
    ("observation", "low", "high"),
    [
        ("killed-2024q1-004-p8", 1660, 1660),
        ("killed-2024-003-p10", 5600, math.inf),
        ("displaced-2024-06-004-p8", 570_000, 580_000),
        ("gang-minors-2024-06-004-p12", 30, 50),
        ("gang-minors-2024-06-004-p83", 0, 50),
        ("mission-cost-annual-004-p21", 550e6, 650e6),
        ("killed-growth-2024q1-004-p8", 52.5, 53.5),  # overridden by the row, with a note
    ],
)
def test_bounds_follow_wording(evidence, observation, low, high):
    figure = evidence.estimate(observation)
    assert (figure.low, figure.high) == (low, high)


def test_a_reader_may_loosen_the_rules(base):
    rules = read_rules(base / "qualifiers.csv") | {"exact": ("0.5", "0.5")}
    loose = mss.load(corpus="seed", rules=rules).estimate("killed-2024q1-004-p8")
    assert (loose.low, loose.high) == (1655, 1665)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"as_of": "2024-13-01"}, "as_of must be an ISO date such as 2024-11-30"),
        ({"as_of": "yesterday"}, "'yesterday'"),
        ({"as_of": "20240701"}, "'20240701'"),
        ({"as_of": "2024-W27-1"}, "'2024-W27-1'"),
        ({"as_of": None}, "not None"),
        ({"corpus": "seeds"}, "corpus must be one of seed, full, not 'seeds'"),
        ({"language": "xx"}, "language must be one of en"),
    ],
)
def test_impossible_parameters(parameters, words):
    with pytest.raises(mss.ParameterError, match=words):
        mss.load(**parameters)


def test_broken_tables_are_named(base):
    (base / "events.csv").unlink()
    with pytest.raises(mss.EvidenceError, match=r"events\.csv is missing"):
        mss.load(data=base)


def test_a_table_that_is_not_utf8_is_named(base):
    path = base / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b",Haiti,", ",Ha\u00efti,".encode("latin-1"), 1))
    with pytest.raises(mss.EvidenceError, match=r"observations\.csv can't be read \('utf-8'"):
        mss.load(data=base)


def test_unsound_tables_are_one_sentence(base):
    path = base / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2024-03-31", "2024-02-30", 1))
    with pytest.raises(mss.EvidenceError, match="run `mss check`"):
        mss.load(data=base)


def test_provenance_leads_to_the_paragraph(evidence):
    told = evidence.provenance(["killed-2024q1-004-p8"])
    row = told["observations"]["killed-2024q1-004-p8"]
    assert (row["source"], row["locator"]) == ("004_ecda221a58dc764e", "p8")
    assert row["wording"] == "1,660 people"
    assert row["when"] == "1 January 2024 to 31 March 2024"
    assert list(told["sources"]) == ["004_ecda221a58dc764e"]


def find(evidence, **where):
    """Find the first row, of whichever table, that has these cells."""
    rows = map(evidence.row, evidence.statements)
    return next(
        entry
        for entry, row in zip(evidence.statements, rows, strict=True)
        if all(row.get(column) == cell for column, cell in where.items())
    )


@pytest.mark.parametrize("language", ["fr", "ht"])
def test_each_code_of_the_tables_has_words(language):
    with spoken(language):
        evidence = mss.load(corpus="full", language=language)
        told = evidence.provenance(evidence.statements)["observations"]
        known = {translate(words) for kind in STATUSES.values() for words in kind.values()}
        names = ("population", "party", "parties")
        cells = {evidence.row(entry).get(column, "") for entry in told for column in names}
        assert [cell for cell in cells if cell and not has_name(cell)] == []
        assert {row["status"] for row in told.values()} <= {*known, ""}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("in kind", "reported as fact", "officers", "Guatemala; El Salvador")),
        ("fr", ("en nature", "rapporté comme un fait", "policiers", "Guatemala\u202f; Salvador")),
        ("ht", ("an nati", "rapòte kòm fè", "polisye", "Gwatemala; Salvadò")),
    ],
)
def test_codes_are_said_in_the_language(language, words):
    with spoken(language):
        evidence = mss.load(corpus="full", language=language)
        ids = [
            find(evidence, status="in_kind"),
            find(evidence, status="reported"),
            find(evidence, population="officers"),
            find(evidence, party="Guatemala; El Salvador"),
        ]
        rows = list(evidence.provenance(ids)["observations"].values())
    assert (
        rows[0]["status"],
        rows[1]["status"],
        rows[2]["population"],
        rows[3]["party"],
    ) == words


@pytest.mark.parametrize(
    ("language", "kind", "label"),
    [
        ("en", "interview", "Interview, November 2024"),
        ("fr", "entretien", "Entretien, novembre 2024"),
        ("ht", "entèvyou", "Entèvyou, novanm 2024"),
    ],
)
def test_a_document_is_described_in_the_language(language, kind, label):
    with spoken(language):
        evidence = mss.load(corpus="seed", language=language)
        source = "001_1b8aad9a53f2a41d"
        ids = [row for row in evidence.statements if evidence.row(row)["source_id"] == source]
        told = evidence.provenance(ids)["sources"][source]
        assert (told["type"], told["publisher"]) == (kind, "")
        assert evidence.label(source) == label


def test_a_kind_of_document_that_the_table_lacks_keeps_its_code(base):
    path = base / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",interview,", ",leaflet,"))
    evidence = mss.load(corpus="seed", data=base)
    assert evidence.label("001_1b8aad9a53f2a41d") == "Leaflet, November 2024"


def test_abbreviations_keep_their_capitals(base):
    path = base / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",interview,", ",un-report,"))
    evidence = mss.load(corpus="seed", data=base)
    assert evidence.label("001_1b8aad9a53f2a41d") == "UN report, November 2024"
