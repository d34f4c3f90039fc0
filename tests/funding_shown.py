"""What the funding notebook shows, for tests that look at all of it."""

from mss_analysis import funding
from mss_analysis.funding import (
    aid,
    concentration,
    currency,
    donor,
    freeze,
    fund,
    kenya,
    officer_month,
    runway,
    unit_cost,
)

US = "United States"


def show_all(evidence):
    """Show every exhibit of a vintage."""
    return [
        funding.climb_ladder(evidence),
        currency.list_currencies(evidence),
        currency.list_rates(evidence),
        fund.follow_balance(evidence),
        fund.check_trust_fund(evidence),
        fund.follow_donors(evidence),
        concentration.weigh_donors(evidence),
        runway.measure_runway(evidence),
        runway.grid_runway(evidence),
        runway.slide_runway(evidence),
        freeze.span_freezes(evidence),
        donor.follow_donor(evidence, US),
        donor.list_totals(evidence, US),
        unit_cost.price_person(evidence),
        officer_month.compare_missions(evidence),
        kenya.explain_preparation(evidence),
        kenya.trace_public_money(evidence),
        aid.compare_aid(evidence),
    ]
