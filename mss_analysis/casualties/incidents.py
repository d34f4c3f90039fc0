"""Incidents: how many people were killed in one attack, by each who counted."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mss_analysis.casualties.readings import name_origins
from mss_analysis.charts import draw_intervals
from mss_analysis.claims import OF_ONE_THING, Claim, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, compose, join, moment, name

# From so many deaths an incident counts as mass killing in the literature; here as worth a row.
_LEAST = 10
_MOST_SHOWN = 25
# A series of attacks may last for months; one massacre seldom lasts longer than this.
_WEEK = 7
_UN, _OTHERS = mark("UN human-rights series"), mark("another origin")
_NOBODY, _EVERYBODY = mark("origin not named"), mark("everybody")
# Relations by which figures tell of one incident: kind -> (role of the part, role of the whole).
_PARTS = {"order": ("lower", "upper"), "subset": ("part", "whole"), "total": ("part", "total")}


@dataclass(frozen=True)
class Incident:
    """One attack, or one series of attacks: where, when, and one claim a number.

    ``parts`` are ids of statements that count some of those killed: first tolls, one group among
    them. ``alike`` are the sets of statements that are declared to count the same.
    """

    id: str
    place: str
    when: Text
    claims: tuple[Claim, ...]
    parts: frozenset[str]
    alike: tuple[frozenset[str], ...]

    @property
    def wholes(self) -> list[Claim]:
        """The claims that count everybody, to the last day that is counted."""
        return [claim for claim in self.claims if not self.parts.intersection(claim.ids)]

    @property
    def toll(self) -> Estimate:
        """What all statements together imply of all killed; a part is a floor for the whole.

        Where they can't all be true it runs from the lowest bound of a full count to the highest.
        """
        if _clash(self.claims, self.wholes):
            first, *others = [claim.figure for claim in self.wholes]
            return first.hull(*others) if others else first
        most = max((claim.figure for claim in self.claims), key=lambda figure: figure.low)
        caps = [claim.figure for claim in self.wholes if claim.figure.high < math.inf]
        binding = [most, *sorted(caps, key=lambda figure: figure.high)[:1]]
        high = min((figure.high for figure in caps), default=math.inf)
        ids = tuple(dict.fromkeys(entry for figure in binding for entry in figure.observations))
        formula = f"bounds({', '.join(ids)})"
        value = most.low if most.low == high else None
        return Estimate(value, most.low, high, most.unit, ids, formula)

    @property
    def agree(self) -> bool:
        """Whether all statements can be true: those of one thing, and parts beside the whole."""
        tied = [[c for c in self.claims if ids.intersection(c.ids)] for ids in self.alike]
        if any(_clash(claims, claims) for claims in tied):
            return False
        return not _clash(self.claims, self.wholes)

    @property
    def is_compared(self) -> bool:
        """Whether more than one statement counts it."""
        return sum(len(claim.ids) for claim in self.claims) > 1

    @property
    def label(self) -> Text:
        """Place and time."""
        return join([name(self.place), self.when], ", ")


def list_incidents(evidence: Evidence) -> list[Incident]:
    """List the incidents in the country of which somebody says that ten people or more died.

    Which statements tell of one incident is declared: those of the same count, a first toll and a
    later one, a part and its whole in one place. Left out are sums of several incidents, and counts
    of one group among the killed that no other statement is held against.
    """
    rows = evidence.select("incident_deaths")
    rows = rows[rows["place"].map(lambda place: evidence.lies_within(place, "Haiti")).eq(True)]
    places = dict(zip(rows["observation_id"], rows["place"], strict=True))
    same = [ids for kind, roles in _relate(evidence, places, "same") for ids in roles.values()]
    alike = _gather(places, same)
    pairs = list(_pair_parts(evidence, places))
    near = [pair for _, *pair in pairs if places[pair[0]] == places[pair[1]]]
    sums = {whole for _, part, whole in pairs if places[part] != places[whole]}
    compared = {entry for ids in same for entry in ids if len(ids) > 1}
    compared |= {entry for kind, *pair in pairs if kind == "order" for entry in pair}
    listed = set(rows.loc[rows["population"] == "", "observation_id"]) - sums | compared
    partial = {part for part, _ in near} | set(rows.loc[rows["population"] != "", "observation_id"])
    found = []
    for group in _gather(places, [*alike, *near]):
        told = rows[rows["observation_id"].isin(group & listed)]
        claims = group_claims(evidence, told, OF_ONE_THING)
        if claims and max(claim.figure.low for claim in claims) >= _LEAST:
            own = [ids for ids in alike if ids <= group]
            parts = [entry for ids in own if ids & partial for entry in ids]
            found.append(_describe(claims, frozenset(parts), own))
    return sorted(
        found, key=lambda each: (min(c.row["period_start"] for c in each.claims), each.id)
    )


def _relate(
    evidence: Evidence, known: dict[str, str], *kinds: str
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Give the declared relations of some kinds, as far as they are of known figures."""
    for _, kind, roles in evidence.terms:
        if kind in kinds:
            yield kind, {role: [e for e in ids if e in known] for role, ids in roles.items()}


