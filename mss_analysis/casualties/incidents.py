"""Incidents: how many people were killed in one attack, by each who counted."""

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
_UN, _OTHERS = mark("UN human-rights series"), mark("another origin")
_NOBODY = mark("origin not named")


@dataclass(frozen=True)
class Incident:
    """An incident that several statements count: where, when, and one claim a number."""

    id: str
    place: str
    when: Text
    claims: tuple[Claim, ...]

    @property
    def toll(self) -> Estimate:
        """From the lowest bound that somebody states to the highest."""
        first, *others = [claim.figure for claim in self.claims]
        return first.hull(*others) if others else first

    @property
    def agree(self) -> bool:
        """Whether one number would satisfy every statement."""
        lows = max(claim.figure.low for claim in self.claims)
        return lows <= min(claim.figure.high for claim in self.claims)

    @property
    def origins(self) -> Estimate:
        """How many origins counted, as far as they are named."""
        named = {origin for claim in self.claims for origin in claim.origins}
        ids = [entry for claim in self.claims for entry in claim.ids]
        return Estimate.count(ids, "origins", len(named))

    @property
    def label(self) -> Text:
        """Place and time."""
        return join([name(self.place), self.when], ", ")


def list_incidents(evidence: Evidence) -> list[Incident]:
    """List the incidents in the country of which several statements give the deaths, by date.

    Which statements count one incident is declared (identities of kind ``same``). Left out are
    incidents of which nobody says that ten people or more died, and those of which one origin gives
    one number.
    """
    rows = evidence.select("incident_deaths")
    known = set(rows["observation_id"])
    found = []
    for identifier, kind, roles in evidence.terms:
        ids = [entry for entries in roles.values() for entry in entries if entry in known]
        if kind != "same" or len(ids) < 2:
            continue
        told = rows[rows["observation_id"].isin(ids)]
        inside = [evidence.lies_within(place, "Haiti") for place in told["place"]]
        claims = group_claims(evidence, told[inside], OF_ONE_THING)
        if not claims or max(claim.figure.low for claim in claims) < _LEAST:
            continue
        if len(claims) == 1 and len(claims[0].origins) < 2:
            continue
        # The narrowest place and the shortest span name it.
        named = min(claims, key=lambda each: (each.row["place"] == "Haiti", _days(each), each.ids))
        found.append(Incident(identifier, named.row["place"], moment(named.row), tuple(claims)))
    return sorted(
        found, key=lambda each: (min(c.row["period_start"] for c in each.claims), each.id)
    )


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
                "Incident": incident.label,
                "Killed": claim.figure,
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
        "Each bar is one statement; statements of one incident share a row. An arrow means that "
        "the wording sets no upper limit. First tolls may be partial, and some statements count a "
        "part of those killed or some days more. No place finer than a commune is shown."
    )
    return exhibit(
        evidence,
        "incidents",
        tell("How many people were killed in single attacks, by each who counted?"),
        _answer(incidents),
        rows,
        chart,
        note,
        _disagree(incidents)[1] if incidents else None,
        tell("People killed in Haiti in single attacks with several counts, by who counted"),
    )


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude how many incidents have counts that can't all be true."""
    incidents = list_incidents(evidence)
    if not incidents:
        return []
    figure, text = _disagree(incidents)
    label = tell("Incidents whose death tolls contradict each other")
    return [Finding("casualties.incidents-disputed", label, figure, text)]


def _answer(incidents: list[Incident]) -> Text | None:
    if not incidents:
        return None
    claims = [(claim, each) for each in incidents for claim in each.claims]
    most, worst = max(claims, key=lambda entry: entry[0].figure.low)
    ids = [entry for claim, _ in claims for entry in claim.ids]
    return compose(
        "{statements} count the dead of {all}; the largest floor among them is {most} "
        "({incident}).",
        statements=Estimate.count(ids, "statements"),
        all=Estimate.count(ids, "incidents", len(incidents)),
        most=most.figure,
        incident=worst.label,
    )


def _disagree(incidents: list[Incident]) -> tuple[Estimate, Text]:
    apart = [each for each in incidents if not each.agree]
    ids = [entry for each in incidents for claim in each.claims for entry in claim.ids]
    figure = Estimate.count(ids, "incidents", len(apart))
    number = Estimate.count(ids, "incidents", len(incidents))
    if not apart:
        return figure, compose(
            "In each of {all} with several counts, one number satisfies every statement.",
            all=number,
        )
    return figure, compose(
        "For {apart} of {all} with several counts, no single number satisfies every statement.",
        apart=bare(figure),
        all=number,
    )


def _sort(claim: Claim) -> str:
    if not claim.origins:
        return _NOBODY
    return _UN if "BINUH" in claim.origins else _OTHERS


def _days(claim: Claim) -> int:
    return int((claim.row["period_end"] - claim.row["period_start"]).days)
