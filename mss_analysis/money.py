"""Money by rung: what each figure counts, what may be added, and how long it lasts.

A dollar climbs a ladder: required, pledged, appropriated, cleared, deposited. The same dollar may
be counted on every rung, so figures are added within a rung and never across rungs; figures on
different rungs are only put side by side or divided by each other.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mss_analysis.bounds import rounding_unit
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence, ParameterError

Row = dict[str, Any]

# Statuses from the requirement to the payment, with the words that a reader sees. Blocked money is
# no rung: it is what was kept from climbing.
RUNGS = {
    "required": "required",
    "announced": "announced",
    "pledged": "pledged",
    "appropriated": "authorised",
    "cleared": "cleared",
    "in_kind": "given in kind",
    "provided": "provided",
    "deposited": "deposited",
    "disbursed": "spent",
}
# Indicators of money for the mission, with the pot or the purpose that each one counts.
POTS = {
    "mission_cost_annual": "one year of the mission",
    "mission_funds_required": "the mission, period not stated",
    "kenya_mission_budget": "preparation of its officers",
    "mission_support": "for the mission",
    "mission_funds_received": "for the mission",
    "trust_fund_donor": "trust fund",
    "trust_fund_total": "trust fund",
}
CURRENCY = "USD"
# What is required is not there yet, and goods in kind pay no bills.
_NO_PURSE = ("required", "in_kind")
_OTHERS = "other countries"
_YEAR = Estimate.stated(12, "months")
_MONTH = Estimate.stated(365 / 12, "days/months")


@dataclass(frozen=True)
class Purse:
    """Money of one pot on one rung, all donors named together.

    ``rows`` are the observations added, the latest of each donor.
    """

    pot: str
    status: str
    amount: Estimate
    rows: tuple[Row, ...]

    @property
    def newest(self) -> Row:
        """The observation that stands for the latest day."""
        return max(self.rows, key=lambda row: row["day"])


@dataclass(frozen=True)
class Split:
    """A stated whole, the parts that a document names, and what they leave.

    ``slack`` is half a unit of the last digit that the whole states: a remainder no larger than
    that is rounding.
    """

    whole: Estimate
    parts: tuple[Row, ...]
    named: Estimate
    rest: Estimate
    slack: float

    @property
    def is_rounding(self) -> bool:
        """Whether the remainder is no more than the rounding of the whole."""
        return max(abs(self.rest.low), abs(self.rest.high)) <= self.slack


def select_money(evidence: Evidence, indicators: Iterable[str], **where: str) -> pd.DataFrame:
    """Pick figures in US dollars, oldest first; other currencies are left unconverted."""
    return select_dated(evidence, indicators, unit=CURRENCY, **where)


def select_dated(evidence: Evidence, indicators: Iterable[str], **where: str) -> pd.DataFrame:
    """Pick figures with the ``day`` for which they stand, oldest first."""
    rows = evidence.select(indicators, **where)
    day = rows["as_of"].fillna(rows["period_end"])
    return rows.assign(day=day).sort_values("day", kind="stable", na_position="first")


def keep_latest(rows: pd.DataFrame, *keys: str) -> list[Row]:
    """Keep the newest figure of each group, in the order of the rows.

    >>> frame = pd.DataFrame({"party": ["A", "A", "B"], "value": [1, 2, 3]})
    >>> [row["value"] for row in keep_latest(frame, "party")]
    [2, 3]
    """
    return rows.drop_duplicates(list(keys), keep="last").to_dict(orient="records")


def list_rungs(evidence: Evidence) -> list[Row]:
    """List the newest figure for every donor, pot and rung, in the order of the ladder."""
    rows = select_money(evidence, POTS)
    order = list(RUNGS)
    rows = rows[rows["status"].isin(order)]
    return sorted(
        keep_latest(rows, "indicator", "party", "status"),
        key=lambda row: (order.index(row["status"]), -row["low"], row["party"]),
    )


def fill_purses(evidence: Evidence) -> list[Purse]:
    """Add the newest figures within each pot and rung, smallest sum first.

    Donors of the trust fund are added only where nobody states the total on that rung.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in list_rungs(evidence):
        if row["status"] not in _NO_PURSE and row["indicator"] != "kenya_mission_budget":
            groups.setdefault((row["indicator"], row["status"]), []).append(row)
    purses = [
        Purse(pot, status, _add(evidence, rows), tuple(rows))
        for (pot, status), rows in groups.items()
        if pot != "trust_fund_donor" or ("trust_fund_total", status) not in groups
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


def cost_year(evidence: Evidence, factor: float = 1.0) -> Estimate | None:
    """Give the newest stated cost of one year of the mission, times a factor.

    Raises
    ------
    ParameterError
        When the factor is not a positive number.

    """
    if not 0 < factor < math.inf:
        raise ParameterError(f"cost_factor must be a positive number, not {factor!r}.")
    rows = select_money(evidence, ["mission_cost_annual"])
    if rows.empty:
        return None
    cost = evidence.estimate(rows["observation_id"].iloc[-1])
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


def cover_requirement(evidence: Evidence) -> tuple[Estimate, Estimate, Estimate] | None:
    """Compare money provided with money required by one document.

    Gives (provided, required, share in percent) of the newest document that states both.
    """
    provided = select_money(evidence, ["mission_funds_received"])
    required = select_money(evidence, ["mission_funds_required"])
    both = provided[provided["source_id"].isin(required["source_id"])]
    if both.empty:
        return None
    row = both.iloc[-1]
    wanted = required.loc[required["source_id"] == row["source_id"], "observation_id"].iloc[-1]
    have, need = evidence.estimates([row["observation_id"], wanted])
    return have, need, share(have, need)


def split_whole(evidence: Evidence, indicator: str, kind: str) -> Split | None:
    """Compare the newest whole of an indicator with the parts that a relation declares for it.

    ``kind`` is ``total`` where the parts should make up the whole, ``subset`` where they need not.
    """
    newest = None
    for whole, parts in _relate(evidence, kind):
        alike = [row for row in parts if row["status"] == whole["status"]]
        if whole["indicator"] == indicator and alike:
            stated, named = evidence.estimate(whole["observation_id"]), _add(evidence, alike)
            slack = float(rounding_unit([whole["value"]])[0]) / 2
            newest = Split(stated, tuple(alike), named, stated - named, slack)
    return newest


def share_within(evidence: Evidence, donor: str) -> tuple[Row, Row, Estimate] | None:
    """Divide a donor's money on one rung by the money on another rung that it is part of.

    Gives (part, whole, share in percent) of the newest such relation that a document states.
    """
    newest = None
    for whole, parts in _relate(evidence, "subset"):
        for part in parts:
            climbed = part["status"] != whole["status"] and part["status"] in RUNGS
            if climbed and part["party"] == whole["party"] == donor:
                ids = [part["observation_id"], whole["observation_id"]]
                smaller, larger = evidence.estimates(ids)
                newest = part, whole, share(smaller, larger)
    return newest


def list_donor(evidence: Evidence, donor: str) -> list[Row]:
    """List the newest figure on each rung of one donor, for the mission and for the trust fund."""
    pots = ("mission_support", "trust_fund_donor")
    rows = [row for row in list_rungs(evidence) if row["party"] == donor]
    return [row for row in rows if row["indicator"] in pots]


def floor_donor(evidence: Evidence, donor: str) -> Estimate | None:
    """Give the least money of one donor that makes its figures on all rungs true together."""
    figures = evidence.estimates(row["observation_id"] for row in list_donor(evidence, donor))
    return max(figures, key=lambda figure: figure.low, default=None)


def find_blocked(evidence: Evidence, donor: str) -> Estimate | None:
    """Give the newest figure for a donor's money that was blocked.

    "A part of the pledge" is a range without a stated value: the pledge is only its upper end.
    """
    rows = select_money(evidence, ["mission_support"], party=donor, status="blocked")
    if rows.empty:
        return None
    figure = evidence.estimate(rows["observation_id"].iloc[-1])
    return figure.hull() if figure.low <= 0 else figure


def plan_strength(evidence: Evidence) -> Estimate | None:
    """Give the planned strength of the whole mission.

    A figure for the whole mission comes first; failing that, the newest document that plans for
    one contributor and for all other countries.
    """
    whole = select_dated(evidence, ["mission_personnel_planned"])
    if not whole.empty:
        return evidence.estimate(whole["observation_id"].iloc[-1])
    rows = select_dated(evidence, ["country_personnel_planned"])
    complete = rows.loc[rows["party"] == _OTHERS, "source_id"]
    if complete.empty:
        return None
    return _add(evidence, keep_latest(rows[rows["source_id"] == complete.iloc[-1]], "party"))


def deploy_strength(evidence: Evidence) -> Estimate | None:
    """Give the strength of the whole mission on the ground by the newest figure."""
    rows = select_dated(evidence, ["mission_personnel_deployed"])
    return None if rows.empty else evidence.estimate(rows["observation_id"].iloc[-1])


def floor_strength(evidence: Evidence) -> list[Estimate]:
    """Turn newer figures for one contingent into floors for the whole mission.

    Only floors above what is already known of the whole are kept.
    """
    whole = select_dated(evidence, ["mission_personnel_deployed"])
    rows = select_dated(evidence, ["country_personnel_deployed"])
    if not whole.empty:
        newest = whole.iloc[-1]
        rows = rows[(rows["day"] > newest["day"]) & (rows["low"] > newest["low"])]
    rows = rows[rows["day"] == rows["day"].max()]
    return [
        Estimate(None, part.low, math.inf, part.unit, part.observations, f"floor({part.formula})")
        for part in evidence.estimates(rows)
    ]


def prepare_officers(evidence: Evidence) -> list[tuple[str, Estimate, Estimate]]:
    """Divide Kenya's requirement by the officers that the same document plans or pledges.

    Gives (status, officers, cost per officer), those planned first, for the newest document that
    states a requirement and officers.
    """
    strengths = select_dated(evidence, ["country_personnel_planned", "country_personnel_pledged"])
    budgets = select_money(evidence, ["kenya_mission_budget"])
    pairs = budgets.merge(strengths, on=["source_id", "party"], suffixes=("", "_officers"))
    pairs = pairs[pairs["source_id"] == pairs["source_id"].iloc[-1]] if len(pairs) else pairs
    costs = []
    for row in keep_latest(pairs, "status_officers"):
        budget, officers = evidence.estimates(
            [row["observation_id"], row["observation_id_officers"]]
        )
        costs.append((row["status_officers"], officers, budget / officers))
    return sorted(costs, key=lambda entry: entry[0] != "planned")


def share(part: Estimate, whole: Estimate) -> Estimate:
    """Give a part as percent of a whole; the two may stand on different rungs."""
    return (part / whole).as_percent()


def _add(evidence: Evidence, rows: Iterable[Row]) -> Estimate:
    return total(evidence.estimates(row["observation_id"] for row in rows))


def _relate(evidence: Evidence, kind: str) -> list[tuple[Row, list[Row]]]:
    """Read the declared relations between sums of money: (whole, parts), oldest first."""
    relations = evidence.identities[evidence.identities["kind"] == kind]
    roles = ["identity_id", "role", "observation_id"]
    terms = select_money(evidence, evidence.indicators["indicator"]).merge(
        relations[roles], on="observation_id"
    )
    pairs = []
    for whole in terms[terms["role"].isin(["total", "whole"])].to_dict(orient="records"):
        same = terms["identity_id"] == whole["identity_id"]
        parts = terms[same & (terms["role"] == "part")]
        pairs.append((whole, parts.to_dict(orient="records")))
    return pairs
