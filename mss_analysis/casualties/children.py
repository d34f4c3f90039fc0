"""Children: killed, injured, and counted among the members of gangs."""

from dataclasses import replace

from mss_analysis.casualties.readings import name_origins
from mss_analysis.charts import draw_intervals
from mss_analysis.claims import Claim, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, compose, compose_plural, join

_KILLED, _INJURED = "children_killed", "children_injured"
_CHILDREN = {_KILLED: mark("Killed"), _INJURED: mark("Injured")}


def count_children(evidence: Evidence) -> Exhibit:
    """Show children killed and injured, as counted."""
    claims = _claim_children(evidence)
    rows: list[Row] = [
        {
            "Period counted": claim.moment,
            "What": _CHILDREN[claim.row["indicator"]],
            "Children": _as_children(claim.figure),
            "Origins": name_origins(claim.origins),
            "Source": claim.cite(evidence),
        }
        for claim in claims
    ]
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Period counted", "Children", tell("Children"), "What"
    )
    return exhibit(
        evidence,
        "children-harmed",
        tell("How many children were killed or injured?"),
        _tell_both(claims),
        rows,
        chart,
        compose("A count holds only what its makers came to know of."),
        _tell_most(claims),
        tell("Children killed or injured in Haiti, by the period counted"),
    )


def compare_minors(evidence: Evidence) -> Exhibit:
    """Show the share of gang members who are children, by statement."""
    rows: list[Row] = [
        {
            "Source": claim.cite(evidence),
            "Date": claim.moment,
            "Share": claim.figure,
            "Origins": name_origins(claim.origins),
            "Statements": claim.statements,
        }
        for claim in _claim_minors(evidence)
    ]
    shares = [row["Share"] for row in rows]
    answer = headline = None
    if shares:
        narrowest = min(shares, key=lambda share: share.high - share.low)
        headline = _tell_shares(shares)
        answer = _weigh(narrowest, [share for share in shares if share is not narrowest])
    frame = flatten(evidence, rows)
    return exhibit(
        evidence,
        "children-in-gangs",
        tell("What share of gang members are children?"),
        answer,
        rows,
        rows and draw_intervals(frame, "Source", "Share", tell("Percent of gang members")),
        compose("“Up to half” is a ceiling, not half."),
        headline,
        tell("Children among gang members in Haiti, percent, by statement"),
    )


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude the highest count of children killed (or injured), and their share among gangs."""
    found = []
    claims = _claim_children(evidence)
    if most := _find_most(claims):
        label = tell("Children killed or injured, the highest count for one period")
        figure, text = _as_children(most.figure), _tell_most(claims)
        found.append(Finding("casualties.children-most", label, figure, text))
    if shares := [claim.figure for claim in _claim_minors(evidence)]:
        label = tell("Share of gang members who are children, by statements furthest apart")
        least, most = _find_ends(shares)
        figure = least.hull(most) if len(shares) > 1 else least
        found.append(Finding("casualties.children-in-gangs", label, figure, _tell_shares(shares)))
    return found


def _claim_children(evidence: Evidence) -> list[Claim]:
    return group_claims(evidence, evidence.select(_CHILDREN, population="", place="Haiti"))


def _as_children(figure: Estimate) -> Estimate:
    """Call those who are counted what they are."""
    return replace(figure, unit="children")


def _claim_minors(evidence: Evidence) -> list[Claim]:
    return group_claims(evidence, evidence.select("gang_minors_share", place="Haiti"))


def _find_ends(shares: list[Estimate]) -> tuple[Estimate, Estimate]:
    """Find the two shares that lie furthest apart."""
    least = min(shares, key=lambda share: share.high)
    return least, max(shares, key=lambda share: share.low)


def _tell_shares(shares: list[Estimate]) -> Text:
    if len(shares) == 1:
        return compose(
            "The one statement known puts children at {share} of gang members.", share=shares[0]
        )
    least, most = _find_ends(shares)
    return compose(
        "The statements furthest apart put children at {least} and at {most} of gang members.",
        least=least,
        most=most,
    )


def _find_most(claims: list[Claim]) -> Claim | None:
    """Find the largest count of children killed, or else of children injured."""
    for indicator in _CHILDREN:
        if counted := [claim for claim in claims if claim.row["indicator"] == indicator]:
            return max(counted, key=lambda claim: claim.figure.low)
    return None


def _tell_most(claims: list[Claim]) -> Text | None:
    most = _find_most(claims)
    if most is None:
        return None
    templates = {
        _KILLED: mark("The highest count for one period is {most} killed ({period})."),
        _INJURED: mark("The highest count for one period is {most} injured ({period})."),
    }
    template = templates[most.row["indicator"]]
    return compose(template, most=_as_children(most.figure), period=most.moment)


def _tell_both(claims: list[Claim]) -> Text | None:
    """Tell the latest period of which both the killed and the injured are counted."""
    for latest in reversed(claims):
        counts = {
            claim.row["indicator"]: claim.figure
            for claim in claims
            if claim.moment.plain == latest.moment.plain
        }
        if set(counts) == set(_CHILDREN):
            return compose(
                "The latest period with counts of both is {period}: {killed} were killed and "
                "{injured} injured.",
                killed=_as_children(counts[_KILLED]),
                injured=bare(counts[_INJURED]),
                period=latest.moment,
            )
    if not claims:
        return None
    return compose("No period is covered by counts of both the killed and the injured.")


def _weigh(narrowest: Estimate, others: list[Estimate]) -> Text:
    """Say how many of the other statements the narrowest one contradicts."""
    told = compose("The narrowest statement is {share}.", share=narrowest)
    if not others:
        return join([told, compose("It is the only one known.")])
    ids = [entry for share in others for entry in share.observations]
    number = Estimate.count(ids, "other statements", len(others))
    against = [share for share in others if not narrowest.agrees_with(share)]
    if not against:
        return join([told, compose("It can be true together with each of {all}.", all=number)])
    contradicted = compose_plural(
        "Of {all}, {against} contradicts it.",
        "Of {all}, {against} contradict it.",
        by="against",
        all=number,
        against=Estimate.count([share.observations[0] for share in against], "1", len(against)),
    )
    return join([told, contradicted])
