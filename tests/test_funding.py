import pytest
from funding_shown import US, show_all
from languages import unpack

import mss_analysis as mss
from mss_analysis import Estimate, ParameterError, UnitError, exhibit, funding, language, total
from mss_analysis.exercises import funding as lessons
from mss_analysis.funding import (
    donor,
    freeze,
    fund,
    kenya,
    money,
    remainder,
    runway,
    runway_chart,
    scopes,
    unit_cost,
)


@pytest.fixture(scope="module")
def june():
    return mss.load("2024-07-01", corpus="seed")


@pytest.fixture(scope="module")
def latest():
    return mss.load("latest", corpus="seed")


@pytest.fixture(scope="module")
def nothing():
    return mss.load("2023-01-01", corpus="seed")


def test_pledged_and_deposited_cannot_be_added():
    pledged = Estimate(3e6, 3e6, 3e6, "USD", ("a",), "a", status="pledged")
    deposited = Estimate(2e6, 2e6, 2e6, "USD", ("b",), "b", status="deposited")
    with pytest.raises(UnitError, match="pledged and deposited are different rungs"):
        _ = pledged + deposited
    with pytest.raises(UnitError, match="different rungs"):
        total([deposited, deposited, pledged])
    # Side by side, and as a share, they may stand.
    assert money.share(deposited, pledged).value == pytest.approx(200 / 3)
    assert (deposited < pledged).value == "yes"


def test_currencies_cannot_be_added():
    with pytest.raises(UnitError, match="USD and CAD"):
        _ = Estimate.stated(1, "USD", "a") + Estimate.stated(1, "CAD", "b")


def test_rungs_cannot_be_added(june):
    rows = money.list_donor(june, US)
    figures = june.estimates(row["observation_id"] for row in rows)
    assert len({figure.status for figure in figures}) == len(figures) > 1
    with pytest.raises(UnitError, match="different rungs"):
        total(figures)
    with pytest.raises(UnitError):
        _ = figures[0] - figures[-1]
    words = donor.try_adding(june, US).paragraphs[0].plain
    assert "since they stand on different rungs (pledged, authorised, cleared" in words


def test_donors_are_added_within_a_rung(june):
    pledges = money.find_pledges(june)
    assert pledges.amount.value == 360e6
    assert pledges.amount.status == "pledged"
    assert {row["party"] for row in pledges.rows} == {"Canada", US}


def test_pledges_in_a_dollar_left_open_are_said_to_be(june):
    words = runway.measure_runway(june).answer.plain
    assert "if all of it were paid, and if all of it is in US dollars. Added up:" in words


def test_a_pot_is_counted_once(june):
    purses = {(purse.pot, purse.status) for purse in money.fill_purses(june)}
    assert ("trust_fund_total", "deposited") in purses
    assert ("trust_fund_donor", "deposited") not in purses
    assert not {status for _, status in purses} & {"required", "blocked", "in_kind"}


def test_gap_of_the_trust_fund_is_rounding(june):
    split = remainder.split_whole(june, "trust_fund_total", "total")
    assert split.named.value == pytest.approx(20.9e6)
    assert split.rest.value == pytest.approx(0.1e6)
    assert split.slack == 0.5e6
    assert split.is_rounding
    assert len(split.rest.observations) == 5


@pytest.mark.parametrize(("rest", "is_rounding"), [(0.5e6, True), (-0.6e6, False)])
def test_a_gap_beyond_half_a_unit_is_no_rounding(rest, is_rounding):
    whole = Estimate.stated(21e6, "USD", "whole")
    named = whole - Estimate.stated(rest, "USD", "rest")
    split = remainder.Split(whole, (), named, whole - named, 0.5e6)
    assert split.is_rounding is is_rounding


def test_preparation_leaves_a_remainder(june):
    split = remainder.split_whole(june, "kenya_mission_budget", "subset")
    assert split.rest.value == pytest.approx(241.4e6 - (1.5e6 + 9.1e6 + 157e6))
    assert money.share(split.rest, split.whole).value == pytest.approx(30.57, abs=0.01)


def test_runway_carries_the_bounds_of_the_cost(june):
    # About 600 million is 550 to 650 million; 21 million deposited.
    months = money.last_months(money.find_deposits(june).amount, money.cost_year(june))
    assert (months.low, months.high) == pytest.approx((21 / 650 * 12, 21 / 550 * 12))
    assert months.unit == "months"
    days = money.last_days(months)
    assert (days.low, days.high) == pytest.approx((21 / 650 * 365, 21 / 550 * 365))
    assert days.unit == "days"


def test_cost_factor_scales_and_keeps_the_source(june):
    stated, halved = money.cost_year(june), money.cost_year(june, 0.5)
    assert (halved.low, halved.high) == (stated.low / 2, stated.high / 2)
    assert halved.observations == stated.observations


@pytest.mark.parametrize("factor", [0, -1, float("inf"), float("nan")])
def test_impossible_cost_factor_is_refused(june, factor):
    with pytest.raises(ParameterError, match="cost_factor"):
        money.cost_year(june, factor)


def test_cost_per_person(latest):
    cost = money.cost_year(latest)
    planned = cost / unit_cost.plan_strength(latest)
    assert (planned.low, planned.high) == (550e6 / 2500, 650e6 / 2500)
    deployed = cost / unit_cost.deploy_strength(latest)
    assert (deployed.low, deployed.high) == pytest.approx((550e6 / 450, 650e6 / 350))
    ceilings = [(cost / floor).high for floor in unit_cost.floor_strength(latest)]
    assert ceilings == pytest.approx([650e6 / 600, 650e6 / 2500])


