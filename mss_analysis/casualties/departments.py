"""Departments: where the attacks happened whose dead somebody counted."""

from mss_analysis.casualties.incidents import Incident, list_incidents
from mss_analysis.department_map import draw_departments
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, compose, join, name

_DEPARTMENT = "department"


def group_by_department(evidence: Evidence) -> dict[str, list[Incident]]:
    """Group the incidents by the department in which their place lies; others are left out.

    Gives department -> incidents, the one with the most incidents first.
    """
    places = evidence.tables["places"]
    departments = list(places[places["kind"] == _DEPARTMENT]["place"])
    found: dict[str, list[Incident]] = {}
    for incident in list_incidents(evidence):
        for department in departments:
            if evidence.lies_within(incident.place, department):
                found.setdefault(department, []).append(incident)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def map_incidents(evidence: Evidence) -> Exhibit:
    """Show in which departments the counted attacks happened, and how many people they killed."""
    grouped = group_by_department(evidence)
    rows = _add_up(grouped)
    answer = headline = chart = None
    if rows:
        frame = flatten(evidence, rows)
        places = evidence.tables["places"].set_index("place")["pcode"]
        names = {pcode: name(place).plain for place, pcode in places.items()}
        frame = frame.rename(columns={"Department": _DEPARTMENT}).assign(
            pcode=[places[department] for department in grouped],
            short=[bare(row["Killed in them"]).plain for row in rows],
        )
        frame["says"] = [
            tell(
                "For {department} the count is {killed} in {attacks}, by {source}.",
                department=row["Department"].plain,
                killed=row["Killed in them"],
                attacks=row["Attacks"],
                source=source,
            )
            for row, source in zip(rows, frame["source"], strict=True)
        ]
        axis = tell("People killed, at least")
        chart = draw_departments(frame, "Killed in them", axis, names)
        headline = _head(rows)
        parts = join([_tell(row) for row in rows], tell("; "))
        answer = compose("{parts}.", parts=parts)
    return exhibit(
        evidence,
        "departments",
        tell("Where did the attacks happen?"),
        answer,
        rows,
        chart,
        compose(
            "The same attacks as above, those whose place is known at least by department. The "
            "statements on an attack are read together where all can be true, else from the lowest "
            "to the highest. A count of one group among the dead is a floor for all of them and is "
            "not added to it. A striped department is one for which no such count is known, not "
            "one without dead. Outlines: Natural Earth, public domain."
        ),
        headline=headline,
        subtitle=tell("People killed in Haiti in attacks and series of attacks, by department"),
    )


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude in which department most attacks were counted, and how many people they killed."""
    rows = _add_up(group_by_department(evidence))
    label = tell("People killed in counted attacks in the department with most of them")
    killed = [row["Killed in them"] for row in rows[:1]]
    return [Finding("casualties.department-most", label, each, _head(rows)) for each in killed]


def _add_up(grouped: dict[str, list[Incident]]) -> list[Row]:
    return [
        {
            mark("Department"): name(department),
            mark("Attacks"): _count(incidents),
            mark("Killed in them"): total([incident.toll for incident in incidents]),
        }
        for department, incidents in grouped.items()
    ]


def _head(rows: list[Row]) -> Text:
    """Tell of the department with most attacks."""
    return compose(
        "{department}: {killed} were killed in {attacks}, the department with most of them.",
        department=rows[0]["Department"],
        killed=rows[0]["Killed in them"],
        attacks=rows[0]["Attacks"],
    )


def _count(incidents: list[Incident]) -> Estimate:
    ids = [entry for each in incidents for claim in each.claims for entry in claim.ids]
    return Estimate.count(ids, "attacks", len(incidents))


def _tell(row: Row) -> Text:
    return compose(
        "{department}: {killed} in {attacks}",
        department=row["Department"],
        killed=row["Killed in them"],
        attacks=row["Attacks"],
    )
