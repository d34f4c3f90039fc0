"""Aid: the humanitarian plan and the mission's money, year by year, side by side."""

import math

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ledger import Claim, group_claims
from mss_analysis.funding.money import cost_year, drop_fallen, select_dated, select_money, share
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, join, name, when

_PLAN, _FUND = mark("Humanitarian plan"), mark("Mission’s trust fund")
_LATE = "07"
_NEEDED, _HAD, _COVERED = "Required", "Received", "Covered"


def compare_aid(evidence: Evidence) -> Exhibit:
    """Show for each year what was required, received and covered, of aid and of the mission."""
    rows = [*list_plans(evidence), *list_fund_years(evidence)]
    rows.sort(key=lambda row: row["Year"].partial)
    covered = [row for row in rows if row[_COVERED] is not None]
    shown = [
        {
            "Line": compose("{year}: {money}", year=row["Year"], money=row["Money"]),
            "Money": row["Money"],
            _COVERED: row[_COVERED],
        }
        for row in covered
    ]
    return exhibit(
        evidence,
        "aid-and-security",
        tell(
            "How well were the humanitarian plan and the mission’s trust fund covered, year by "
            "year?"
        ),
        tell_coverage(evidence) or nothing_known(),
        rows,
        draw_intervals(
            flatten(evidence, shown),
            "Line",
            _COVERED,
            tell("Percent of the money required"),
            "Money",
        )
        if shown
        else None,
        compose(
            "The plan's coverage is the latest statement about its year; some were made long "
            "before the year's end, so the share is what had come by then. Received is the stated "
            "share of the stated requirement. The fund's line holds all that was ever paid in by "
            "the last balance of the year, against the cost of one year: it is not that year's "
            "income, and money outside the fund is not in it. The two are not parts of one budget."
        ),
        headline=_head(evidence) or head_row(shown, "Line", _COVERED),
        subtitle=tell(
            "Money received as a share of the money required, humanitarian plans and trust fund, "
            "by year, percent"
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on the coverage of the newest plan."""
    late, early = _split_plans(evidence)
    text = tell_coverage(evidence)
    if text is None or not (late or early):
        return []
    figure = (late or early)[-1][_COVERED]
    label = tell("Share of the humanitarian plan received")
    return [Finding("funding.humanitarian-coverage", label, figure, text)]


def list_plans(evidence: Evidence) -> list[Row]:
    """List each plan's requirement, and its coverage by the latest statement."""
    required = select_money(evidence, ["hrp_required"])
    shares = select_dated(evidence, ["hrp_funded_share"])
    rows: list[Row] = []
    for year in sorted({day.year for day in required["period_start"].dropna()}):
        claims = group_claims(evidence, required[required["period_start"].dt.year == year])
        need = max(claims, key=_weight).figure
        # A share whose day is only the year's end was told as final, or is undated.
        told = shares[shares["population"].str.startswith(str(year))]
        part = None if told.empty else evidence.estimate(told["observation_id"].iloc[-1])
        if part is not None and told["date_precision"].iloc[-1] == "year" and len(told) > 1:
            part = evidence.estimate(_largest(told))
        had = None if part is None else _portion(need, part)
        rows.append(_row(evidence, str(year), _PLAN, need, had, part))
    return rows


def list_fund_years(evidence: Evidence) -> list[Row]:
    """List the fund's last balance of each year against the cost of one year."""
    cost = cost_year(evidence)
    rows = drop_fallen(select_money(evidence, ["trust_fund_total"], status="deposited"))
    listed: list[Row] = []
    for year in sorted({day.year for day in rows["day"].dropna()}):
        within = rows[rows["day"].dt.year == year]
        balance = evidence.estimate(within["observation_id"].iloc[-1])
        part = None if cost is None else share(balance, cost)
        listed.append(_row(evidence, str(year), _FUND, cost, balance, part))
    return listed


def tell_coverage(evidence: Evidence) -> Text | None:
    """Put the plans' coverage into sentences, the fund's beside it."""
    late, early = _split_plans(evidence)
    fund = [row for row in list_fund_years(evidence) if row[_COVERED] is not None]
    sentences = []
    if len(late) > 1:
        sentences.append(
            compose(
                "Of what the humanitarian plans of {first} to {last} required, {range} had come by "
                "the last statement about each.",
                first=late[0]["Year"],
                last=late[-1]["Year"],
                range=_span_covered(late),
            )
        )
    for row in [*(late if len(late) == 1 else []), *early[-1:]]:
        sentences.append(
            compose(
                "Of what the humanitarian plan of {year} required, {part} had come by {day}.",
                part=row[_COVERED],
                year=row["Year"],
                day=when(_told_for(evidence, row)),
            )
        )
    if fund:
        sentences.append(
            compose(
                "All paid into the mission’s trust fund by its last balance of {year} came to "
                "{part} of one year’s cost.",
                year=fund[-1]["Year"],
                part=fund[-1][_COVERED],
            )
        )
    return join(sentences) if sentences else None


def _head(evidence: Evidence) -> Text | None:
    late, early = _split_plans(evidence)
    plans = late or early[-1:]
    if not plans:
        return None
    if len(plans) == 1:
        return compose(
            "Of what the humanitarian plan of {year} required, {part} had come",
            year=plans[0]["Year"],
            part=plans[0][_COVERED],
        )
    return compose(
        "Of what the humanitarian plans of {first} to {last} required, {range} had come",
        first=plans[0]["Year"],
        last=plans[-1]["Year"],
        range=_span_covered(plans),
    )


def _split_plans(evidence: Evidence) -> tuple[list[Row], list[Row]]:
    """Part plans last told of in their second half from those told of before.

    A share told in a plan's first half says little of the plan.
    """
    plans = [row for row in list_plans(evidence) if row[_COVERED] is not None]
    parted: tuple[list[Row], list[Row]] = [], []
    for row in plans:
        parted[_told_for(evidence, row)[5:7] < _LATE].append(row)
    return parted


def _span_covered(plans: list[Row]) -> Estimate:
    return plans[0][_COVERED].hull(*(row[_COVERED] for row in plans[1:]))


def _told_for(evidence: Evidence, row: Row) -> str:
    """Give the day for which a plan's coverage was told."""
    stated = evidence.row(row[_COVERED].observations[0])
    day = stated["period_end"] if pd.isna(stated["as_of"]) else stated["as_of"]
    return day.date().isoformat()


def _row(
    evidence: Evidence,
    year: str,
    money: str,
    need: Estimate | None,
    had: Estimate | None,
    part: Estimate | None,
) -> Row:
    # Of what was had, the newest row: the share that a plan's money is worked out from.
    ids = [*(need.observations[:2] if need else ()), *(had.observations[-1:] if had else ())]
    return {
        "Year": when(year),
        "Money": name(money),
        _NEEDED: need,
        _HAD: had,
        _COVERED: part,
        "Source": cite(evidence, dict.fromkeys(ids)),
    }


def _portion(need: Estimate, part: Estimate) -> Estimate:
    """Turn a stated share into money; the result stands on no rung."""
    ratio = part / Estimate.stated(100, "percent")
    money = need * ratio
    return Estimate(
        money.value,
        money.low,
        money.high if math.isfinite(money.high) else need.high,
        money.unit,
        money.observations,
        money.formula,
    )


def _weight(claim: Claim) -> tuple[bool, int, int]:
    return math.isfinite(claim.figure.high), len(claim.origins), len(claim.rows)


def _largest(told: object) -> str:
    """Coverage of one plan does not fall: of undated statements, the largest is the latest."""
    return told.sort_values("low", kind="stable")["observation_id"].iloc[-1]
