"""Money by rung: what each figure counts, what may be added, and how long it lasts.

A dollar climbs a ladder: required, pledged, appropriated, cleared, deposited. The same dollar may
be counted on every rung, so figures are added within a rung and never across rungs; figures on
different rungs are only put side by side or divided by each other. A figure whose ``population``
says what it leaves out or comes on top of ("in addition to earlier", "direct aid") is no level of
its donor: it is kept apart. Currencies are never converted.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mss_analysis.deployment.moments import find_end
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.funding.ledger import Claim, group_claims
from mss_analysis.language import mark, translate
from mss_analysis.prose import Text, name

Row = dict[str, Any]

# Statuses from the requirement to the payment, with the words that a reader sees. Blocked money is
# no rung: it is what was kept from climbing.
RUNGS = {
    "required": mark("Required"),
    "announced": mark("Announced in public"),
    "pledged": mark("Pledged"),
    "appropriated": mark("Authorised"),
    "cleared": mark("Cleared"),
    "in_kind": mark("Given in kind"),
    "provided": mark("Provided"),
    "deposited": mark("Deposited"),
    "disbursed": mark("Spent"),
}
BLOCKED = mark("Blocked")
# Indicators of money for the mission, with the pot or the purpose that each one counts.
POTS = {
    "mission_cost_annual": mark("one year of the mission"),
    "mission_funds_required": mark("the mission, period not stated"),
    "kenya_mission_budget": mark("preparation of its officers"),
    "mission_support": mark("for the mission"),
    "mission_funds_received": mark("for the mission"),
    "trust_fund_donor": mark("trust fund"),
    "trust_fund_total": mark("trust fund"),
}
# Whose money it is where no donor is named.
MISSION, EVERYBODY = mark("Mission"), mark("All donors")
CURRENCY = "USD"
UNNAMED_DOLLAR = "which dollar is not said"
# What is required is not there yet, and goods in kind pay no bills.
_NO_PURSE = ("required", "in_kind")
# What is promised is promised to one of the two missions.
_PROMISES = ("announced", "pledged")
FIRST, SUCCESSOR = "MSS", "GSF"
# What was paid in or out since the beginning can only grow.
CUMULATIVE = ("deposited", "disbursed")
_YEAR = Estimate.stated(12, "months")
_MONTH = Estimate.stated(365 / 12, "days/months")


@dataclass(frozen=True)
class Purse:
    """Money of one pot on one rung, all donors named together.

    ``rows`` are the observations added, the latest of each donor. A promise is made to one
    ``mission``: what is told after the MSS had ended is promised to its successor.
    """

    pot: str
    status: str
    amount: Estimate
    rows: tuple[Row, ...]
    mission: str = ""

    @property
    def newest(self) -> Row:
        """The observation that stands for the latest day."""
        return max(self.rows, key=lambda row: row["day"])


def select_money(
    evidence: Evidence,
    indicators: Iterable[str],
    unit: str | None = CURRENCY,
    scope: str | None = "",
    **where: str,
) -> pd.DataFrame:
    """Pick sums of money, oldest first.

    Parameters
    ----------
    evidence
        The evidence as known on a day.
    indicators
        Which money.
    unit
        An ISO 4217 code; ``None`` for every currency.
    scope
        What the figure is limited to; empty for figures without a limit, ``None`` for all.
    where
        Any other column and its value.

    """
    rows = select_dated(evidence, indicators, **where)
    if unit is not None:
        rows = rows[rows["unit"] == unit]
    return rows if scope is None else rows[rows["population"] == scope]


def select_dated(evidence: Evidence, indicators: Iterable[str], **where: str) -> pd.DataFrame:
    """Pick figures with the ``day`` for which they stand, oldest first.

    Of one day, figures with two ends come after those with an open one, then the best source
    comes last, and of sources of one grade the earliest: the last row is the one to take.
    """
    # Put in order once: every page on money asks for many selections.
    if "dated" not in evidence.memo:
        evidence.memo["dated"] = _date(evidence)
    dated = evidence.memo["dated"]
    return dated[dated.index.isin(evidence.select(indicators, **where).index)]


def _date(evidence: Evidence) -> pd.DataFrame:
    """Give all figures the day for which they stand, and put them in order."""
    rows = evidence.observations
    documents = evidence.documents
    return rows.assign(
        day=rows["as_of"].fillna(rows["period_end"]),
        closed=(rows["low"] > 0) & (rows["high"] < math.inf),
        grade=[documents[entry]["grade"] for entry in rows["source_id"]],
        known=[documents[entry]["known"] for entry in rows["source_id"]],
    ).sort_values(
        ["day", "closed", "grade", "known"],
        ascending=[True, True, False, False],
        kind="stable",
        na_position="first",
    )


def keep_latest(rows: pd.DataFrame, *keys: str) -> list[Row]:
    """Keep the newest figure of each group, in the order of the rows.

    >>> frame = pd.DataFrame({"party": ["A", "A", "B"], "value": [1, 2, 3]})
    >>> [row["value"] for row in keep_latest(frame, "party")]
    [2, 3]
    """
    return rows.drop_duplicates(list(keys), keep="last").to_dict(orient="records")


def drop_fallen(rows: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Leave out figures of a growing sum that lie wholly below an earlier one.

    What was paid in since the beginning does not fall: such a figure counts something else, or is
    wrong, and must not pass for the newest level. Rows come oldest first.

    >>> frame = pd.DataFrame({"day": [1, 2, 3], "low": [9, 2, 9], "high": [9, 2, 10]})
    >>> list(drop_fallen(frame)["day"])
    [1, 3]
    """
    floors: dict[tuple, list[tuple[Any, float]]] = {}
    kept = []
    for row in rows.to_dict(orient="records"):
        earlier = floors.setdefault(tuple(row[key] for key in keys), [])
        stands = all(row["high"] >= low for day, low in earlier if day < row["day"])
        kept.append(stands)
        if stands:
            earlier.append((row["day"], row["low"]))
    return rows[pd.Series(kept, index=rows.index, dtype=bool)]


