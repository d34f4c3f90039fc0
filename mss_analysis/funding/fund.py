"""The UN trust fund: its balance as told over time, and what each donor has in it."""

import math
from typing import Any

import pandas as pd

from mss_analysis.charts import draw_intervals, draw_levels
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.ledger import Claim, group_claims, rounds
from mss_analysis.funding.money import drop_fallen, select_money, share
from mss_analysis.funding.remainder import Split, split_rows, split_whole
from mss_analysis.funding.scopes import tell_scope
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, moment, name, when

# Who tells a balance, by kind of origin.
_TELLERS = {"un": mark("United Nations"), "government": mark("Governments")}
_OTHERS = mark("Press and others")
_THING = ("indicator", "party", "population", "status", "unit", "day")


def check_trust_fund(evidence: Evidence) -> Exhibit:
    """Show what each donor paid into the trust fund, and whether the parts make the total."""
    split = compose_fund(evidence)
    rows: list[Row] = []
    if split is not None:
        figures = {row["party"]: _floor(evidence, row, split) for row in split.parts}
        whole = split.named if _is_closed(split) else split.whole
        rows = [
            {"Donor": name(donor), "Deposited": figure, "Share": share(figure, whole)}
            for donor, figure in sorted(figures.items(), key=lambda part: -part[1].low)
        ]
        rows.append({"Donor": mark("Donors added up"), "Deposited": split.named, "Share": None})
        rows.append({"Donor": mark("Total as stated"), "Deposited": split.whole, "Share": None})
    return exhibit(
        evidence,
        "trust-fund",
        tell("Do the deposits in the trust fund add up to its stated total?"),
        tell_total(evidence) or nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Donor", "Deposited", tell("US dollars, deposited"), wrap=False
        ),
        compose(
            "A gap counts as rounding when it is at most half a unit of the last digit that the "
            "total states. A deposit told before the day of the total is only the least that the "
            "donor had paid by then. Payments told in other currencies are not here."
        ),
        headline=_head_total(split),
        subtitle=tell("Deposits in the UN trust fund by the day of its newest total, US dollars"),
    )


def follow_balance(evidence: Evidence) -> Exhibit:
    """Show every stated balance of the fund over time, by who told it."""
    claims = list_balances(evidence)
    rows: list[Row] = [
        {
            "Stated for": when(claim.first.isoformat()),
            "Paid in": claim.figure,
            "Told by": _teller(evidence, claim),
            "Scope": tell_scope(claim.primary["population"] or mark("whole fund")),
            "Origins": claim.witnesses,
            "Source": cite(evidence, claim.ids[:3]),
        }
        for claim in claims
    ]
    frame = flatten(evidence, rows)
    if rows:
        frame["day"] = [claim.first.isoformat() for claim in claims]
        frame = frame[[not claim.primary["population"] for claim in claims]]
    return exhibit(
        evidence,
        "fund-balance",
        tell("What had been paid into the trust fund, by whom is that told, and for which day?"),
        tell_balance(evidence) or nothing_known(),
        rows,
        len(frame) and draw_levels(frame, "day", "Paid in", tell("US dollars paid in"), "Told by"),
        compose(
            "Sums paid in since the fund opened cannot fall. A figure below an earlier one, unless "
            "it only rounds it, counts something else (what is left, what one recipient received) "
            "or is wrong: it stays in the table and is never taken for the newest balance. Where "
            "only the year or month is known, a figure stands at its end."
        ),
        headline=_head_balance(evidence),
        subtitle=tell("Stated balances of the UN trust fund, by who tells them, US dollars"),
    )


