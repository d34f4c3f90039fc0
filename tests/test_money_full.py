"""Money on all the evidence: scopes, currencies, contradictions, and hand-worked results."""

import json
import warnings

import pandas as pd
import pytest
from funding_shown import US, show_all
from languages import unpack

import mss_analysis as mss
from mss_analysis import Estimate, funding
from mss_analysis.exercises import funding as lessons
from mss_analysis.exhibit import EXHIBIT
from mss_analysis.findings import record
from mss_analysis.funding import (
    aid,
    currency,
    donor,
    freeze,
    fund,
    kenya,
    ledger,
    money,
    officer_month,
    remainder,
    runway,
    unit_cost,
)
from mss_analysis.press.gate import unlinked


@pytest.fixture(scope="module")
def full():
    return mss.load("2025-12-31", corpus="full")


@pytest.fixture(scope="module")
def spring():
    return mss.load("2025-03-31", corpus="full")


def test_sums_on_top_are_no_totals(full):
    rows = money.list_rungs(full, None)
    assert {row["population"] for row in rows} == {""}
    germany = next(
        row for row in rows if row["party"] == "Germany" and row["status"] == "announced"
    )
    # 46 million in all; 35 million came on top of the 11 paid in 2024.
    assert germany["value"] == 46e6
    scopes = {row["population"] for row in money.select_money(
        full, ["mission_support"], scope=None).to_dict(orient="records")}  # fmt: skip
    assert "direct aid, outside the trust fund" in scopes


def test_a_fallen_balance_is_not_the_newest(spring):
    # A page of March 2025 takes the 7.2 million repaid to Kenya for the whole fund.
    assert money.find_deposits(spring).amount.low >= 105e6
    told = [claim.figure.value for claim in fund.list_balances(spring)]
    assert 7.2e6 in told
    assert 7.2e6 not in [claim.figure.value for claim in fund.list_days(spring)]
    assert "$7.2 million" in fund.tell_balance(spring).plain


@pytest.mark.parametrize(
    ("lows", "highs", "kept"),
    [
        ([10, 20, 30], [10, 20, 30], [0, 1, 2]),
        ([10, 4, 30], [10, 4, 30], [0, 2]),
        # An open figure that reaches the earlier floor may be true.
        ([85, 0, 110], [85, 100, 110], [0, 1, 2]),
        ([85, 0, 110], [85, 80, 110], [0, 2]),
        # What was left out sets no floor.
        ([10, 5, 7], [10, 5, 7], [0]),
    ],
)
def test_growing_sums_do_not_fall(lows, highs, kept):
    rows = pd.DataFrame({"day": range(len(lows)), "low": lows, "high": highs})
    assert list(money.drop_fallen(rows).index) == kept


def test_rivals_of_one_day_do_not_fall():
    rows = pd.DataFrame({"day": [1, 1], "low": [110, 0], "high": [110, 100]})
    assert len(money.drop_fallen(rows)) == 2


def test_a_number_told_in_two_currencies_is_in_doubt(full):
    doubtful = money.doubt_currency(full)
    eastleigh = "trust-fund-donor-canada-2024-02-22-eastleigh-2024-02-trustfund"
    assert eastleigh in doubtful
    newest = [row for row in money.list_donor(full, "Canada") if row["status"] == "pledged"]
    assert eastleigh not in [row["observation_id"] for row in newest]


def test_one_amount_is_one_claim(full):
    held = money.find_blocked(full, US)
    assert held.figure.value == 40e6
    # Six pages, of which one says "about": the loosest wording, and three origins.
    assert (held.figure.low, held.figure.high) == (35e6, 45e6)
    assert len(held.rows) == 6
    assert held.witnesses.value == 3
    totals = donor.rival_totals(full, US)
    assert [claim.first for claim in totals] == sorted(claim.first for claim in totals)
    bounds = {(claim.figure.value, claim.figure.low, claim.figure.high) for claim in totals}
    assert len(bounds) == len(totals) > 4


