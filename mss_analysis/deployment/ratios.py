"""Force ratios: people per thousand inhabitants, and gang members per officer.

A ratio of the literature is held beside those of Haiti, each with the source that states it. It is
a rule of thumb from other places and times: it proves neither failure below it nor success above.
"""

from dataclasses import dataclass, replace

from mss_analysis.charts import draw_intervals
from mss_analysis.deployment.fill import find_present
from mss_analysis.deployment.levels import (
    find_latest,
    find_latest_figure,
    pick_primary,
    read_levels,
)
from mss_analysis.deployment.strength import off_ladder, tell_day
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.intervals import mark_narrow
from mss_analysis.prose import Text, cite, compose, join, name

UNIT, TIE = "people/thousand", "gang members/officer"
# The benchmarks of the evidence base, and by how much their unit is larger than per thousand.
BENCHMARKS = {
    "benchmark_force_ratio": 1,
    "benchmark_police_per_1000": 1,
    "benchmark_police_per_100k": 100,
}
_NAMES = {
    "benchmark_force_ratio": "soldiers and police",
    "benchmark_police_per_1000": "police",
    "benchmark_police_per_100k": "police",
}
_POLICE = {"hnp_active_strength": "active HNP", "hnp_strength": "HNP on the rolls"}
_WITH = ", with "
_OFFICERS = ("", "officers", "active officers")
_NO_POPULATION = "No document known on this day states both the population and a strength."
_NO_GANGS = "No document known on this day estimates the members of gangs beside a strength."
HAITI, ELSEWHERE = "Haiti", "benchmark or other place"


@dataclass(frozen=True)
class Force:
    """A force: its name, how many people, and when they were counted or promised."""

    label: str
    figure: Estimate
    when: Text


def list_forces(evidence: Evidence) -> list[Force]:
    """List the mission, as counted and as authorised or planned, the police, and both together."""
    whole = [entry for entry in find_present(evidence) if entry.is_whole]
    mission = []
    if whole:
        there = max(whole, key=lambda entry: entry.day)
        mission.append(Force(f"{there.party} in Haiti", off_ladder(there.figure), there.when))
        levels = read_levels(evidence)
        for rung in ("authorised", "planned"):
            aims = find_latest(levels, there.party, rung)
            if aims:
                aim = off_ladder(aims[0].figure)
                mission.append(Force(f"{there.party} as {rung}", aim, aims[0].when))
                break
    police = []
    for indicator, label in _POLICE.items():
        found = find_latest_figure(evidence, indicator, _OFFICERS)
        if found is not None:
            police.append(Force(label, off_ladder(found[0]), found[1]))
    both = [
        Force(f"{one.label}{_WITH}{other.label}", one.figure + other.figure, _pair(one, other))
        for one in mission
        for other in police[:1]
    ]
    return [*mission, *police, *both]


def rate_forces(evidence: Evidence) -> Exhibit:
    """Show people per thousand inhabitants, with and without the police, beside benchmarks."""
    inhabitants = find_latest_figure(evidence, "population")
    forces = list_forces(evidence) if inhabitants else []
    rows: list[Row] = []
    for force in forces:
        ratio = rate(force.figure, inhabitants[0])
        ids = (*pick_primary(evidence, force.figure.observations)[:2],)
        rows.append(
            {
                "Force": name(force.label),
                "Per thousand inhabitants": ratio,
                "People": force.figure,
                "When": force.when,
                "Where": HAITI,
                "Source": cite(evidence, (*ids, *inhabitants[0].observations)),
            }
        )
    answer = Text(_NO_POPULATION, _NO_POPULATION)
    if rows:
        led = [forces[0], *(force for force in forces if force.label in _POLICE.values())][:2]
        led += [force for force in forces if _WITH in force.label][:1]
        told = [
            compose(
                "{force} {ratio}",
                force=name(force.label),
                ratio=rate(force.figure, inhabitants[0]),
            )
            for force in dict.fromkeys(led)
        ]
        rows += _list_benchmarks(evidence)
        answer = compose(
            "Against {inhabitants}: {told}.",
            inhabitants=inhabitants[0],
            told=join(told, "; "),
        )
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Per thousand inhabitants"),
        "Force",
        "Per thousand inhabitants",
        "People per thousand inhabitants",
        "Where",
        wrap=False,
    )
    return exhibit(
        evidence,
        "force-ratio",
        "How many people for how many inhabitants?",
        answer,
        rows,
        chart,
        compose(
            "Benchmarks are quoted as their sources state them, and those sources disagree on "
            "whether any such ratio holds. A strength and a population of different years are "
            "divided by each other. The population is one figure of one document, without "
            "the year it is for. Soldiers of Haiti's army are left out."
        ),
    )


