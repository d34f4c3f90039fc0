"""A donor: how far its money got, and the totals that documents give for it."""

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate, UnitError, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.ledger import Claim, group_claims
from mss_analysis.funding.money import (
    POTS,
    RUNGS,
    UNNAMED_DOLLAR,
    doubt_currency,
    find_blocked,
    floor_donor,
    list_donor,
    select_money,
)
from mss_analysis.funding.money import (
    Row as Record,
)
from mss_analysis.funding.remainder import share_within
from mss_analysis.prose import (
    Prose,
    Text,
    cite,
    compose,
    enumerate_parts,
    join,
    moment,
    name,
    say,
    when,
)

_SUPPORT = "mission_support"
_WHOLE = "for the mission"


def follow_donor(evidence: Evidence, donor: str) -> Exhibit:
    """Show one donor's money on every rung, side by side, with what was blocked."""
    ladder = list_donor(evidence, donor)
    rows: list[Row] = [
        {
            "Rung": f"{RUNGS[row['status']]}, {POTS[row['indicator']]}".capitalize(),
            "Amount": evidence.estimate(row["observation_id"]),
            "Stated": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in ladder
    ]
    blocked = find_blocked(evidence, donor)
    if blocked is not None:
        is_ceiling = blocked.figure.low <= 0
        rows.append(
            {
                "Rung": "Blocked",
                "Amount": blocked.figure.hull() if is_ceiling else blocked.figure,
                "Stated": "amount not stated" if is_ceiling else moment(blocked.rows[-1]),
                "Source": cite(evidence, blocked.ids[:4]),
            }
        )
    sentences = (
        tell_rungs(evidence, donor),
        tell_cleared(evidence, donor),
        tell_blocked(evidence, donor),
    )
    known = [sentence for sentence in sentences if sentence is not None]
    return exhibit(
        evidence,
        "donor-rungs",
        f"How far did one donor's money get ({donor})?",
        join(known) if known else nothing_known(),
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Rung", "Amount", "US dollars"),
        _note(
            compose(
                "The rungs may hold the same dollars. Where a document does not say that one sum "
                "is part of another, this is left open."
            ),
            warn_of_dollars(evidence, ladder),
        ),
    )


def list_totals(evidence: Evidence, donor: str) -> Exhibit:
    """Show the ledger of one donor's money: every total that documents give, each once."""
    claims = order_claims(evidence, donor)
    rows: list[Row] = [
        {
            "Claim": compose(
                "{rung}{scope}: {amount}",
                rung=_rung_of(claim),
                scope=name(
                    f", {claim.primary['population']}" if claim.primary["population"] else ""
                ),
                amount=claim.figure,
            ),
            "Amount": claim.figure,
            "Rung": _rung_of(claim),
            "Scope": name(claim.primary["population"] or _WHOLE),
            "First stated for": when(claim.first.isoformat()),
            "Last stated for": when(claim.last.isoformat()),
            "Origins": claim.witnesses,
            "Told by": name("; ".join(claim.origins)),
            "Source": cite(evidence, claim.ids[:4]),
        }
        for claim in claims
    ]
    return exhibit(
        evidence,
        "donor-ledger",
        f"Which totals do documents give for one donor's money ({donor})?",
        tell_totals(evidence, donor) or nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Claim", "Amount", "US dollars", "Rung", wrap=False
        ),
        compose(
            "Each line is one amount on one rung, however many pages print it. Amounts on one rung "
            "and of one scope rival each other unless time lies between them; amounts on "
            "different rungs may hold the same dollars. Named parts of the money are not here."
        ),
    )


def try_adding(evidence: Evidence, donor: str) -> Prose:
    """Try to add one donor's money across rungs, and show why these pages never do."""
    rows = list_donor(evidence, donor)
    figures = evidence.estimates(row["observation_id"] for row in rows)
    if not figures:
        return say(evidence, nothing_known())
    try:
        outcome = compose("{donor}: {sum}.", donor=name(donor), sum=total(figures))
    except UnitError:
        outcome = compose(
            "{figures} are not added, since they stand on different rungs ({rungs}). The largest "
            "of them, {floor}, is the least that makes all of them true.",
            figures=enumerate_parts(figures),
            rungs=enumerate_parts(list(dict.fromkeys(RUNGS[row["status"]] for row in rows))),
            floor=floor_donor(evidence, donor),
        )
    return say(evidence, _note(outcome, warn_of_dollars(evidence, rows)))


def findings(evidence: Evidence, donor: str) -> list[Finding]:
    """Conclude on one donor."""
    found = []
    part = share_within(evidence, donor)
    if part is not None:
        text = tell_cleared(evidence, donor)
        found.append(Finding("funding.cleared", "Share that had been cleared", part[-1], text))
    text = tell_totals(evidence, donor)
    if text is not None:
        rivals = rival_totals(evidence, donor)
        label = "Totals that documents give for one donor on one rung"
        found.append(Finding("funding.donor-totals", label, _count(rivals), text))
    return found


