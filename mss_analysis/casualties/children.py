"""Children: killed, maimed, and counted among the members of gangs."""

from mss_analysis.charts import draw_intervals
from mss_analysis.claims import Claim, group_claims
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.prose import bare, compose, name

_CHILDREN = {"children_killed": "killed", "children_injured": "maimed"}


def count_children(evidence: Evidence) -> Exhibit:
    """Show children killed and injured, as counted."""
    claims = _claim_children(evidence)
    rows: list[Row] = [
        {
            "Counted": claim.moment,
            "What": _CHILDREN[claim.row["indicator"]].capitalize(),
            "Children": claim.figure,
            "Origins": name(", ".join(claim.origins)) if claim.origins else "not named",
            "Source": claim.cite(evidence),
        }
        for claim in claims
    ]
    answer = None
    for latest in reversed(claims):
        counts = {
            claim.row["indicator"]: claim.figure
            for claim in claims
            if claim.moment.plain == latest.moment.plain
        }
        if set(counts) == set(_CHILDREN):
            answer = compose(
                "The latest count of both says that {killed} children were killed and {maimed} "
                "maimed; it covers {period}.",
                killed=bare(counts["children_killed"]),
                maimed=bare(counts["children_injured"]),
                period=latest.moment,
            )
            break
    if rows and answer is None:
        answer = compose("No period is covered by counts of both the killed and the maimed.")
    return exhibit(
        evidence,
        "children-harmed",
        "How many children were killed or maimed?",
        answer,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Counted", "Children", "Children", "What"),
        compose("A count holds only what its makers came to know of."),
    )


def compare_minors(evidence: Evidence) -> Exhibit:
    """Show the share of gang members who are children, by statement."""
    rows: list[Row] = [
        {
            "Source": claim.cite(evidence),
            "Date": claim.moment,
            "Share": claim.figure,
            "Origins": name(", ".join(claim.origins)) if claim.origins else "not named",
            "Statements": claim.statements,
        }
        for claim in group_claims(evidence, evidence.select("gang_minors_share", place="Haiti"))
    ]
    shares = [row["Share"] for row in rows]
    answer = None
    if shares:
        narrowest = min(shares, key=lambda share: share.high - share.low)
        agrees = all(narrowest.agrees_with(share) for share in shares)
        answer = compose(
            "The narrowest statement is {share}; no other statement contradicts it."
            if agrees
            else "The narrowest statement is {share}; another statement contradicts it.",
            share=narrowest,
        )
    frame = flatten(evidence, rows)
    return exhibit(
        evidence,
        "children-in-gangs",
        "What share of gang members are children?",
        answer,
        rows,
        rows and draw_intervals(frame, "Source", "Share", "Share of gang members, percent"),
        compose("“Up to half” is a ceiling, not half."),
    )


def _claim_children(evidence: Evidence) -> list[Claim]:
    return group_claims(evidence, evidence.select(_CHILDREN, population="", place="Haiti"))