def weigh_gangs(evidence: Evidence) -> Exhibit:
    """Show how many gang members there are for each officer, by the estimates told."""
    rows: list[Row] = []
    for indicator, label in (
        ("gang_members", "all members"),
        ("gang_members_core", "heavily armed"),
    ):
        found = find_latest_figure(evidence, indicator)
        if found is None:
            continue
        gangs, when = found
        for force in list_forces(evidence):
            ids = (*gangs.observations[:1], *pick_primary(evidence, force.figure.observations)[:2])
            rows.append(
                {
                    "Officers of": name(force.label),
                    "Counted": compose("{label}, {when}", label=label, when=when),
                    "Gang members per officer": outnumber(gangs, force.figure),
                    "Gang members": gangs,
                    "Officers": force.figure,
                    "Source": cite(evidence, ids),
                }
            )
    answer = Text(_NO_GANGS, _NO_GANGS)
    if rows:
        alone = list_forces(evidence)[0]
        answer = compose(
            "By the latest estimate there are {gangs}: {ratio} ({force}).",
            gangs=_as_members(rows[0]["Gang members"]),
            ratio=rows[0]["Gang members per officer"],
            force=name(alone.label),
        )
        both = [row for row in rows if _WITH in row["Officers of"].plain]
        if both:
            answer = compose(
                "{answer} With the police added it is {ratio}.",
                answer=answer,
                ratio=both[0]["Gang members per officer"],
            )
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Gang members per officer"),
        "Officers of",
        "Gang members per officer",
        "Gang members per officer",
        "Counted",
        wrap=False,
    )
    return exhibit(
        evidence,
        "gangs-per-officer",
        "How many gang members for each officer?",
        answer,
        rows,
        chart,
        compose(
            "Nobody counts gang members; the estimates rest on few origins, and what makes a "
            "member is not defined. Figures of different months are divided by each other."
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how many people per thousand inhabitants there are, with and without the police."""
    inhabitants = find_latest_figure(evidence, "population")
    if inhabitants is None:
        return []
    found = []
    forces = list_forces(evidence)
    alone = [force for force in forces if force.label.endswith(" in Haiti")]
    both = [force for force in forces if f" in Haiti{_WITH}" in force.label]
    for identifier, chosen in (("force-ratio", alone), ("force-ratio-police", both)):
        for force in chosen[:1]:
            ratio = rate(force.figure, inhabitants[0])
            text = compose("{force}: {ratio} inhabitants.", force=name(force.label), ratio=ratio)
            label = f"People per thousand inhabitants, {force.label}"
            found.append(Finding(f"deployment.{identifier}", label, ratio, text))
    return found


def rate(people: Estimate, inhabitants: Estimate) -> Estimate:
    """Give people per thousand inhabitants.

    >>> rate(Estimate.stated(1150, "persons", "a"), Estimate.stated(11_500_000, "persons", "b"))
    Estimate(0.1 people per thousand)
    """
    return replace(people / inhabitants * 1000, unit=UNIT)


def outnumber(gangs: Estimate, officers: Estimate) -> Estimate:
    """Give gang members per officer.

    >>> outnumber(Estimate.stated(12000, "persons", "a"), Estimate.stated(1000, "persons", "b"))
    Estimate(12 gang members per officer)
    """
    return replace(gangs / officers, unit=TIE)


def _list_benchmarks(evidence: Evidence) -> list[Row]:
    """List the benchmarks, one row for a number and place, with all who state it."""
    rows: dict[tuple, Row] = {}
    table = evidence.select(BENCHMARKS).sort_values("as_of", kind="stable")
    for row in table.to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        scale = BENCHMARKS[row["indicator"]]
        figure = replace(figure if scale == 1 else figure / scale, unit=UNIT)
        key = (_NAMES[row["indicator"]], row["place"], figure.low, figure.high)
        ids = (row["observation_id"],)
        if key in rows:
            ids = (*rows[key]["Per thousand inhabitants"].observations, *ids)
        figure = replace(figure, observations=ids)
        who = row["origin"] or evidence.label(row["source_id"]).rsplit(", ", 1)[0]
        rows.setdefault(key, {}).update(
            {
                "Force": rows.get(key, {}).get("Force")
                or name(f"{row['place']}, {_NAMES[row['indicator']]} ({who})"),
                "Per thousand inhabitants": figure,
                "People": None,
                "When": tell_day(row),
                "Where": ELSEWHERE,
                "Source": cite(evidence, ids),
            }
        )
    return list(rows.values())


def _pair(one: Force, other: Force) -> Text:
    if one.when.plain == other.when.plain:
        return one.when
    return compose("{one} and {other}", one=one.when, other=other.when)


def _as_members(figure: Estimate) -> Estimate:
    return replace(figure, unit="gang members")
