"""Force ratios: people per thousand inhabitants, and gang members per officer.

A ratio of the literature is held beside those of Haiti, each with the source that states it. It is
a rule of thumb from other places and times: it proves neither failure below it nor success above.
"""

from dataclasses import dataclass, replace

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.deployment.fill import find_present
from mss_analysis.deployment.levels import (
    find_latest,
    find_latest_figure,
    pick_primary,
    read_levels,
    settle,
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
# What a benchmark of the whole world is, by a word of its note; the first that is found counts.
_KINDS = {
    "median": mark("Police, median of countries ({who})"),
    "mean": mark("Police, mean of countries ({who})"),
    "norm": mark("Police, called a norm ({who})"),
    "peaceful": mark("Police, said to do in peaceful places ({who})"),
}
_ADVISED = mark("Soldiers and police, advised for stability operations ({who})")
_CASE = mark("Soldiers and police, {place} ({who})")
_ELSEWHERE = mark("Police, {place} ({who})")
_WORLD = "World"
# The worst grade of a source, or of whom it quotes, from which a benchmark is shown.
_WORST = "C"
_POLICE = {
    "hnp_active_strength": mark("active HNP"),
    "hnp_strength": mark("HNP on the rolls"),
}
# Rival counts of the police may be so much older than the latest one.
_RECENT = pd.DateOffset(years=2)
_OFFICERS = ("", "officers", "active officers")
HAITI, ELSEWHERE = "Haiti", mark("benchmark or other place")
# What a force is made of.
_THERE, _PROMISED, _POLICE_ALONE, _BOTH = "there", "promised", "police", "both"


@dataclass(frozen=True)
class Force:
    """A force: its name, how many people, when they were counted or promised, and who counted."""

    label: str
    figure: Estimate
    when: Text
    kind: str
    who: str = ""


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
    police = [
        force
        for indicator, label in _POLICE.items()
        for force in list_police(evidence, indicator, label)
    ]
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


def list_police(evidence: Evidence, indicator: str, label: str) -> list[Force]:
    """List the recent counts of the police, the latest of each origin, the newest first.

    Who counted is a part of the name: rival counts rest on one origin each.
    """
    rows = evidence.select(indicator, place=HAITI, party="", population=_OFFICERS)
    rows = rows[rows["as_of"].notna()].sort_values("as_of", ascending=False, kind="stable")
    rows = rows[rows["as_of"] >= rows["as_of"].max() - _RECENT]
    forces = []
    for origin, told in rows.groupby("origin", sort=False):
        month = told["as_of"].dt.strftime("%Y-%m")
        latest = told[month == month.iloc[0]]
        figure = off_ladder(settle(evidence.estimates(latest))[0])
        row = latest.iloc[0].to_dict()
        who = str(origin) or evidence.label(row["source_id"]).rsplit(", ", 1)[0]
        named = tell("{force} ({who})", force=translate(label), who=name_of(who))
        forces.append(Force(named, figure, tell_day(row), _POLICE_ALONE, who))
    return forces


def tell_rivals(evidence: Evidence) -> Text | None:
    """Name the rival counts of the police on the rolls, and one that is the active force, too."""
    active, rolls = (list_police(evidence, *entry) for entry in _POLICE.items())
    if len(rolls) < 2:
        return None
    parts = [
        compose(
            "{who}, {figure} ({when})", who=name(force.who), figure=force.figure, when=force.when
        )
        for force in rolls
    ]
    told = compose(
        "The counts of police on the rolls are rivals: {parts}.", parts=join(parts, tell("; "))
    )
    both = [
        force
        for force in rolls
        for other in active
        if force.who == other.who and force.figure.agrees_with(other.figure)
    ]
    if not both:
        return told
    same = compose(
        "One number stands for both, active and on the rolls: {figure} ({who}).",
        figure=both[0].figure,
        who=name(both[0].who),
    )
    return join([told, same])


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
        rivals = tell_rivals(evidence)
        answer = join([answer, rivals]) if rivals else answer
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
            "whether any such ratio holds; what a source advises is no average of the world. Those "
            "told by sources of the three lower grades, or taken from one, are left out. Counts "
            "of the police rest on one origin each, which is named; up to two years old, they are "
            "rivals. A strength and a population of different years are divided by each other. "
            "The population is one figure of one document, without the year it is for. Soldiers "
            "of Haiti’s army are left out."
        ),
        headline=headline,
        subtitle=tell("Members of the mission and police officers per thousand inhabitants"),
    )


