"""Estimates: containment, units, provenance, and comparisons that admit ignorance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mss_analysis.estimate import Answer, CannotTell, Estimate, UnitError, total

NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)
INSIDE = st.floats(0, 1)


@st.composite
def estimates_with_point(draw, numbers=NUMBERS):
    """An estimate, and a point that its bounds allow."""
    low, high = sorted((draw(numbers), draw(numbers)))
    point = min(max(low + draw(INSIDE) * (high - low), low), high)
    is_open_above, is_open_below = draw(st.booleans()), draw(st.booleans())
    estimate = Estimate(
        None,
        -math.inf if is_open_below else low,
        math.inf if is_open_above else high,
        "persons",
        (draw(st.sampled_from(["a", "b", "c"])),),
    )
    return estimate, point


@pytest.mark.parametrize(
    "operation",
    [
        lambda x, y: x + y,
        lambda x, y: x - y,
        lambda x, y: x * y,
        lambda x, y: x / y,
        lambda x, y: -x + 3 * y,
    ],
)
@given(first=estimates_with_point(), second=estimates_with_point())
def test_true_result_lies_inside(operation, first, second):
    (left, x), (right, y) = first, second
    try:
        point = operation(x, y)
    except ZeroDivisionError:
        return
    result = operation(left, right)
    assert result.low <= point <= result.high
    assert set(result.observations) == {*left.observations, *right.observations}


@given(first=estimates_with_point(), second=estimates_with_point())
def test_comparison_is_certain_or_silent(first, second):
    (left, x), (right, y) = first, second
    answer = left < right
    if answer is Answer.YES:
        assert x < y
    elif answer is Answer.NO:
        assert x >= y
    if left.agrees_with(right) and left.low != left.high:
        assert answer is not Answer.YES


def test_cannot_tell_is_not_no():
    floor = Estimate(4000, 4000, math.inf, "persons", ("a",))
    stated = Estimate.stated(5600, "persons", "b")
    assert (floor < stated) is Answer.CANNOT_TELL
    with pytest.raises(CannotTell):
        bool(floor < stated)
    assert bool(stated > Estimate.stated(1660, "persons", "c"))


def test_units_are_kept_apart_and_combined():
    money = Estimate.stated(600e6, "USD", "cost")
    officers = Estimate.stated(1000, "officers", "strength")
    with pytest.raises(UnitError, match="USD and officers"):
        money + officers
    with pytest.raises(UnitError):
        money < officers  # noqa: B015
    each = money / officers
    assert each.unit == "USD/officers"
    assert (each * officers).unit == "USD"
    assert (money / money).unit == "1"


def test_rungs_of_a_ladder_are_not_added():
    pledged = Estimate(300e6, 300e6, 300e6, "USD", ("p",), "p", "exact", "pledged")
    deposited = Estimate(6e6, 6e6, 6e6, "USD", ("d",), "d", "exact", "deposited")
    with pytest.raises(UnitError, match="pledged and deposited"):
        total([pledged, deposited])
    assert (deposited + deposited).status == "deposited"


def test_formula_and_provenance_lead_back():
    level = Estimate(580e3, 570e3, 580e3, "persons", ("level",), "level", "nearly")
    change = Estimate.stated(215e3, "persons", "change")
    base = level - change
    assert (base.value, base.low, base.high) == (365e3, 355e3, 365e3)
    assert base.formula == "level - change"
    assert base.observations == ("level", "change")


@pytest.mark.parametrize("bounds", [(2, 1), (math.nan, 1), (math.inf, math.inf)])
def test_impossible_bounds_are_refused(bounds):
    with pytest.raises(ValueError, match="not an interval"):
        Estimate(None, *bounds, "persons")
    with pytest.raises(ValueError, match="lies outside"):
        Estimate(3, 0, 1, "persons")


def test_division_by_what_may_be_zero_stays_open():
    share = Estimate.stated(10, "USD", "a") / Estimate(None, 0, 5, "persons", ("b",))
    assert (share.low, share.high) == (2, math.inf)
    nobody = Estimate.stated(1, "USD", "a") / Estimate.stated(0, "persons", "b")
    assert (nobody.value, nobody.low, nobody.high) == (None, 0, math.inf)


def test_displays_say_the_figure_and_lead_to_it():
    toll = Estimate(5600, 5600, math.inf, "persons", ("x",), "x", "more_than")
    assert repr(toll) == "Estimate(more than 5,600 people)"
    assert 'href="#obs-x"' in toll._repr_html_()
