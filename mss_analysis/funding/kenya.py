"""Kenya's money: what it asked for, what it voted and spent, and what was repaid."""

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ledger import Claim, drop_copies, group_claims
from mss_analysis.funding.money import select_money, share
from mss_analysis.funding.remainder import split_whole
from mss_analysis.funding.scopes import tell_scope
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, moment, name, when

_SHILLINGS = "KES"
_PUBLIC = ("kenya_preparation_spent", "kenya_appropriation", "kenya_public_money")
_REPAID = "kenya_reimbursement"
_VOTED, _SPENT = "appropriated", "disbursed"
_RUNGS = {_VOTED: mark("Voted"), _SPENT: mark("Spent"), "": mark("Disputed")}
_ADDED = {
    _VOTED: mark("Voted in addition"),
    _SPENT: mark("Spent in addition"),
    "": mark("Disputed, in addition"),
}


def explain_preparation(evidence: Evidence) -> Exhibit:
    """Show Kenya's requirement, its named components and what they leave unexplained."""
    split = split_whole(evidence, "kenya_mission_budget", "subset")
    rows: list[Row] = []
    if split is not None:
        parts = [
            (row["population"] or mark("other"), evidence.estimate(row["observation_id"]))
            for row in sorted(split.parts, key=lambda row: -row["low"])
        ]
        rows = [
            {
                "Component": tell_scope(what),
                "Required": figure,
                "Share": share(figure, split.whole),
            }
            for what, figure in [*parts, (mark("no component named"), split.rest)]
        ]
    return exhibit(
        evidence,
        "kenya-preparation",
        tell("What was Kenya’s requirement for, and what do its components leave unexplained?"),
        _join(tell_remainder(evidence), tell_requirement(evidence)),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows),
            "Component",
            "Required",
            tell("US dollars, required"),
            wrap=False,
        ),
        compose(
            "The document introduces the components with “including”: the report that it cites may "
            "name the others. A remainder is not money that went missing."
        ),
        headline=None
        if split is None
        else compose(
            "No component is named for {rest} of {whole}", rest=split.rest, whole=split.whole
        ),
        subtitle=tell("Components of what Kenya required to prepare its officers, US dollars"),
    )