def list_rungs(evidence: Evidence, unit: str | None = CURRENCY) -> list[Row]:
    """List the newest figure for every donor, pot and rung, in the order of the ladder.

    A figure whose dollar is in doubt stands in only where there is no other; a growing sum does
    not fall.
    """
    rows = select_money(evidence, POTS, unit)
    order = list(RUNGS)
    rows = rows[rows["status"].isin(order)]
    keys = ("indicator", "party", "status", "unit")
    grows = rows["status"].isin(CUMULATIVE)
    kept = drop_fallen(rows[grows], *keys)["observation_id"]
    rows = rows[~grows | rows["observation_id"].isin(kept)]
    vague = rows["observation_id"].isin(doubt_currency(evidence))
    rows = pd.concat([rows[vague], rows[~vague]])
    return sorted(
        keep_latest(rows, *keys),
        key=lambda row: (order.index(row["status"]), row["unit"], -row["low"], row["party"]),
    )


def doubt_currency(evidence: Evidence) -> set[str]:
    """Find the figures whose currency is in doubt.

    Their document doesn't say which dollar it means, or another states the same number for the same
    donor's money in another currency.
    """
    rows = select_money(evidence, POTS, None, None)
    told = rows.groupby(["indicator", "party", "value"])["unit"].transform("nunique")
    vague = rows["note"].str.contains(UNNAMED_DOLLAR, regex=False)
    doubtful = vague | ((told > 1) & (rows["unit"] == CURRENCY))
    return set(rows.loc[doubtful, "observation_id"])


def fill_purses(evidence: Evidence) -> list[Purse]:
    """Add the newest figures within each pot and rung, smallest sum first.

    Donors of the trust fund are added only where nobody states the total on that rung. Promises
    to the MSS and to its successor are not added. Sums in other currencies than the dollar are left
    out.
    """
    ended = find_end(evidence)
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in list_rungs(evidence):
        if row["status"] not in _NO_PURSE and row["indicator"] != "kenya_mission_budget":
            mission = ""
            if ended is not None and row["status"] in _PROMISES:
                mission = SUCCESSOR if row["day"].date() > ended.end else FIRST
            groups.setdefault((row["indicator"], row["status"], mission), []).append(row)
    purses = [
        Purse(pot, status, add(evidence, rows), tuple(rows), mission)
        for (pot, status, mission), rows in groups.items()
        if pot != "trust_fund_donor" or ("trust_fund_total", status, mission) not in groups
    ]
    return sorted(purses, key=lambda purse: purse.amount.low)


