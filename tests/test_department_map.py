"""The map of departments: outlines complete, counted ones shaded, silent ones striped."""

import pytest

import mss_analysis as mss
from mss_analysis.casualties import departments
from mss_analysis.department_map import read_outlines


@pytest.fixture(scope="module")
def evidence():
    return mss.load(corpus="full")


def test_every_department_has_an_outline(evidence):
    places = evidence.tables["places"]
    pcodes = set(places[places["kind"] == "department"]["pcode"])
    assert {outline["id"] for outline in read_outlines()} == pcodes


def test_incidents_lie_in_their_department(evidence):
    grouped = departments.group_by_department(evidence)
    assert grouped
    for department, incidents in grouped.items():
        assert all(evidence.lies_within(each.place, department) for each in incidents)
    told = [each.id for incidents in grouped.values() for each in incidents]
    assert len(told) == len(set(told))


def test_the_floor_of_a_department_is_the_sum_of_its_incidents(evidence):
    grouped = departments.group_by_department(evidence)
    shown = departments.map_incidents(evidence).table.rows
    for row, incidents in zip(shown, grouped.values(), strict=True):
        assert row["Killed in them"].low == sum(each.toll.low for each in incidents)


def test_departments_without_a_count_are_striped_not_zero(evidence):
    spec = departments.map_incidents(evidence).chart.to_dict()
    silent, counted = spec["layer"][0], spec["layer"][1]
    assert "gradient" in silent["mark"]["fill"]
    drawn = [len(layer["data"]["values"]) for layer in (silent, counted)]
    assert sum(drawn) == 10
    assert drawn[1] == len(departments.group_by_department(evidence))


def test_an_outline_tells_its_own_count_and_leads_to_its_observations(evidence):
    """What a click and the arrow keys read stands on the outline itself, not in its properties."""
    spec = departments.map_incidents(evidence).chart.to_dict()
    silent, counted = (layer["data"]["values"] for layer in spec["layer"][:2])
    assert len({shape["says"] for shape in [*silent, *counted]}) == 10
    for shape in counted:
        known = set(evidence.observations["observation_id"])
        assert set(shape["observation"].split()) <= known


def test_nothing_is_drawn_before_anything_is_known():
    shown = departments.map_incidents(mss.load("2023-01-31", "seed"))
    assert shown.chart is None
    assert shown.answer.plain.startswith("No document")