def follow_donors(evidence: Evidence) -> Exhibit:
    """Show each donor's deposits over time."""
    rows_in = _donors(evidence, None)
    claims = group_claims(evidence, rows_in, _THING)
    rows: list[Row] = [
        {
            "Donor": name(claim.primary["party"]),
            "Deposited": claim.figure,
            "Stated for": when(claim.first.isoformat()),
            "Scope": tell_scope(claim.primary["population"] or mark("all so far")),
            "Source": cite(evidence, claim.ids[:3]),
        }
        for claim in claims
    ]
    drawn = [
        row | {"day": claim.first.isoformat()}
        for row, claim in zip(rows, claims, strict=True)
        if claim.primary["unit"] == "USD" and not claim.primary["population"]
    ]
    frame = flatten(evidence, [{**row, "day": name(row["day"])} for row in drawn])
    donors = dict.fromkeys(claim.primary["party"] for claim in claims)
    answer, headline = nothing_known(), None
    if donors:
        answer = compose(
            "Deposits are told of these donors: {donors}.",
            donors=enumerate_parts([name(donor) for donor in donors]),
        )
    if drawn:
        largest = max(drawn, key=lambda row: row["Deposited"].low)
        headline = compose(
            "The largest deposit told is that of {donor}: {paid}",
            donor=largest["Donor"],
            paid=largest["Deposited"],
        )
    return exhibit(
        evidence,
        "fund-donors",
        tell("What had each donor paid into the trust fund, and for which day is that told?"),
        answer,
        rows,
        draw_levels(frame, "day", "Deposited", tell("US dollars paid in"), "Donor")
        if drawn
        else None,
        compose(
            "Each dot is a sum paid in so far. Between two dots nothing is known but that the sum "
            "did not fall. Single payments on top, and payments in other currencies, stand in the "
            "table only."
        ),
        headline=headline,
        subtitle=tell("Stated deposits of each donor in the UN trust fund so far, US dollars"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on the fund."""
    found = []
    text = tell_balance(evidence)
    if text is not None:
        balances = [claim for claim in _level(evidence) if claim.figure.low > 0]
        figure = (balances or _level(evidence))[-1].figure
        found.append(Finding("funding.trust-fund", tell("Paid into the trust fund"), figure, text))
    split = compose_fund(evidence)
    if split is not None:
        text = tell_total(evidence)
        label = tell("Stated total less donors named")
        found.append(Finding("funding.trust-fund-gap", label, split.rest, text))
    return found


def list_balances(evidence: Evidence) -> list[Claim]:
    """List the stated balances, each day's number once, oldest first."""
    rows = select_money(evidence, ["trust_fund_total"], scope=None, status="deposited")
    return group_claims(evidence, rows, _THING)


def list_levels(evidence: Evidence, most: int = 10) -> list[Claim]:
    """List the newest balances of the whole fund, oldest first, without those only repeated."""
    seen: dict[float, Claim] = {}
    for claim in list_days(evidence):
        seen.setdefault(claim.figure.low if claim.figure.low else claim.figure.high, claim)
    return list(seen.values())[-most:]


def list_days(evidence: Evidence) -> list[Claim]:
    """List one balance of the whole fund a day, of those that do not fall, oldest first.

    Of a day's claims that with two ends comes first, then that with most origins, then the best
    source.
    """
    best: dict[object, Claim] = {}
    for claim in _level(evidence):
        if claim.primary["population"]:
            continue
        kept = best.get(claim.first)
        if kept is None or _worth(claim) > _worth(kept):
            best[claim.first] = claim
    return list(best.values())


def compose_fund(evidence: Evidence) -> Split | None:
    """Compare the newest balance with the deposits of the donors named by then.

    A relation that the same document declares comes first; else each donor's newest deposit up to
    the balance's day, read as a floor where it is older than the balance.
    """
    totals = drop_fallen(select_money(evidence, ["trust_fund_total"], status="deposited"))
    if totals.empty:
        return None
    whole = totals.to_dict(orient="records")[-1]
    declared = split_whole(evidence, "trust_fund_total", "total")
    if declared is not None and declared.whole.observations == (whole["observation_id"],):
        return declared
    parts = list_deposits(evidence, whole["day"])
    if not parts:
        return None
    split = split_rows(evidence, whole, parts)
    named = _sum([_floor(evidence, row, split) for row in parts])
    # Named donors cannot have paid more than the whole holds.
    rest = split.whole - named
    rest = rest.clip(low=0.0) if rest.high >= 0 else rest
    return Split(split.whole, split.parts, named, rest, split.slack)


def list_deposits(evidence: Evidence, day: Any) -> list[dict[str, Any]]:
    """List each donor's highest floor among deposits told up to a day, newest where equal."""
    rows = _donors(evidence, "")
    rows = rows[(rows["day"] <= day) & (rows["unit"] == "USD")]
    rows = drop_fallen(rows, "party").sort_values(["low"], kind="stable")
    return rows.drop_duplicates("party", keep="last").to_dict(orient="records")


def read_floor(evidence: Evidence, row: dict[str, Any], day: Any) -> Estimate:
    """Read a deposit as the least paid by a day, where it was told for an earlier one."""
    figure = evidence.estimate(row["observation_id"])
    if row["day"] >= day:
        return figure
    return Estimate(
        None, figure.low, math.inf, figure.unit, figure.observations, f"floor({figure.formula})",
        status=figure.status,
    )  # fmt: skip


def tell_total(evidence: Evidence) -> Text | None:
    """Say whether the trust fund's donors make up its total."""
    split = compose_fund(evidence)
    if split is None:
        return None
    if not _is_closed(split):
        return compose(
            "Of {whole} paid into the fund, documents tell the donors of {named}; {rest} is not "
            "told by donor.",
            whole=split.whole,
            named=split.named,
            rest=split.rest,
        )
    template = mark(
        "The donors named paid {named} into the trust fund, the stated total is {whole}: the gap "
        "of {gap} is more than the rounding of the total explains."
    )
    if split.is_rounding:
        template = mark(
            "The donors named paid {named} into the trust fund, the stated total is {whole}: the "
            "gap of {gap} is no more than the rounding of the total."
        )
    return compose(template, named=split.named, whole=split.whole, gap=split.rest)


def tell_balance(evidence: Evidence) -> Text | None:
    """Say what the fund held by the newest figure, and who says otherwise."""
    level = _level(evidence)
    if not level:
        return None
    last = level[-1]
    told = compose(
        "The fund had taken in {paid} ({day}).", paid=last.figure, day=moment(last.primary)
    )
    kept = {entry for claim in level for entry in claim.ids}
    apart = [
        claim
        for claim in list_balances(evidence)
        if claim.ids[0] not in kept
        and not claim.primary["population"]
        and not any(
            rounds(claim, other)
            for other in level
            if other.first < claim.first and other.figure.low > 0
        )
    ]
    if not apart:
        return told
    odd = [
        compose("{figure} ({day})", figure=claim.figure, day=moment(claim.primary))
        for claim in apart
    ]
    aside = compose(
        "Left aside, since it lies below an earlier balance: {odd}.", odd=enumerate_parts(odd)
    )
    return join([told, aside])


def _head_balance(evidence: Evidence) -> Text | None:
    level = _level(evidence)
    if not level:
        return None
    last = level[-1]
    return compose(
        "The fund had taken in {paid} ({day})", paid=last.figure, day=moment(last.primary)
    )


def _head_total(split: Split | None) -> Text | None:
    if split is None:
        return None
    if _is_closed(split):
        return compose(
            "Between donors and stated total, {gap} of {whole} differ",
            gap=split.rest,
            whole=split.whole,
        )
    return compose(
        "Of {whole} paid in, {rest} is not told by donor", whole=split.whole, rest=split.rest
    )


def _level(evidence: Evidence) -> list[Claim]:
    """The balances of the whole fund that do not fall, oldest first."""
    rows = drop_fallen(select_money(evidence, ["trust_fund_total"], status="deposited"))
    kept = set(rows["observation_id"])
    order = {entry: at for at, entry in enumerate(rows["observation_id"])}
    claims = [claim for claim in list_balances(evidence) if set(claim.ids) & kept]
    return sorted(claims, key=lambda claim: max(order.get(entry, -1) for entry in claim.ids))


def _worth(claim: Claim) -> tuple[bool, int, int]:
    closed = claim.figure.low > 0 and math.isfinite(claim.figure.high)
    # Grades run from A, the best, to F.
    return closed, len(claim.origins), -ord(claim.primary["grade"])


def _donors(evidence: Evidence, scope: str | None) -> pd.DataFrame:
    return select_money(evidence, ["trust_fund_donor"], None, scope, status="deposited")


def _floor(evidence: Evidence, row: dict[str, Any], split: Split) -> Estimate:
    day = evidence.row(split.whole.observations[0])["as_of"]
    return read_floor(evidence, row, day)


def _sum(figures: list[Estimate]) -> Estimate:
    result = figures[0]
    for figure in figures[1:]:
        result = result + figure
    return result


def _is_closed(split: Split) -> bool:
    """Whether the document itself presents the parts as the whole, or all are bounded."""
    return math.isfinite(split.named.high)


def _teller(evidence: Evidence, claim: Claim) -> str:
    kinds = dict(
        zip(
            evidence.tables["origins"]["origin"],
            evidence.tables["origins"]["kind"],
            strict=True,
        )
    )
    found = [_TELLERS.get(kinds.get(origin, ""), _OTHERS) for origin in claim.origins]
    return next((words for words in _TELLERS.values() if words in found), _OTHERS)