def weigh_gangs(evidence: Evidence) -> Exhibit:
    """Show how many gang members there are for each officer, by the estimates told."""
    rows, both = _weigh_each(evidence)
    answer = compose(
        "No document known on this day estimates the members of gangs beside a strength."
    )
    headline = None
    if rows:
        headline = _state_gangs((both or rows)[0])
        alone = list_forces(evidence)[0]
        answer = compose(
            "By the latest estimate there are {gangs}: {ratio} ({force}).",
            gangs=_as_members(rows[0]["Gang members"]),
            ratio=rows[0]["Gang members per officer"],
            force=name(alone.label),
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
    """Conclude on the forces for each thousand inhabitants, and on gang members for each officer.

    The mission is rated with and without the police.
    """
    found = _rate_mission(evidence)
    rows, both = _weigh_each(evidence)
    for led in (both or rows)[:1]:
        label = tell("Gang members per officer, {force}", force=led["Officers of"].plain)
        ratio = led["Gang members per officer"]
        found.append(Finding("deployment.gangs-per-officer", label, ratio, _state_gangs(led)))
    return found


def _rate_mission(evidence: Evidence) -> list[Finding]:
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


def _weigh_each(evidence: Evidence) -> tuple[list[Row], list[Row]]:
    """Hold each force against each estimate of gang members: all, and those with the police."""
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
    return rows, both


def _state_gangs(row: Row) -> Text:
    return compose(
        "{force}: {ratio}.", force=row["Officers of"], ratio=row["Gang members per officer"]
    )


def _list_benchmarks(evidence: Evidence) -> list[Row]:
    """List the benchmarks, one row for a number and place, with all who state it."""
    rows: dict[tuple, Row] = {}
    table = _keep_graded(evidence).sort_values("as_of", kind="stable")
    for row in table.to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        scale = BENCHMARKS[row["indicator"]]
        figure = replace(figure if scale == 1 else figure / scale, unit=UNIT)
        key = (_name_kind(row), row["place"], figure.low, figure.high)
        ids = (row["observation_id"],)
        if key in rows:
            ids = (*rows[key]["Per thousand inhabitants"].observations, *ids)
        figure = replace(figure, observations=ids)
        who = row["origin"] or evidence.label(row["source_id"]).rsplit(", ", 1)[0]
        rows.setdefault(key, {}).update(
            {
                "Force": rows.get(key, {}).get("Force")
                or compose(_name_kind(row), place=name(row["place"]), who=name(who)),
                "Per thousand inhabitants": figure,
                "People": None,
                "When": tell_day(row),
                "Where": ELSEWHERE,
                "Source": cite(evidence, ids),
            }
        )
    return list(rows.values())


def _keep_graded(evidence: Evidence) -> pd.DataFrame:
    """Pick the benchmarks of sources that are not graded too low, nor quote one that is."""
    sources = evidence.sources
    grades = dict(zip(sources["source_id"], sources["grade"], strict=True))
    poor = set(sources.loc[sources["grade"] > _WORST, "publisher"])
    table = evidence.select(BENCHMARKS)
    fair = table["source_id"].map(grades) <= _WORST
    return table[fair & ~table["origin"].isin(poor - {""})]


def _name_kind(row: dict) -> str:
    """Say what a benchmark is: something advised, a case, a statistic of police elsewhere."""
    is_world = row["place"] == _WORLD
    if row["indicator"] == "benchmark_force_ratio":
        return _ADVISED if is_world else _CASE
    kinds = (words for word, words in _KINDS.items() if is_world and word in row["note"])
    return next(kinds, _ELSEWHERE)


def _name_there(there: Strength) -> Force:
    label = tell("{party} in Haiti", party=name_of(there.party))
    return Force(label, off_ladder(there.figure), there.when, _THERE)


def _pair(one: Force, other: Force) -> Text:
    if one.when.plain == other.when.plain:
        return one.when
    return compose("{one} and {other}", one=one.when, other=other.when)


def _as_members(figure: Estimate) -> Estimate:
    return replace(figure, unit="gang members")
