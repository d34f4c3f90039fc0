"""A freeze: money kept from climbing, from the first day that says so to the last, and releases."""

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ledger import Claim, group_claims
from mss_analysis.funding.money import CURRENCY, select_money
from mss_analysis.funding.scopes import tell_scope
from mss_analysis.funding.span_chart import draw_spans
from mss_analysis.language import mark, tell
from mss_analysis.prose import Part, Text, cite, compose, enumerate_parts, join, name, when

# Blocked or released: what a donor had promised to the mission or paid into its fund.
_MISSION = ("mission_support", "mission_support_component", "trust_fund_donor")
_BLOCKED, _CLEARED = "blocked", "cleared"
_HELD, _FREED = mark("Held or frozen"), mark("Released")
_FUND = "trust_fund_donor"
_MOST_LINES = 24


def span_freezes(evidence: Evidence) -> Exhibit:
    """Show money held, frozen and released as spans from its first to its last statement."""
    claims = list_freezes(evidence)
    rows: list[Row] = [
        {
            "Donor": name(claim.primary["party"]),
            "Money": compose("{what}: {amount}", what=_label(claim), amount=claim.figure),
            "State": _state(claim),
            "Amount": claim.figure,
            "First stated for": when(claim.first.isoformat()),
            "Last stated for": when(claim.last.isoformat()),
            "Origins": claim.witnesses,
            "Source": cite(evidence, claim.ids[:3]),
        }
        for claim in claims
    ]
    frame = flatten(evidence, rows)
    if rows:
        frame["start"] = [claim.first.isoformat() for claim in claims]
        frame["end"] = [claim.last.isoformat() for claim in claims]
    donors = list(dict.fromkeys(claim.primary["party"] for claim in claims))
    if len(donors) > 1:
        frame["Money"] = frame["Donor"] + ", " + frame["Money"]
    return exhibit(
        evidence,
        "frozen-and-released",
        tell("What was held or frozen, what was released, and between which days is that told?"),
        tell_freezes(evidence) or nothing_known(),
        rows,
        draw_spans(frame.head(_MOST_LINES), "Money", "State") if rows else None,
        compose(
            "A bar runs from the first day for which an amount is stated to the last: it shows "
            "when the state was told, not when it began or ended. A hold may be older than the "
            "first document, and may outlast the last one. Held and released sums are not taken "
            "from each other: no document says which dollars were freed. Sums in other currencies "
            "repeat these and stand in the table of other currencies."
        ),
        headline=_head(evidence) or head_row(rows, "State", "Amount"),
        subtitle=tell(
            "Money for the mission held, frozen or released, by the days for which it is told; "
            "donors: {donors}",
            donors=enumerate_parts([name(donor) for donor in donors]),
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on the money frozen in the fund, and on what was held elsewhere."""
    found = []
    for slug, label, inside in (
        ("held", tell("Held back outside the trust fund"), False),
        ("frozen", tell("Frozen in the trust fund"), True),
    ):
        claim = _strongest(evidence, inside)
        if claim is not None:
            text = _tell_one(claim)
            found.append(Finding(f"funding.{slug}", label, claim.figure, text))
    return found


def list_freezes(evidence: Evidence) -> list[Claim]:
    """List claims on held, frozen and released money for the mission, oldest first."""
    rows = select_money(evidence, _MISSION, CURRENCY, None)
    return group_claims(evidence, rows[rows["status"].isin([_BLOCKED, _CLEARED])])


def tell_freezes(evidence: Evidence) -> Text | None:
    """Say what was held, what was frozen in the fund and what was released, best witnessed."""
    claims = [_strongest(evidence, inside) for inside in (False, True)]
    sentences = [_tell_one(claim) for claim in claims if claim is not None]
    freed = [
        claim
        for claim in list_freezes(evidence)
        if claim.primary["status"] == _CLEARED and not claim.primary["population"]
    ]
    if freed:
        largest = max(freed, key=lambda claim: (len(claim.origins), claim.figure.low))
        sentences.append(
            compose(
                "The release that most origins tell is of {amount} (first told for {day}).",
                amount=largest.figure,
                day=when(largest.first.isoformat()),
            )
        )
    return join(sentences) if sentences else None


def _strongest(evidence: Evidence, in_fund: bool) -> Claim | None:
    claims = [
        claim
        for claim in list_freezes(evidence)
        if claim.primary["status"] == _BLOCKED and (claim.primary["indicator"] == _FUND) == in_fund
    ]
    return max(
        claims,
        key=lambda claim: (claim.figure.low > 0, len(claim.origins), claim.last),
        default=None,
    )


def _tell_one(claim: Claim) -> Text:
    parts: dict[str, Part] = {
        "donor": name(claim.primary["party"]),
        "amount": _amount(claim.figure),
        "origins": claim.witnesses,
        "first": when(claim.first.isoformat()),
        "last": when(claim.last.isoformat()),
    }
    inside, once = claim.primary["indicator"] == _FUND, claim.first == claim.last
    if inside and once:
        template = mark(
            "In the trust fund, {amount} was frozen ({donor}), as told for {first} ({origins})."
        )
    elif inside:
        template = mark(
            "In the trust fund, {amount} was frozen ({donor}), as told for days from {first} to "
            "{last} ({origins})."
        )
    elif once:
        template = mark(
            "Outside the trust fund, {amount} was held ({donor}), as told for {first} ({origins})."
        )
    else:
        template = mark(
            "Outside the trust fund, {amount} was held ({donor}), as told for days from {first} to "
            "{last} ({origins})."
        )
    return compose(template, **parts)


def _head(evidence: Evidence) -> Text | None:
    claim = _strongest(evidence, True)
    if claim is not None:
        return compose("In the trust fund, {amount} was frozen", amount=_amount(claim.figure))
    claim = _strongest(evidence, False)
    if claim is None:
        return None
    return compose("Outside the trust fund, {amount} was held", amount=_amount(claim.figure))


def _amount(figure: Estimate) -> Estimate:
    """Show a ceiling alone as an interval: the pledge is only its upper end."""
    return figure.hull() if figure.low <= 0 else figure


def _state(claim: Claim) -> str:
    return _HELD if claim.primary["status"] == _BLOCKED else _FREED


def _label(claim: Claim) -> Text:
    row = claim.primary
    if row["indicator"] == _FUND:
        return name(mark("trust fund"))
    return tell_scope(row["population"] or mark("for the mission"))
