"""Perpetrators: the shares of victims that the UN puts down to each, and the people they imply."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mss_analysis.casualties.quarters import Quarter
from mss_analysis.casualties.readings import ALL, FIRM, SERIES, describe_set, read_flow
from mss_analysis.charts import draw_intervals
from mss_analysis.claims import Claim, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join

_SHARES = {
    "share_victims_security_operations": mark("security operations"),
    "share_victims_gangs": mark("gangs"),
    "share_victims_self_defence": mark("self-defence groups"),
}
_HALF = 0.5
_DAY = timedelta(days=1)


def attribute_victims(
    evidence: Evidence, evidence_set: str = ALL
) -> list[tuple[dict[str, Any], Quarter, Estimate, Estimate]]:
    """Turn each stated share into people killed or injured: (row, period, share, people).

    The base is the reconciled number of people killed plus that of people injured in the period.
    A percentage stated without bounds is a rounded one: half a point is added on both sides. No
    share is larger than what the other perpetrators' lower bounds leave.
    """
    rows = evidence.select(_SHARES, place="Haiti", population="")
    rows = rows[rows["period_start"].notna() & rows["period_end"].notna()]
    if evidence_set == FIRM:
        rows = rows[rows["origin"] == SERIES]
    timelines = [
        read_flow(evidence, indicator, evidence_set).timeline for indicator in ("killed", "injured")
    ]
    found = []
    claims = group_claims(evidence, rows)
    for claim in claims:
        start = claim.row["period_start"].date()
        stop = (claim.row["period_end"] + _DAY).date()
        killed, injured = (timeline.bounds(start, stop) for timeline in timelines)
        share = _cap(claim, claims)
        # A product of bounds has no stated value.
        people = replace(share / Estimate.stated(100, "percent") * (killed + injured), value=None)
        found.append((claim.row, Quarter(start, stop), share, people))
    order = list(_SHARES)
    return sorted(found, key=lambda entry: (entry[1].start, order.index(entry[0]["indicator"])))


def unround(share: Estimate) -> Estimate:
    """Give a whole percentage that is stated without bounds the half point that rounding took.

    >>> unround(Estimate.stated(64, "percent", "a"))
    Estimate(between 63.5% and 64.5%)
    """
    if not share.is_exact or share.low % 1:
        return share
    low, high = share.low - _HALF, share.high + _HALF
    return Estimate(None, low, high, "percent", share.observations, f"unround({share.formula})")


def _cap(claim: Claim, claims: list[Claim]) -> Estimate:
    """Bound a share by what the others of its period leave; no share where they leave none."""
    share = unround(claim.figure).clip(0, 100)
    taken: dict[str, Estimate] = {}
    for other in claims:
        indicator = other.row["indicator"]
        if other.row["period_start"] == claim.row["period_start"] and other.day == claim.day:
            floor = unround(other.figure)
            if indicator != claim.row["indicator"] and (
                indicator not in taken or floor.low > taken[indicator].low
            ):
                taken[indicator] = floor
    left = 100 - sum(floor.low for floor in taken.values())
    if not share.low <= left < share.high:
        return share
    ids = tuple(
        dict.fromkeys(entry for each in (share, *taken.values()) for entry in each.observations)
    )
    formula = "cap(" + ", ".join(each.formula for each in (share, *taken.values())) + ")"
    return Estimate(None, share.low, left, "percent", ids, formula)


def show_shares(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show who the victims of a quarter are put down to, as people killed or injured."""
    victims = attribute_victims(evidence, evidence_set)
    rows: list[Row] = [
        {
            "Period and perpetrator": compose(
                "{period}: {who}", period=quarter.name, who=_SHARES[row["indicator"]]
            ),
            "Stated share": evidence.estimate(row["observation_id"]),
            "Killed or injured": people,
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row, quarter, _, people in victims
    ]
    chart = rows and draw_intervals(
        flatten(evidence, rows),
        "Period and perpetrator",
        "Killed or injured",
        tell("People killed or injured"),
        wrap=False,
    )
    note = compose(
        "A victim here was killed or injured. A share without bounds counts as rounded to whole "
        "percent. Shares of one period need not make up the whole, and “security operations” "
        "includes the mission only where its personnel took part."
    )
    return exhibit(
        evidence,
        "victims-by-perpetrator",
        tell("To whom are the people killed or injured put down?"),
        _answer(evidence, victims),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
        _head(evidence, victims),
        tell("People killed or injured in Haiti, by period and perpetrator, from stated shares"),
    )


def conclude(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude how many of the last shared period's victims security operations account for."""
    found = [
        entry
        for entry in attribute_victims(evidence, evidence_set)
        if entry[0]["indicator"] == "share_victims_security_operations"
    ]
    if not found:
        return []
    _, quarter, share, people = found[-1]
    text = compose(
        "In {quarter}, {share} of the people killed or injured are put down to security "
        "operations, which comes to {people}.",
        quarter=quarter.name,
        share=share,
        people=people,
    )
    label = tell("People killed or injured in security operations")
    return [Finding("casualties.operations-victims", label, people, text)]


def _head(
    evidence: Evidence, victims: list[tuple[dict[str, Any], Quarter, Estimate, Estimate]]
) -> Text | None:
    """Tell the largest share of the last period."""
    if not victims:
        return None
    last = [entry for entry in victims if entry[1] == victims[-1][1]]
    row, quarter, _, _ = max(last, key=lambda entry: entry[2].low)
    return compose(
        "In {quarter}, {share} of the people killed or injured are put down to {who}.",
        quarter=quarter.name,
        share=evidence.estimate(row["observation_id"]),
        who=_SHARES[row["indicator"]],
    )


def _answer(
    evidence: Evidence, victims: list[tuple[dict[str, Any], Quarter, Estimate, Estimate]]
) -> Text | None:
    if not victims:
        return None
    last = victims[-1][1]
    parts = [
        compose(
            "{share} to {who} ({people})",
            share=evidence.estimate(row["observation_id"]),
            who=_SHARES[row["indicator"]],
            people=people,
        )
        for row, quarter, _, people in victims
        if quarter == last
    ]
    return compose(
        "Of the people killed or injured in {quarter}, the statements put down {parts}.",
        quarter=last.name,
        parts=enumerate_parts(parts),
    )
