"""What an output hands over: quick to save, and no row listed more often than it has to be."""

import json
import re

import pytest
from languages import unpack

import mss_analysis as mss
from mss_analysis.estimate import Estimate
from mss_analysis.exhibit import EXHIBIT
from mss_analysis.funding.money import select_dated
from mss_analysis.prose import PROVENANCE, show
from mss_analysis.risks import list_risks
from mss_analysis.sources import holdings
from mss_analysis.wording import anchor

LISTED = re.compile(r'data-observations="([^"]*)"')


@pytest.fixture(scope="module")
def seed():
    return mss.load(corpus="seed")


def test_an_output_is_saved_as_a_few_texts(seed):
    """Papermill saves everything again at each cell, value by value."""
    figure = seed.estimate(seed.observations["observation_id"].iloc[0])
    for output in (list_risks(seed), holdings.count_kinds(seed), show(seed, figure)):
        assert all(isinstance(part, str) for part in output._repr_mimebundle_().values())


def test_what_is_packed_is_read_again(seed):
    bundle = unpack(list_risks(seed))
    named = bundle[EXHIBIT]["observations"]
    assert named
    assert bundle[PROVENANCE] == json.loads(json.dumps(seed.provenance(named)))


def test_a_count_lists_its_rows_once_and_other_figures_say_how_they_were_made():
    count = Estimate.count(["a", "b"], "figures")
    assert LISTED.findall(anchor(count)) == ["a b"]
    assert 'data-formula="count(…)"' in anchor(count)
    share = (count / Estimate.count(["a", "b", "c"], "figures")).as_percent()
    assert 'data-formula="count(a, b) ÷ count(a, b, c)"' in anchor(share)


def test_a_source_line_leads_to_each_document_by_one_row(seed):
    shown = list_risks(seed)
    statements, documents, *_ = sorted(LISTED.findall(shown.sources.html), key=len, reverse=True)
    assert statements.split() == list(shown.observations)
    sources = [seed.row(entry)["source_id"] for entry in documents.split()]
    assert len(sources) == len(set(sources))
    assert set(sources) == {seed.row(entry)["source_id"] for entry in shown.observations}


def test_a_source_line_of_counts_leads_to_a_few_rows():
    shown = holdings.count_indicators(mss.load(corpus="full"))
    longest = max(len(ids.split()) for ids in LISTED.findall(shown.sources.html))
    assert longest < len(shown.observations) / 10


def test_figures_are_picked_in_the_order_of_their_days(seed):
    rows = select_dated(seed, ["killed", "displaced"], place="Haiti")
    days = rows["day"].dropna()
    assert set(rows["observation_id"]) == set(
        seed.select(["killed", "displaced"], place="Haiti")["observation_id"]
    )
    assert days.is_monotonic_increasing
    assert days.nunique() > 1