def test_rounded_copies_are_told_once(full):
    rows = money.select_money(full, ["kenya_mission_budget"])
    claims = ledger.group_claims(full, rows)
    values = {claim.figure.value for claim in ledger.drop_copies(claims)}
    # 241,390,961 is what 241.4 million rounds; 237.55 million is another sum.
    assert values == {241.4e6, 237.55e6}


def test_the_cost_that_most_origins_state_comes_first(full):
    costs = money.list_costs(full)
    assert costs[0].figure.value == 600e6
    assert len(costs[0].origins) > len(costs[1].origins)
    assert 240e6 in [claim.figure.value for claim in costs]
    assert "about $240 million" in runway.tell_deposits(full).plain


def test_months_of_the_grid(full):
    labels = {label.plain: cost for label, cost in runway.list_yearly(full)}
    # 515 to 600 million over two years.
    two = next(cost for cost in labels.values() if cost.low == 257.5e6)
    assert two.high == 300e6
    months = money.last_months(Estimate.stated(113e6, "USD", "fund"), two)
    assert (months.low, months.high) == pytest.approx((113 / 300 * 12, 113 / 257.5 * 12))
    shown = runway.grid_runway(full)
    (cells,) = shown.chart.to_dict()["datasets"].values()
    assert len(shown.table.rows) * len(labels) == len(cells)


def test_the_slider_is_bound_in_the_chart(full):
    spec = unpack(runway.slide_runway(full))[EXHIBIT]["spec"]
    (param,) = [entry for entry in spec["params"] if "bind" in entry]
    assert param["bind"]["input"] == "range"
    assert param["value"] == 600
    assert param["bind"]["min"] < 600 < param["bind"]["max"]
    words = json.dumps(spec)
    assert "datum.low / yearly_cost * 12" in words
    assert "http" not in words.replace(spec["$schema"], "")


def test_a_month_of_one_person(full):
    matched = {
        (budget["period_start"].year, budget["status"]): (budget["value"], strength)
        for budget, strength in officer_month.match_comparators(full)
    }
    value, strength = matched[2013, "appropriated"]
    assert (value, strength.value) == (576_619_000, 8207)
    shown = officer_month.compare_missions(full).table.rows
    each = shown[-1]["Dollars per person and month"]
    # 576.619 million over 8,207 people and twelve months.
    assert each.value == pytest.approx(576_619_000 / 8207 / 12)
    assert round(each.value) == 5855
    # Military and police of one page and day are added: 7,000 and 1,000.
    assert matched[2005, "appropriated"][1].value == 8000
    ours = shown[0]["Dollars per person and month"]
    cost, planned = money.cost_year(full), unit_cost.plan_strength(full)
    assert (ours.low, ours.high) == pytest.approx(
        (cost.low / planned.high / 12, cost.high / planned.low / 12)
    )


def test_strength_of_the_later_force_does_not_share_the_earlier_cost(full):
    deployed = unit_cost.deploy_strength(full)
    assert full.row(deployed.observations[0])["party"] == "MSS"


def test_what_kenya_was_repaid(full):
    repaid, voted, part = kenya.weigh_repaid(full)
    assert repaid.figure.value == 933_546_317.6
    assert voted.figure.value == 2.1e9
    assert part.value == pytest.approx(933_546_317.6 / 2.1e9 * 100)
    assert {row["Rung"] for row in kenya.trace_public_money(full).table.rows} >= {
        "Voted", "Spent", "Repaid"}  # fmt: skip


def test_spans_run_from_first_to_last_statement(full):
    held = [claim for claim in freeze.list_freezes(full) if claim.figure.value == 40e6]
    assert [(str(claim.first), str(claim.last)) for claim in held] == [("2024-03-13", "2024-05-10")]
    words = freeze.tell_freezes(full).plain
    assert "$13.3 million was frozen" in words
    assert "about $40 million was held" in words


def test_coverage_of_both(full):
    rows = {(str(row["Year"]), str(row["Money"])): row for row in aid.compare_aid(full).table.rows}
    plan = rows["2024", "Humanitarian plan"]
    assert plan["Received"].value == pytest.approx(674e6 * 0.33)
    assert plan["Covered"].value == 33
    security = rows["2024", "Mission’s trust fund"]["Covered"]
    assert (security.low, security.high) == pytest.approx((85.3 / 6.5, 85.3 / 5.5))