def trace_public_money(evidence: Evidence) -> Exhibit:
    """Show Kenyan public money voted, spent and repaid, in shillings, each claim once."""
    rows: list[Row] = [
        {
            "Money": compose("{what}: {day}", what=name(_label(claim)), day=moment(claim.rows[0])),
            "Shillings": claim.figure,
            "Rung": _rung(claim),
            "Scope": tell_scope(claim.primary["population"] or mark("not limited")),
            "Told by": join([name(origin) for origin in claim.origins], tell("; ")),
            "Source": cite(evidence, claim.ids[:3]),
        }
        for claim in list_public(evidence)
    ]
    return exhibit(
        evidence,
        "kenya-public-money",
        tell("What did Kenya vote and spend, and what was repaid?"),
        tell_repaid(evidence) or (tell_public(evidence) if rows else nothing_known()),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows),
            "Money",
            "Shillings",
            tell("Kenyan shillings"),
            "Rung",
            wrap=False,
        ),
        compose(
            "Votes, spending and repayment are rungs, and none is taken from another: a repayment "
            "may answer spending that no document states. Where one claim reads “spent” and "
            "another reads the same sum as “voted”, both stand. Nothing is converted from dollars."
        ),
        headline=_head(evidence) or head_row(rows, "Money", "Shillings"),
        subtitle=tell("Kenyan public money for the mission, voted, spent and repaid, shillings"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on Kenya's requirement and on repayment."""
    found = []
    split = split_whole(evidence, "kenya_mission_budget", "subset")
    if split is not None:
        label = tell("Kenya’s requirement without a component named")
        text = tell_remainder(evidence)
        found.append(Finding("funding.kenya-remainder", label, split.rest, text))
    repaid = weigh_repaid(evidence)
    if repaid is not None:
        text = tell_repaid(evidence)
        label = tell("Repaid of what Kenya voted")
        found.append(Finding("funding.kenya-repaid", label, repaid[-1], text))
    return found


def list_public(evidence: Evidence) -> list[Claim]:
    """List claims on Kenyan public money and its repayment in shillings, by rung, then by day."""
    rows = select_money(evidence, [*_PUBLIC, _REPAID], _SHILLINGS, None)
    claims = group_claims(evidence, rows)
    order = [_VOTED, _SPENT, ""]
    return sorted(
        claims,
        key=lambda claim: (_repays(claim), order.index(claim.primary["status"]), claim.first),
    )


def weigh_repaid(evidence: Evidence) -> tuple[Claim, Claim, Estimate] | None:
    """Hold the newest repayment against the newest budget of a fiscal year voted before it.

    Gives (repaid, voted, share in percent); of rival budgets, the one that the payer itself states.
    """
    claims = list_public(evidence)
    repaid = [claim for claim in claims if _repays(claim)]
    if not repaid:
        return None
    origins = {origin for claim in repaid for origin in claim.origins}
    voted = [
        claim
        for claim in claims
        if claim.primary["indicator"] == "kenya_public_money"
        and claim.primary["status"] == _VOTED
        and set(claim.origins) & origins
    ]
    if not voted:
        return None
    return repaid[-1], voted[-1], share(repaid[-1].figure, voted[-1].figure)


def tell_remainder(evidence: Evidence) -> Text | None:
    """Say what Kenya's requirement holds beyond its named components."""
    split = split_whole(evidence, "kenya_mission_budget", "subset")
    if split is None:
        return None
    return compose(
        "Of the {whole} that Kenya required to prepare its officers, the components named make up "
        "{named}; for {rest}, or {share}, the document names none.",
        whole=split.whole,
        named=split.named,
        rest=split.rest,
        share=share(split.rest, split.whole),
    )


def tell_requirement(evidence: Evidence) -> Text | None:
    """Say what other amounts documents give for the same requirement."""
    rows = select_money(evidence, ["kenya_mission_budget"], None)
    claims = group_claims(evidence, rows)
    if len(claims) < 2:
        return None
    claims = drop_copies(claims)
    amounts = sorted(claims, key=lambda claim: (claim.figure.unit != "USD", -len(claim.origins)))
    return compose(
        "Documents state the requirement as {amounts}.",
        amounts=enumerate_parts([claim.figure for claim in amounts]),
    )


def tell_repaid(evidence: Evidence) -> Text | None:
    """Say how much of a year's budget had been repaid."""
    weighed = weigh_repaid(evidence)
    if weighed is None:
        return None
    repaid, voted, part = weighed
    spent = drop_copies(
        [
            claim
            for claim in list_public(evidence)
            if claim.primary["status"] == _SPENT
            and not _repays(claim)
            and claim.primary["indicator"] != "kenya_preparation_spent"
        ]
    )
    sentence = compose(
        "By {day}, {repaid} had been repaid to Kenya, {part} of the {voted} that its police call "
        "the budget of the fiscal year ({year}).",
        repaid=repaid.figure,
        day=when(repaid.last.isoformat()),
        part=part,
        voted=voted.figure,
        year=moment(voted.primary),
    )
    if not spent:
        return sentence
    amounts = [
        compose("{figure} ({day})", figure=bare(claim.figure), day=moment(claim.rows[0]))
        for claim in sorted(spent, key=lambda claim: claim.figure.low)
    ]
    told = compose("As spent, documents state {spent}.", spent=amounts[0])
    if len(amounts) > 1:
        told = compose(
            "As spent, documents state sums from {low} to {high}; none accounts for the whole.",
            low=amounts[0],
            high=amounts[-1],
        )
    return join([sentence, told])


def tell_public(evidence: Evidence) -> Text:
    """Say how many claims there are on Kenyan public money."""
    claims = list_public(evidence)
    return compose(
        "Documents make {claims} on what Kenya voted or spent for the mission; none of a repayment "
        "in shillings.",
        claims=Estimate.count([claim.ids[0] for claim in claims], "claims"),
    )


def _repays(claim: Claim) -> bool:
    return claim.primary["indicator"] == _REPAID


def _rung(claim: Claim) -> str:
    if _repays(claim):
        return mark("Repaid")
    return _RUNGS[claim.primary["status"]]


def _label(claim: Claim) -> str:
    if claim.primary["indicator"] == "kenya_preparation_spent":
        return mark("Spent on preparation")
    if claim.primary["population"] and not _repays(claim):
        return _ADDED[claim.primary["status"]]
    return _rung(claim)


def _head(evidence: Evidence) -> Text | None:
    weighed = weigh_repaid(evidence)
    if weighed is None:
        return None
    repaid, voted, _ = weighed
    return compose(
        "{repaid} had been repaid, of {voted} voted", repaid=repaid.figure, voted=bare(voted.figure)
    )


def _join(*sentences: Text | None) -> Text:
    known = [sentence for sentence in sentences if sentence is not None]
    return join(known) if known else nothing_known()
