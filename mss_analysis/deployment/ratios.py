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
from mss_analysis.deployment.strength import Strength, off_ladder, tell_day
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.intervals import mark_narrow
from mss_analysis.language import mark, name_of, tell, translate
from mss_analysis.prose import Text, cite, compose, join, name

UNIT, TIE = "people/thousand", "gang members/officer"
# The benchmarks of the evidence base, and by how much their unit is larger than per thousand.
BENCHMARKS = {
    "benchmark_force_ratio": 1,
    "benchmark_police_per_1000": 1,
    "benchmark_police_per_100k": 100,
}
_NAMES = {
    "benchmark_force_ratio": mark("soldiers and police"),
    "benchmark_police_per_1000": mark("police"),
    "benchmark_police_per_100k": mark("police"),
}
_POLICE = {
    "hnp_active_strength": mark("active HNP"),
    "hnp_strength": mark("HNP on the rolls"),
}
_OFFICERS = ("", "officers", "active officers")
HAITI, ELSEWHERE = "Haiti", mark("benchmark or other place")
# What a force is made of.
_THERE, _PROMISED, _POLICE_ALONE, _BOTH = "there", "promised", "police", "both"


@dataclass(frozen=True)
class Force:
    """A force: its name, how many people, and when they were counted or promised."""

    label: str
    figure: Estimate
    when: Text
    kind: str


def list_forces(evidence: Evidence) -> list[Force]:
    """List the mission, as counted and as authorised or planned, the police, and both together."""
    whole = [entry for entry in find_present(evidence) if entry.is_whole]
    mission = []
    if whole:
        there = max(whole, key=lambda entry: entry.day)
        mission.append(_name_there(there))
        levels = read_levels(evidence)
        for rung in ("authorised", "planned"):
            aims = find_latest(levels, there.party, rung)
            if aims:
                aim = off_ladder(aims[0].figure)
                label = tell("{party} as {rung}", party=name_of(there.party), rung=translate(rung))
                mission.append(Force(label, aim, aims[0].when, _PROMISED))
                break
    police = []
    for indicator, label in _POLICE.items():
        found = find_latest_figure(evidence, indicator, _OFFICERS)
        if found is not None:
            figure = off_ladder(found[0])
            police.append(Force(translate(label), figure, found[1], _POLICE_ALONE))
    both = [
        Force(
            tell("{force}, with {police}", force=one.label, police=other.label),
            one.figure + other.figure,
            _pair(one, other),
            _BOTH,
        )
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
    answer = compose("No document known on this day states both the population and a strength.")
    headline = None
    if rows:
        led = [forces[0], *(force for force in forces if force.kind == _POLICE_ALONE)][:2]
        led += [force for force in forces if force.kind == _BOTH][:1]
        headline = compose(
            "{force}: {ratio} inhabitants",
            force=name(led[-1].label),
            ratio=rate(led[-1].figure, inhabitants[0]),
        )
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
            told=join(told, tell("; ")),
        )
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Per thousand inhabitants"),
        "Force",
        "Per thousand inhabitants",
        tell("People per thousand inhabitants"),
        "Where",
        wrap=False,
    )
    return exhibit(
        evidence,
        "force-ratio",
        tell("How many people for how many inhabitants?"),
        answer,
        rows,
        chart,
        compose(
            "Benchmarks are quoted as their sources state them, and those sources disagree on "
            "whether any such ratio holds. A strength and a population of different years are "
            "divided by each other. The population is one figure of one document, without "
            "the year it is for. Soldiers of Haiti’s army are left out."
        ),
        headline=headline,
        subtitle=tell("Members of the mission and police officers per thousand inhabitants"),
    )


def weigh_gangs(evidence: Evidence) -> Exhibit:
    """Show how many gang members there are for each officer, by the estimates told."""
    rows: list[Row] = []
    both: list[Row] = []
    for indicator, label in (
        ("gang_members", mark("all members")),
        ("gang_members_core", mark("heavily armed")),
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
            if force.kind == _BOTH:
                both.append(rows[-1])
    answer = compose(
        "No document known on this day estimates the members of gangs beside a strength."
    )
    headline = None
    if rows:
        alone = list_forces(evidence)[0]
        answer = compose(
            "By the latest estimate there are {gangs}: {ratio} ({force}).",
            gangs=_as_members(rows[0]["Gang members"]),
            ratio=rows[0]["Gang members per officer"],
            force=name(alone.label),
        )
        led = (both or rows)[0]
        headline = compose(
            "{force}: {ratio}", force=led["Officers of"], ratio=led["Gang members per officer"]
        )
        if both:
            more = compose(
                "With the police added it is {ratio}.", ratio=both[0]["Gang members per officer"]
            )
            answer = join([answer, more])
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Gang members per officer"),
        "Officers of",
        "Gang members per officer",
        tell("Gang members per officer"),
        "Counted",
        wrap=False,
    )
    return exhibit(
        evidence,
        "gangs-per-officer",
        tell("How many gang members for each officer?"),
        answer,
        rows,
        chart,
        compose(
            "Nobody counts gang members; the estimates rest on few origins, and what makes a "
            "member is not defined. Figures of different months are divided by each other."
        ),
        headline=headline,
        subtitle=tell("Gang members per member of the mission or police officer"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how many people per thousand inhabitants there are, with and without the police."""
    inhabitants = find_latest_figure(evidence, "population")
    if inhabitants is None:
        return []
    found = []
    forces = list_forces(evidence)
    alone = [force for force in forces if force.kind == _THERE]
    both = [force for force in forces if force.kind == _BOTH]
    for identifier, chosen in (("force-ratio", alone), ("force-ratio-police", both)):
        for force in chosen[:1]:
            ratio = rate(force.figure, inhabitants[0])
            text = compose("{force}: {ratio} inhabitants.", force=name(force.label), ratio=ratio)
            label = tell("People per thousand inhabitants, {force}", force=force.label)
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
                or compose(
                    "{place}, {force} ({who})",
                    place=name(row["place"]),
                    force=_NAMES[row["indicator"]],
                    who=name(who),
                ),
                "Per thousand inhabitants": figure,
                "People": None,
                "When": tell_day(row),
                "Where": ELSEWHERE,
                "Source": cite(evidence, ids),
            }
        )
    return list(rows.values())


def _name_there(there: Strength) -> Force:
    label = tell("{party} in Haiti", party=name_of(there.party))
    return Force(label, off_ladder(there.figure), there.when, _THERE)


def _pair(one: Force, other: Force) -> Text:
    if one.when.plain == other.when.plain:
        return one.when
    return compose("{one} and {other}", one=one.when, other=other.when)


def _as_members(figure: Estimate) -> Estimate:
    return replace(figure, unit="gang members")