def order_claims(evidence: Evidence, donor: str) -> list[Claim]:
    """List the claims on one donor's money for the mission, by rung, then by day."""
    rows = select_money(evidence, [_SUPPORT], scope=None, party=donor)
    order = [*RUNGS, "blocked"]
    claims = group_claims(evidence, rows[rows["status"].isin(order)])
    return sorted(claims, key=lambda claim: (order.index(claim.primary["status"]), claim.first))


def rival_totals(evidence: Evidence, donor: str) -> list[Claim]:
    """List the claims on the rung that has most of them, oldest first."""
    by_rung: dict[str, list[Claim]] = {}
    for claim in order_claims(evidence, donor):
        if claim.primary["status"] in RUNGS and not claim.primary["population"]:
            by_rung.setdefault(claim.primary["status"], []).append(claim)
    return max(by_rung.values(), key=len, default=[])


def tell_totals(evidence: Evidence, donor: str) -> Text | None:
    """Say how many totals there are on the rung that has most, and how far apart they lie."""
    rivals = rival_totals(evidence, donor)
    if not rivals:
        return None
    rung = rivals[0].primary["status"]
    if len(rivals) == 1:
        return compose(
            "{donor}: one total is told as {rung}, {amount}.",
            donor=name(donor),
            rung=RUNGS[rung],
            amount=rivals[0].figure,
        )
    ordered = sorted(rivals, key=_size)
    return compose(
        "For {donor}, documents give {count} as {rung}, from {low} ({first}) to {high} ({last}).",
        donor=_article(donor),
        count=_count(rivals),
        rung=RUNGS[rung],
        low=ordered[0].figure,
        first=moment(ordered[0].rows[0]),
        high=ordered[-1].figure,
        last=moment(ordered[-1].rows[0]),
    )


def tell_rungs(evidence: Evidence, donor: str) -> Text | None:
    """List one donor's money, rung by rung."""
    rungs = []
    for row in list_donor(evidence, donor):
        where = {"deposited": " in", "disbursed": " from"}.get(row["status"], " for")
        fund = f"{where} the trust fund" if row["indicator"] == "trust_fund_donor" else ""
        amount = evidence.estimate(row["observation_id"])
        rungs.append(compose("{amount} {rung}", amount=amount, rung=RUNGS[row["status"]] + fund))
    if not rungs:
        return None
    return compose(
        "{donor}: {rungs}. These are rungs of one ladder, not sums to add.",
        donor=name(donor),
        rungs=enumerate_parts(rungs),
    )


def tell_cleared(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of one rung of a donor's money had reached the next."""
    within = share_within(evidence, donor)
    if within is None:
        return None
    part, whole, share = within
    return compose(
        "Of the {whole} {rung} ({donor}), {share} had been {status}.",
        whole=evidence.estimate(whole["observation_id"]),
        rung=RUNGS[whole["status"]],
        donor=name(donor),
        share=share,
        status=RUNGS[part["status"]],
    )


def tell_blocked(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of a donor's money was blocked, or that nobody gives the amount."""
    blocked = find_blocked(evidence, donor)
    if blocked is None:
        return None
    if blocked.figure.low <= 0:
        return compose(
            "Part of the pledge was blocked; no document gives the amount, it was {blocked}.",
            blocked=blocked.figure.hull(),
        )
    return compose(
        "Of this money, {blocked} was held back for a time ({origins}, last told for {day}).",
        blocked=blocked.figure,
        origins=blocked.witnesses,
        day=when(blocked.last.isoformat()),
    )


def warn_of_dollars(evidence: Evidence, rows: list[Record]) -> Text | None:
    """Warn of figures whose currency is in doubt."""
    vague = [row["observation_id"] for row in rows if UNNAMED_DOLLAR in row["note"]]
    doubtful = doubt_currency(evidence).difference(vague)
    twice = [row["observation_id"] for row in rows if row["observation_id"] in doubtful]
    sentences = []
    if vague:
        sentences.append(
            compose(
                "For {figures} the document does not say which dollar is meant.",
                figures=Estimate.count(vague, unit="figures"),
            )
        )
    if twice:
        sentences.append(
            compose(
                "The number of {figures} is told in another currency elsewhere.",
                figures=Estimate.count(twice, unit="figures"),
            )
        )
    return join(sentences) if sentences else None


def _count(claims: list[Claim]) -> Estimate:
    return Estimate.count([claim.ids[0] for claim in claims], "totals")


def _size(claim: Claim) -> float:
    return claim.figure.low if claim.figure.value is None else claim.figure.value


def _rung_of(claim: Claim) -> str:
    return RUNGS.get(claim.primary["status"], "blocked").capitalize()


def _article(donor: str) -> Text:
    return name(f"the {donor}" if donor.startswith("United") else donor)


def _note(*sentences: Text | None) -> Text:
    return join(sentence for sentence in sentences if sentence is not None)
