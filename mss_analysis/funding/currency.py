"""Currency: money told in other currencies than the dollar, and the rates that pages use.

Nothing is converted. Where one page gives one sum in two currencies, their ratio is the rate that
the page used; it is shown, and no figure is worked out with it.
"""

from typing import Any

import pandas as pd

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.money import (
    CURRENCY,
    POTS,
    RUNGS,
    doubt_currency,
    list_rungs,
    name_payer,
    name_rung,
    select_dated,
    select_money,
)
from mss_analysis.funding.scopes import tell_scope
from mss_analysis.language import mark, tell
from mss_analysis.prose import (
    Text,
    cite,
    compose,
    compose_plural,
    enumerate_parts,
    moment,
    name,
)

NAMES = {
    "USD": mark("US dollars"),
    "CAD": mark("Canadian dollars"),
    "EUR": mark("euros"),
    "KES": mark("Kenyan shillings"),
    "HTG": mark("Haitian gourdes"),
}
_PAIRED, _STATED = mark("from two sums"), mark("stated")
_PAIR = ["source_id", "indicator", "party", "population", "status", "day"]
_RATES = "stated_exchange_rate"


def list_currencies(evidence: Evidence) -> Exhibit:
    """Show the newest figure of every donor, pot and rung in each other currency."""
    ladder = [row for row in list_rungs(evidence, None) if row["unit"] != CURRENCY]
    ladder += _additions(evidence)
    doubtful = doubt_currency(evidence)
    rows: list[Row] = [
        {
            "Money": _label(row),
            "Currency": NAMES.get(row["unit"], row["unit"]),
            "Amount": evidence.estimate(row["observation_id"]),
            "Stated": moment(row),
            "Doubt": mark("same number told in another currency")
            if row["observation_id"] in doubtful
            else "",
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in sorted(ladder, key=lambda row: (row["unit"], row["party"], row["day"]))
    ]
    units = sorted({row["unit"] for row in ladder})
    answer, headline = nothing_known(), None
    if rows:
        count = Estimate.count([row["observation_id"] for row in ladder], "sums")
        answer = compose(
            "Documents state {count} of money for the mission in {currencies}.",
            count=count,
            currencies=enumerate_parts([name(NAMES.get(unit, unit)) for unit in units]),
        )
        headline = compose_plural(
            "{count} is told in another currency, or on top of earlier money",
            "{count} are told in other currencies, or on top of earlier money",
            by="count",
            count=count,
        )
    return exhibit(
        evidence,
        "other-currencies",
        tell("Which sums do documents give in other currencies, or on top of earlier ones?"),
        answer,
        rows,
        None,
        compose(
            "A table without a chart: sums in different currencies have no common axis. Many of "
            "them repeat sums that other pages give in US dollars, so they are never added to "
            "those. What comes on top of earlier money is no total of its donor, and stands here "
            "in every currency."
        ),
        headline=headline,
        subtitle=tell("Newest figure for each donor, pot and rung, in the currency told"),
    )


def list_rates(evidence: Evidence) -> Exhibit:
    """Show the exchange rate that each page used, where it gives one sum in two currencies."""
    rows: list[Row] = [
        {
            "Told for": compose("{day}: {kind}", day=moment(row), kind=name(kind)),
            "To the dollar": rate,
            "Currency": NAMES.get(unit, unit),
            "Source": cite(evidence, rate.observations),
        }
        for unit, row, rate, kind in find_rates(evidence)
    ]
    shillings = [row for row in rows if row["Currency"] == NAMES["KES"]]
    answer = compose("No page gives a sum in both Kenyan shillings and US dollars.")
    headline, span = None, span_rates(evidence)
    if span is not None:
        answer = _state_rates(span)
        headline = compose("Pages reckon with {span}", span=span)
    return exhibit(
        evidence,
        "exchange-rates",
        tell("At which rates do pages give one sum in two currencies?"),
        answer if rows else nothing_known(),
        rows,
        draw_intervals(
            flatten(evidence, shillings),
            "Told for",
            "To the dollar",
            tell("Kenyan shillings to the dollar"),
            wrap=False,
        )
        if shillings
        else None,
        compose(
            "A rate is worked out from the two sums as printed, with their wording's bounds; "
            "where a page states a rate outright, that stands too. Nothing on this site is "
            "converted by any of them: the table shows how far a conversion would move a figure."
        ),
        headline=headline,
        subtitle=tell("Rates of pages that give one sum in Kenyan shillings and in US dollars"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude at which rates pages turn shillings into dollars."""
    span = span_rates(evidence)
    if span is None:
        return []
    label = tell("Kenyan shillings to the dollar, by pages that give one sum in both")
    return [Finding("funding.exchange-rate", label, span, _state_rates(span))]


def span_rates(evidence: Evidence) -> Estimate | None:
    """Span the rates of pages that give a sum in Kenyan shillings and US dollars."""
    rates = [rate for unit, _, rate, _ in find_rates(evidence) if unit == "KES"]
    return rates[0].hull(*rates[1:]) if rates else None


def _state_rates(span: Estimate) -> Text:
    return compose(
        "Pages that give a sum in Kenyan shillings and US dollars reckon with {span}.", span=span
    )


def find_rates(evidence: Evidence) -> list[tuple[str, dict[str, Any], Estimate, str]]:
    """Find rates: (currency, row, units to the dollar, how it is known), by currency and day."""
    money = evidence.indicators.loc[evidence.indicators["unit"] == "currency", "indicator"]
    rows = select_money(evidence, money, None, None)
    dollars = rows[rows["unit"] == CURRENCY]
    others = rows[rows["unit"] != CURRENCY]
    # Empty columns have no type by which they could be matched.
    both = not dollars.empty and not others.empty
    pairs = others.merge(dollars, on=_PAIR, suffixes=("", "_usd")) if both else others.iloc[:0]
    found = []
    for row in pairs.drop_duplicates(["observation_id"]).to_dict(orient="records"):
        mine, usd = evidence.estimates([row["observation_id"], row["observation_id_usd"]])
        if pd.notna(row["value"]) and usd.low > 0:
            rate = mine / usd
            found.append((row["unit"], row, rate, _PAIRED))
    for row in select_dated(evidence, [_RATES]).to_dict(orient="records"):
        stated = evidence.estimate(row["observation_id"])
        rate = Estimate(
            stated.value, stated.low, stated.high, "KES/USD", stated.observations, stated.formula
        )
        found.append(("KES", row, rate, _STATED))
    return sorted(found, key=lambda entry: (entry[0], entry[1]["day"]))


def _additions(evidence: Evidence) -> list[dict[str, Any]]:
    """The sums that come on top of others, or are limited otherwise, each number once."""
    rows = select_money(evidence, ["trust_fund_donor", "mission_support"], None, None)
    rows = rows[(rows["population"] != "") & rows["status"].isin(RUNGS)]
    # Pages that date one announcement differently tell one sum.
    firsts = rows.drop_duplicates(["indicator", "party", "population", "status", "unit", "value"])
    return firsts.to_dict(orient="records")


def _label(row: dict[str, Any]) -> Text:
    parts = {
        "who": name(name_payer(row)),
        "rung": name_rung(row["status"]),
        "pot": name(POTS[row["indicator"]]),
    }
    if not row["population"]:
        return compose("{who}: {rung}, {pot}", **parts)
    return compose("{who}: {rung}, {pot} ({scope})", scope=tell_scope(row["population"]), **parts)