def _pair_parts(evidence: Evidence, known: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give each declared (kind of relation, part, whole)."""
    for kind, roles in _relate(evidence, known, *_PARTS):
        smaller, larger = _PARTS[kind]
        yield from ((kind, part, whole) for whole in roles[larger] for part in roles[smaller])


def _gather(ids: Iterable[str], ties: Iterable[Iterable[str]]) -> list[frozenset[str]]:
    """Join ids that are tied, directly or through others; in the order of the ids."""
    groups = {entry: frozenset([entry]) for entry in ids}
    for tie in ties:
        joined = frozenset().union(*(groups[entry] for entry in tie))
        groups.update(dict.fromkeys(joined, joined))
    return list(dict.fromkeys(groups.values()))


def _describe(claims: list[Claim], parts: frozenset[str], alike: list[frozenset[str]]) -> Incident:
    """Name an incident by the narrowest place and the shortest span of those who count all."""
    wholes = [claim for claim in claims if not parts.intersection(claim.ids)] or claims
    named = min(wholes, key=lambda each: (each.row["place"] == "Haiti", _days(each), each.ids))
    when = moment(named.row)
    return Incident(named.ids[0], named.row["place"], when, tuple(claims), parts, tuple(alike))


def _clash(some: Iterable[Claim], others: Iterable[Claim]) -> bool:
    """Whether the floor of one claim lies above the ceiling of another."""
    lowest = max((claim.figure.low for claim in some), default=0.0)
    return lowest > min((claim.figure.high for claim in others), default=math.inf)


def show_incidents(evidence: Evidence) -> Exhibit:
    """Show the death toll of each incident by source."""
    incidents = list_incidents(evidence)
    # A chart of more rows than these can't be read; the table holds all.
    largest = sorted(incidents, key=lambda each: -max(c.figure.low for c in each.claims))
    drawn = {each.id for each in largest[:_MOST_SHOWN]}
    rows: list[Row] = []
    shown: list[Row] = []
    for incident in incidents:
        for claim in incident.claims:
            row: Row = {
                "Incident": _label(incident, claim),
                "Killed": claim.figure,
                "Who is counted": name(claim.row["population"] or _EVERYBODY),
                "Killed by": _name_parties(claim),
                "Period counted": claim.moment,
                "Origin": name_origins(claim.origins),
                "Statements": claim.statements,
                "Source": claim.cite(evidence),
            }
            rows.append(row)
            if incident.id in drawn:
                shown.append(row | {"Counted by": _sort(claim)})
    chart = shown and draw_intervals(
        flatten(evidence, shown), "Incident", "Killed", tell("People killed"), "Counted by"
    )
    note = compose(
        "Each bar is one count; counts of one incident share a row, a group has its own. An arrow "
        "means that the wording sets no upper limit. First tolls stand beside later ones. The "
        "table tells the days that each counts, and whether it counts everybody or one group, such "
        "as civilians; a count of one group is shown only where it is held against another. No "
        "place finer than a commune is shown."
    )
    return exhibit(
        evidence,
        "incidents",
        tell("How many people did single attacks and series of attacks kill, by each who counted?"),
        _answer(incidents),
        rows,
        chart,
        note,
        _tell_largest(incidents) if incidents else None,
        tell("People killed in Haiti in single attacks or series of them: death tolls by source"),
    )


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude which attack killed most, and how many have counts that can't all be true."""
    incidents = list_incidents(evidence)
    if not incidents:
        return []
    label = tell("People killed in the attack with the highest toll")
    toll = _find_largest(_pick_short(incidents) or incidents).toll
    text = join([_tell_largest(incidents), *_tell_longer(incidents)])
    found = [Finding("casualties.incident-most", label, toll, text)]
    if compared := [each for each in incidents if each.is_compared]:
        figure, text = _disagree(compared)
        label = tell("Incidents whose death tolls contradict each other")
        found.append(Finding("casualties.incidents-disputed", label, figure, text))
    return found


def _answer(incidents: list[Incident]) -> Text | None:
    if not incidents:
        return None
    ids = [entry for each in incidents for claim in each.claims for entry in claim.ids]
    told = [
        compose(
            "{statements} count the dead of {all}.",
            statements=Estimate.count(ids, "statements"),
            all=Estimate.count(ids, "incidents", len(incidents)),
        ),
        *_tell_longer(incidents),
    ]
    if compared := [each for each in incidents if each.is_compared]:
        told.append(_disagree(compared)[1])
    return join(told)


def _tell_largest(incidents: list[Incident]) -> Text:
    """Tell the highest toll of an attack of a week at most, or else of a series of attacks."""
    short = _pick_short(incidents)
    if not short:
        longest = _find_largest(incidents)
        return compose(
            "The highest floor is that of a series of attacks: {toll} ({incident}).",
            toll=longest.toll,
            incident=longest.label,
        )
    worst = _find_largest(short)
    return compose(
        "Among attacks of a week at most, the highest floor is {toll} ({incident}).",
        toll=worst.toll,
        incident=worst.label,
    )


def _tell_longer(incidents: list[Incident]) -> list[Text]:
    """Tell the toll of a longer series of attacks where it is higher."""
    short, longest = _pick_short(incidents), _find_largest(incidents)
    if not short or longest.toll.low <= _find_largest(short).toll.low:
        return []
    return [
        compose(
            "The highest floor of a longer series of attacks is {toll} ({incident}).",
            toll=longest.toll,
            incident=longest.label,
        )
    ]


def _pick_short(incidents: list[Incident]) -> list[Incident]:
    return [each for each in incidents if max(map(_days, each.wholes or each.claims)) < _WEEK]


def _find_largest(incidents: list[Incident]) -> Incident:
    return max(incidents, key=lambda each: each.toll.low)


def _disagree(incidents: list[Incident]) -> tuple[Estimate, Text]:
    apart = [each for each in incidents if not each.agree]
    ids = [entry for each in incidents for claim in each.claims for entry in claim.ids]
    figure = Estimate.count(ids, "incidents", len(apart))
    number = Estimate.count(ids, "incidents", len(incidents))
    if not apart:
        return figure, compose(
            "In each of {all} with several statements, all statements can be true.", all=number
        )
    return figure, compose(
        "For {apart} of {all} with several statements, the statements cannot all be true.",
        apart=bare(figure),
        all=number,
    )


def _label(incident: Incident, claim: Claim) -> Text:
    """Label a row; a group among the killed has a row of its own in the chart."""
    group = claim.row["population"]
    return join([incident.label, name(group)], ", ") if group else incident.label


def _name_parties(claim: Claim) -> Text | str:
    """Name those who killed, or say that the count is not restricted to anybody's victims."""
    parties = [party for party in claim.row["party"].split("; ") if party]
    if not parties:
        return mark("not restricted")
    return join([name(party) for party in parties], tell("; "))


def _sort(claim: Claim) -> str:
    if not claim.origins:
        return _NOBODY
    return _UN if "BINUH" in claim.origins else _OTHERS


def _days(claim: Claim) -> int:
    return int((claim.row["period_end"] - claim.row["period_start"]).days)