def find_deposits(evidence: Evidence) -> Purse | None:
    """Find what lies in the trust fund by the newest figure."""
    purses = fill_purses(evidence)
    funds = [purse for purse in purses if purse.pot.startswith("trust_fund")]
    return next((purse for purse in funds if purse.status == "deposited"), None)


def find_pledges(evidence: Evidence) -> Purse | None:
    """Find the largest sum of pledges in one pot."""
    pledged = [purse for purse in fill_purses(evidence) if purse.status == "pledged"]
    return pledged[-1] if pledged else None


def list_costs(evidence: Evidence) -> list[Claim]:
    """List what a year of the mission is said to cost, the claim with most origins first."""
    claims = group_claims(evidence, select_money(evidence, ["mission_cost_annual"]))
    return sorted(claims, key=lambda claim: (-len(claim.origins), -claim.last.toordinal()))


def cost_year(evidence: Evidence, factor: float = 1.0) -> Estimate | None:
    """Give the cost of one year of the mission that most origins state, times a factor.

    Raises
    ------
    ParameterError
        When the factor is not a positive number.

    """
    if not 0 < factor < math.inf:
        raise ParameterError(f"cost_factor must be a positive number, not {factor!r}.")
    claims = list_costs(evidence)
    if not claims:
        return None
    cost = claims[0].figure
    return cost if factor == 1 else cost * factor


def last_months(money: Estimate, cost: Estimate) -> Estimate:
    """Turn money into the months that it pays for at a yearly cost.

    >>> cost = Estimate(600e6, 550e6, 650e6, "USD", ("cost",), "cost", "about")
    >>> last_months(Estimate.stated(300e6, "USD", "pledge"), cost)
    Estimate(between 5.53 and 6.55 months)
    """
    return money / cost * _YEAR


def last_days(months: Estimate) -> Estimate:
    """Turn months into days."""
    return months * _MONTH


def list_donor(evidence: Evidence, donor: str) -> list[Row]:
    """List the newest figure on each rung of one donor, for the mission and for the trust fund."""
    pots = ("mission_support", "trust_fund_donor")
    rows = [row for row in list_rungs(evidence) if row["party"] == donor]
    return [row for row in rows if row["indicator"] in pots]


def floor_donor(evidence: Evidence, donor: str) -> Estimate | None:
    """Give the least money of one donor that makes its figures on all rungs true together."""
    figures = evidence.estimates(row["observation_id"] for row in list_donor(evidence, donor))
    return max(figures, key=lambda figure: figure.low, default=None)


def find_blocked(evidence: Evidence, donor: str) -> Claim | None:
    """Give the claim with most origins on a donor's money that was blocked.

    "A part of the pledge" is a range without a stated value: the pledge is only its upper end, and
    it stands in only where nobody states an amount.
    """
    rows = select_money(evidence, ["mission_support"], party=donor, status="blocked")
    claims = group_claims(evidence, rows)
    return max(claims, key=lambda claim: (claim.figure.low > 0, len(claim.origins)), default=None)


def share(part: Estimate, whole: Estimate) -> Estimate:
    """Give a part as percent of a whole; the two may stand on different rungs."""
    return (part / whole).as_percent()


def add(evidence: Evidence, rows: Iterable[Row]) -> Estimate:
    """Add figures of one rung."""
    return total(evidence.estimates(row["observation_id"] for row in rows))


def name_payer(row: Row) -> str:
    """Name whose money a figure is, in English."""
    return row["party"] or (MISSION if row["status"] == "required" else EVERYBODY)


def head_rung(status: str) -> Text:
    """Name a rung as a table does; blocked money stands on none and says so.

    >>> head_rung("in_kind").plain
    'Given in kind'
    """
    return name(RUNGS.get(status, BLOCKED))


def name_rung(status: str) -> Text:
    """Name a rung as a sentence does, without a capital letter."""
    words = translate(RUNGS.get(status, BLOCKED))
    return name(words[:1].lower() + words[1:])