@pytest.mark.parametrize("as_of", ["2024-06-30", "2025-12-31"])
def test_exercises_judge_right_answers_on_all_evidence(as_of):
    evidence = mss.load(as_of, corpus="full")
    months = money.last_months(money.find_deposits(evidence).amount, money.cost_year(evidence))
    assert lessons.last_deposits(evidence).check((months.low, months.high)).is_right
    least = max(
        evidence.estimate(row["observation_id"]).low for row in money.list_donor(evidence, US)
    )
    assert lessons.floor_rungs(evidence, US).check(least).is_right
    deployed = unit_cost.deploy_strength(evidence)
    if deployed is None:
        assert lessons.divide_cost(evidence).check("nothing").is_right
    else:
        each = money.cost_year(evidence) / deployed
        assert lessons.divide_cost(evidence).check((each.low, each.high)).is_right


def test_rates_are_those_that_pages_use(full):
    rates = {(unit, kind, round(rate.low)) for unit, _, rate, kind in currency.find_rates(full)}
    # 36,570,730,591 shillings beside 241,390,961 dollars, and 130 stated.
    assert ("KES", "from two sums", 151) in rates
    assert ("KES", "stated", 130) in rates


def test_parts_of_a_total_are_named_donors(full):
    split = fund.compose_fund(full)
    assert all(row["party"] for row in split.parts)
    assert split.named.low == pytest.approx(63e6 + 15e6 + 11e6 + 3.2e6 + 3e6)
    assert (split.rest.low, split.rest.high) == pytest.approx((0, 113e6 - 95.2e6))
    assert remainder.share_within(full, US)[2].value == pytest.approx(15 / 109 * 100)


@pytest.mark.parametrize(
    ("as_of", "corpus", "grade"),
    [
        ("2023-01-31", "full", "F"),
        ("2023-11-30", "full", "F"),
        ("2024-02-29", "full", "F"),
        ("2024-05-31", "full", "C"),
        ("2025-02-28", "full", "F"),
        ("latest", "full", "A"),
        ("latest", "full", "B"),
        ("latest", "seed", "A"),
        ("2024-07-31", "seed", "F"),
    ],
)
def test_any_day_any_corpus_any_grade(as_of, corpus, grade):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evidence = mss.load(as_of, corpus=corpus, min_grade=grade)
        record(evidence, funding.findings(evidence))
        for shown in show_all(evidence):
            shown._repr_mimebundle_()
            assert len(shown.table.rows) <= 30, shown.id
            for part in (shown.answer, shown.note):
                assert part is None or unlinked(part.html) == []
                assert part is None or "unfounded" not in part.html


def test_promises_to_two_missions_are_not_added():
    # Haiti's 50 million of December 2025 are for the GSF; about 600 and 60 million for the MSS.
    evidence = mss.load(corpus="full")
    pledges = money.find_pledges(evidence)
    assert (pledges.mission, pledges.amount.low, pledges.amount.high) == ("MSS", 610e6, 710e6)
    assert {row["party"] for row in pledges.rows} == {US, "Canada"}
    purses = {(purse.pot, purse.status, purse.mission) for purse in money.fill_purses(evidence)}
    assert ("mission_support", "pledged", "GSF") in purses
    assert ("trust_fund_total", "deposited", "") in purses
    words = runway.measure_runway(evidence).answer.plain
    assert "United States (told by Government of Kenya)" in words
    assert "spent already, and perhaps part of the pledges: United States: more than $600" in words


def test_the_rate_is_a_finding(full):
    (rate,) = currency.findings(full)
    spans = [figure for unit, _, figure, _ in currency.find_rates(full) if unit == "KES"]
    assert rate.estimate.low == min(figure.low for figure in spans)
    assert rate.estimate.high == max(figure.high for figure in spans)
    assert not currency.findings(mss.load("2023-01-31", corpus="full"))