def test_preparation_per_officer_uses_the_strength_of_its_own_report(latest):
    heads = {status: cost for status, _, cost in unit_cost.prepare_officers(latest)}
    assert heads["planned"].value == 241_400
    # Pledged were more than 1,000: the cost has a ceiling and no floor but zero.
    assert (heads["pledged"].low, heads["pledged"].high) == (0, 241_400)


def test_blocked_money_is_bounded_and_no_rung(latest):
    blocked = money.find_blocked(latest, US)
    assert (blocked.figure.low, blocked.figure.high) == (0, 300e6)
    assert "blocked" not in {row["status"] for row in money.list_donor(latest, US)}
    assert money.find_blocked(latest, "Canada") is None


def test_cleared_is_a_share_of_what_it_is_part_of(latest):
    part, whole, share = remainder.share_within(latest, US)
    assert (part["status"], whole["status"]) == ("cleared", "appropriated")
    assert share.value == pytest.approx(15 / 109 * 100)


def test_provided_and_required_come_from_one_document(latest, june):
    have, need, share = remainder.cover_requirement(latest)
    assert (have.value, need.value) == (400e6, 600e6)
    assert (share.low, share.high) == pytest.approx((350 / 6, 75))
    assert remainder.cover_requirement(june) is None


def test_nothing_known(nothing):
    assert funding.findings(nothing) == []
    shown = show_all(nothing)
    assert len(shown) == 18
    assert all(entry.chart is None for entry in shown)
    assert {entry.answer.plain for entry in shown} == {exhibit.nothing_known().plain}
    assert lessons.last_deposits(nothing).check("nothing").is_right


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((21 / 650 * 12, 21 / 550 * 12), "Right"),
        ((360 / 650 * 12, 360 / 550 * 12), "promise"),
        (21 / 600 * 12, "Give a pair"),
        ((11.8, 13.94), "days"),
    ],
)
def test_exercise_on_deposits(june, answer, words):
    assert words in lessons.last_deposits(june).check(answer).words


@pytest.mark.parametrize(
    ("answer", "words"), [(300e6, "Right"), (430e6, "adds rungs"), (409e6, "adds rungs")]
)
def test_exercise_on_rungs(june, answer, words):
    assert words in lessons.floor_rungs(june, US).check(answer).words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((550e6 / 450, 650e6 / 350), "Right"),
        ((220_000, 260_000), "planned"),
        (1.5e6, "Give a pair"),
        ((550e6 / 350, 650e6 / 450), "crosswise"),
    ],
)
def test_exercise_on_cost_per_person(latest, answer, words):
    assert words in lessons.divide_cost(latest).check(answer).words


def tell_all(corpus, code):
    """Tell exhibits, findings and hints in a language: the words, and what they rest on."""
    with language.spoken(code):
        evidence = mss.load(corpus=corpus, language=code)
        shown = [*show_all(evidence), donor.try_adding(evidence, US)]
        found = funding.findings(evidence, US)
        words = [str(unpack(entry)) for entry in shown]
        words += [finding.text.html for finding in found]
        figures = [set(entry.observations) for entry in shown[:-1]]
        figures += [set(finding.estimate.observations) for finding in found]
        hints = [
            make(evidence).check(0.5).words for make in (lessons.last_deposits, lessons.divide_cost)
        ]
        return words, figures, hints


@pytest.mark.parametrize("corpus", ["seed", "full"])
def test_every_language_tells_the_same_figures(corpus):
    _, figures, english = tell_all(corpus, "en")
    for code in ("fr", "ht"):
        words, same, hints = tell_all(corpus, code)
        assert not [text for text in words if 'class="untranslated"' in text]
        assert same == figures
        assert not set(hints) & set(english)
    assert language.current() == "en"


@pytest.mark.parametrize(
    ("day", "corpus"),
    [("2023-10-31", "full"), ("2024-03-05", "full"), ("2024-05-31", "seed"), ("latest", "full")],
)
def test_every_chart_has_a_headline(day, corpus):
    for entry in show_all(mss.load(day, corpus=corpus)):
        assert entry.subtitle, entry.id
        assert entry.chart is None or entry.headline is not None, entry.id


def test_every_scope_shown_is_marked_for_translation():
    evidence = mss.load(corpus="full")
    claims = [
        *donor.order_claims(evidence, US),
        *freeze.list_freezes(evidence),
        *fund.list_balances(evidence),
        *kenya.list_public(evidence),
    ]
    shown = {claim.primary["population"] for claim in claims} - {""}
    split = remainder.split_whole(evidence, "kenya_mission_budget", "subset")
    shown |= {row["population"] for row in split.parts}
    assert shown <= set(scopes.SCOPES)


def test_a_rounded_balance_is_no_fall():
    # 85.3 million in September 2024, "85 million" in December; 7.2 million in March is a fall.
    words = fund.tell_balance(mss.load(corpus="full")).plain
    assert "$7.2 million" in words
    assert "$85 million" not in words


def test_a_share_is_told_with_its_day_and_what_came_later(latest):
    words = donor.tell_cleared(mss.load(corpus="full"), US).plain
    assert "13.8% had been cleared (18 June 2024)" in words
    assert "for a later day" in words
    assert "for a later day" not in donor.tell_cleared(latest, US).plain


def test_months_in_a_cell_are_rounded_outwards():
    assert runway_chart._short(2.08, 2.47) == "2–\n2.5"
    assert runway_chart._short(2.2, 2.2) == "2.2"
    assert runway_chart._short(0, 2.26) == "≤ 2.3"
    assert runway_chart._short(5.53, float("nan")) == "≥ 5.5"
