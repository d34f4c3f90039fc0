"""Funding: what the mission needs, what was promised, and what was paid in.

This module draws the ladder and gathers the findings of the topic; each further question has a
module of its own.
"""

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding import (
    aid,
    concentration,
    currency,
    freeze,
    fund,
    kenya,
    money,
    officer_month,
    runway,
    unit_cost,
)
from mss_analysis.funding import donor as donors
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ladder_chart import draw_ladder
from mss_analysis.funding.remainder import cover_requirement
from mss_analysis.language import mark, name_of, tell
from mss_analysis.prose import Text, cite, compose, join, moment, name

_FUND = ("trust_fund_donor", "trust_fund_total")
# Neighbouring rungs share a colour in the chart; the table tells them apart.
_STEPS = {
    "required": mark("Required"),
    "announced": mark("Announced or pledged"),
    "pledged": mark("Announced or pledged"),
    "appropriated": mark("Authorised or cleared"),
    "cleared": mark("Authorised or cleared"),
    "in_kind": mark("Provided or given in kind"),
    "provided": mark("Provided or given in kind"),
    "deposited": mark("Deposited"),
    "disbursed": mark("Spent"),
}


def climb_ladder(evidence: Evidence) -> Exhibit:
    """Show the newest figure for every donor, pot and rung, from the requirement to the payment."""
    ladder = money.list_rungs(evidence)
    steps = list(money.RUNGS)
    wholes = [money.name_payer(row) for row in ladder if not row["party"]]
    # What concerns everybody comes first, then the donors by their largest figure.
    size: dict[str, float] = {}
    for row in ladder:
        payer = money.name_payer(row)
        size[payer] = max(size.get(payer, 0.0), row["low"])
    ladder.sort(
        key=lambda row: (
            money.name_payer(row) not in wholes,
            -size[money.name_payer(row)],
            money.name_payer(row),
            steps.index(row["status"]),
        )
    )
    rows: list[Row] = [
        {
            "Donor": name(money.name_payer(row)),
            "Rung": money.head_rung(row["status"]),
            "Amount": evidence.estimate(row["observation_id"]),
            "For": name(money.POTS[row["indicator"]]),
            "Stated": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in ladder
    ]
    frame = flatten(evidence, rows)
    if rows:
        frame["order"] = [steps.index(row["status"]) for row in ladder]
        frame["step"] = [name_of(_STEPS[row["status"]]) for row in ladder]
        inside = [row["indicator"] in _FUND for row in ladder]
        frame["pot"] = [tell("Trust fund") if held else tell("Elsewhere") for held in inside]
    sentences = [weigh_deposits(evidence), weigh_provided(evidence)]
    known = [sentence for sentence in sentences if sentence is not None]
    return exhibit(
        evidence,
        "funding-ladder",
        tell("How much was required, promised, released and paid in, and by whom?"),
        (join(known) if known else _count(rows)) if rows else nothing_known(),
        rows,
        draw_ladder(frame) if rows else None,
        _note(
            compose(
                "Each line is the newest figure of its kind in US dollars; other currencies have a "
                "table of their own. Rungs are never added: a dollar that was pledged, authorised "
                "and deposited would be counted three times. Of a sum that can only grow, a later "
                "figure below an earlier one is not taken for the newest."
            ),
            donors.warn_of_dollars(evidence, ladder),
        ),
        headline=_head(evidence) or head_row(rows, "Donor", "Amount"),
        subtitle=tell(
            "Newest figure for each donor, pot and rung of the mission’s money, in US dollars"
        ),
    )


def findings(
    evidence: Evidence, donor: str = "United States", cost_factor: float = 1.0
) -> list[Finding]:
    """Conclude from the money; only what is known on the day appears."""
    found = runway.findings(evidence, cost_factor)
    covered = cover_requirement(evidence)
    if covered is not None:
        text = weigh_provided(evidence)
        label = tell("Share of the required money provided")
        found.append(Finding("funding.provided", label, covered[-1], text, True))
    return [
        *found,
        *fund.findings(evidence),
        *concentration.findings(evidence),
        *freeze.findings(evidence),
        *donors.findings(evidence, donor),
        *unit_cost.findings(evidence, cost_factor),
        *officer_month.findings(evidence, cost_factor),
        *kenya.findings(evidence),
        *currency.findings(evidence),
        *aid.findings(evidence),
    ]


def weigh_deposits(evidence: Evidence) -> Text | None:
    """Weigh the trust fund against one year's cost."""
    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence)
    if deposits is None or cost is None:
        return None
    return compose(
        "Deposits of {deposits} in the trust fund ({day}) amount to {share} of the cost of one "
        "year, stated as {cost}.",
        deposits=deposits.amount,
        day=moment(deposits.newest),
        share=money.share(deposits.amount, cost),
        cost=cost,
    )


def weigh_provided(evidence: Evidence) -> Text | None:
    """Weigh the money provided against the money required."""
    covered = cover_requirement(evidence)
    if covered is None:
        return None
    have, need, share = covered
    return compose(
        "Of {need} required, {have} had been provided ({source}): {share}; the period that the "
        "money is for is not stated.",
        need=need,
        have=have,
        share=share,
        source=cite(evidence, have.observations),
    )


def _head(evidence: Evidence) -> Text | None:
    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence)
    if deposits is None or cost is None:
        return None
    return compose(
        "Deposits of {deposits} come to {share} of one year’s cost",
        deposits=deposits.amount,
        share=money.share(deposits.amount, cost),
    )


def _count(rows: list[Row]) -> Text:
    first = rows[0]
    return compose(
        "The first line: {donor}, {amount}.", donor=first["Donor"], amount=first["Amount"]
    )


def _note(*sentences: Text | None) -> Text:
    return join(sentence for sentence in sentences if sentence is not None)
