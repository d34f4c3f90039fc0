"""Funding: what the mission needs, what was promised, and what was paid in."""

from collections.abc import Sequence

from mss_analysis import funding_text as words
from mss_analysis import money
from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate, UnitError, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import NOTHING_KNOWN, Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import (
    Prose,
    Text,
    bare,
    cite,
    compose,
    enumerate_parts,
    join,
    moment,
    name,
    say,
)

_DOLLARS = "US dollars"


def climb_ladder(evidence: Evidence) -> Exhibit:
    """Show the newest figure for every donor, pot and rung, from the requirement to the payment."""
    ladder = money.list_rungs(evidence)
    rows = [
        {
            "Money": _name_money(row),
            "Amount": evidence.estimate(row["observation_id"]),
            "Rung": money.RUNGS[row["status"]],
            "For": money.POTS[row["indicator"]],
            "Stated": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in ladder
    ]
    return exhibit(
        evidence,
        "funding-ladder",
        "How much was required, promised, released and paid in, and by whom?",
        _conclude(rows, words.weigh_deposits(evidence), words.weigh_provided(evidence)),
        rows,
        _draw(evidence, rows, "Amount", _DOLLARS),
        _note(
            compose(
                "Each line is the newest figure of its kind. Rungs are never added: a dollar that "
                "was pledged, authorised and deposited would be counted three times."
            ),
            words.warn_of_dollars(evidence, ladder),
        ),
    )


def check_trust_fund(evidence: Evidence) -> Exhibit:
    """Show what each donor paid into the trust fund, and whether the parts make the total."""
    split = money.split_whole(evidence, "trust_fund_total", "total")
    rows: list[Row] = []
    if split is not None:
        figures = {row["party"]: evidence.estimate(row["observation_id"]) for row in split.parts}
        rows = [
            {"Donor": name(donor), "Deposited": figure, "Share": money.share(figure, split.named)}
            for donor, figure in sorted(figures.items(), key=lambda part: -part[1].low)
        ]
        rows.append({"Donor": "Donors added up", "Deposited": split.named, "Share": None})
        rows.append({"Donor": "Total as stated", "Deposited": split.whole, "Share": None})
    return exhibit(
        evidence,
        "trust-fund",
        "Do the deposits in the trust fund add up to its stated total?",
        _conclude(rows, words.judge_total(evidence)),
        rows,
        _draw(evidence, rows, "Deposited", f"{_DOLLARS}, deposited"),
        compose(
            "A gap counts as rounding when it is at most half a unit of the last digit that the "
            "total states. Shares are shares of the donors' sum."
        ),
    )


def explain_preparation(evidence: Evidence) -> Exhibit:
    """Show Kenya's requirement, its named components and what they leave unexplained."""
    split = money.split_whole(evidence, "kenya_mission_budget", "subset")
    rows: list[Row] = []
    if split is not None:
        parts = [
            (row["population"] or "other", evidence.estimate(row["observation_id"]))
            for row in sorted(split.parts, key=lambda row: -row["low"])
        ]
        rows = [
            {
                "Component": name(what[:1].upper() + what[1:]),
                "Required": figure,
                "Share": money.share(figure, split.whole),
            }
            for what, figure in [*parts, ("no component named", split.rest)]
        ]
    return exhibit(
        evidence,
        "kenya-preparation",
        "What was Kenya's requirement for, and what do its components leave unexplained?",
        _conclude(rows, words.name_remainder(evidence)),
        rows,
        _draw(evidence, rows, "Required", f"{_DOLLARS}, required"),
        compose(
            "The document introduces the components with “including”: the report that it cites may "
            "name the others. A remainder is not money that went missing."
        ),
    )


def measure_runway(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show how long the money on each rung would pay for the mission at its yearly cost."""
    cost = money.cost_year(evidence, cost_factor)
    purses = money.fill_purses(evidence) if cost is not None else []
    rows: list[Row] = []
    for purse in purses:
        months = money.last_months(purse.amount, cost)
        rows.append(
            {
                "Money": f"{money.RUNGS[purse.status]}, {money.POTS[purse.pot]}".capitalize(),
                "Amount": purse.amount,
                "Months": months,
                "Days": money.last_days(months),
                "Donors": name(", ".join(row["party"] for row in purse.rows if row["party"])),
                "Source": cite(evidence, purse.amount.observations),
            }
        )
    return exhibit(
        evidence,
        "runway",
        "How long would the money on each rung pay for the mission?",
        _conclude(
            rows,
            words.last_deposits(evidence, cost_factor),
            words.last_pledges(evidence, cost),
        ),
        rows,
        _draw(evidence, rows, "Months", "Months of operation"),
        _note(
            compose(
                "Only figures of one rung and one pot are added. The time is what the money would "
                "buy at the full cost, counted from nothing: what was spent before is not stated."
            ),
            words.warn_of_dollars(evidence, [row for purse in purses for row in purse.rows]),
        ),
    )


def price_person(evidence: Evidence, cost_factor: float = 1.0) -> Exhibit:
    """Show yearly cost per person planned and deployed, and Kenya's preparation per officer."""
    cost = money.cost_year(evidence, cost_factor)
    strengths = [
        ("planned", money.plan_strength(evidence)),
        ("deployed", money.deploy_strength(evidence)),
        *(("deployed", floor) for floor in money.floor_strength(evidence)),
    ]
    heads = [
        ("one year of the mission", status, strength, cost / strength)
        for status, strength in strengths
        if strength is not None and cost is not None
    ]
    heads += [("preparation in Kenya", *head) for head in money.prepare_officers(evidence)]
    rows = [
        {
            "Divided by": compose(
                "{strength} {status}, {purpose}",
                strength=bare(strength),
                status=status,
                purpose=purpose,
            ),
            "Dollars per person": each,
            "Source": cite(evidence, each.observations),
        }
        for purpose, status, strength, each in heads
    ]
    answer = _conclude(
        rows,
        words.price_year(evidence, cost),
        words.cap_price(evidence, cost),
        words.price_preparation(evidence),
    )
    return exhibit(
        evidence,
        "cost-per-person",
        "What does the mission cost per person planned and per person deployed?",
        answer,
        rows,
        _draw(evidence, rows, "Dollars per person", f"{_DOLLARS} per person"),
        compose(
            "The documents do not say for what strength the yearly cost was estimated. A count of "
            "one contingent is a floor for the mission, so the quotient is a ceiling. The "
            "preparation is of the Kenyan contingent only."
        ),
    )


def follow_donor(evidence: Evidence, donor: str) -> Exhibit:
    """Show one donor's money on every rung, side by side, with what was blocked."""
    ladder = money.list_donor(evidence, donor)
    rows = [
        {
            "Rung": f"{money.RUNGS[row['status']]}, {money.POTS[row['indicator']]}".capitalize(),
            "Amount": evidence.estimate(row["observation_id"]),
            "Stated": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in ladder
    ]
    blocked = money.find_blocked(evidence, donor)
    if blocked is not None:
        rows.append(
            {
                "Rung": "Blocked",
                "Amount": blocked,
                "Stated": "amount not stated" if blocked.low <= 0 else "amount stated",
                "Source": cite(evidence, blocked.observations),
            }
        )
    sentences = (
        words.tell_rungs(evidence, donor),
        words.tell_cleared(evidence, donor),
        words.tell_blocked(evidence, donor),
    )
    return exhibit(
        evidence,
        "donor-rungs",
        f"How far did one donor's money get ({donor})?",
        _conclude(rows, *sentences),
        rows,
        _draw(evidence, rows, "Amount", _DOLLARS),
        _note(
            compose(
                "The rungs may hold the same dollars. Where a document does not say that one sum "
                "is part of another, this is left open."
            ),
            words.warn_of_dollars(evidence, ladder),
        ),
    )


def try_adding(evidence: Evidence, donor: str) -> Prose:
    """Try to add one donor's money across rungs, and show why these pages never do."""
    rows = money.list_donor(evidence, donor)
    figures = evidence.estimates(row["observation_id"] for row in rows)
    if not figures:
        return say(evidence, NOTHING_KNOWN)
    try:
        outcome = compose("{donor}: {sum}.", donor=name(donor), sum=total(figures))
    except UnitError:
        outcome = compose(
            "{figures} are not added, since they stand on different rungs ({rungs}). The largest "
            "of them, {floor}, is the least that makes all of them true.",
            figures=enumerate_parts(figures),
            rungs=enumerate_parts(list(dict.fromkeys(money.RUNGS[row["status"]] for row in rows))),
            floor=money.floor_donor(evidence, donor),
        )
    return say(evidence, _note(outcome, words.warn_of_dollars(evidence, rows)))


def findings(
    evidence: Evidence, donor: str = "United States", cost_factor: float = 1.0
) -> list[Finding]:
    """Conclude from the money; only what is known on the day appears."""
    found = []

    def add(slug: str, label: str, figure: Estimate, text: Text | None, headline: bool) -> None:
        if text is not None:
            found.append(Finding(f"funding.{slug}", label, figure, text, headline))

    deposits, cost = money.find_deposits(evidence), money.cost_year(evidence, cost_factor)
    if deposits is not None and cost is not None:
        days = money.last_days(money.last_months(deposits.amount, cost))
        text = words.last_deposits(evidence, cost_factor)
        add("runway", "Time that the deposits would pay for", days, text, True)
    covered = money.cover_requirement(evidence)
    if covered is not None:
        text = words.weigh_provided(evidence)
        add("provided", "Share of the required money provided", covered[-1], text, True)
    fund = money.split_whole(evidence, "trust_fund_total", "total")
    if fund is not None:
        text = words.judge_total(evidence)
        add("trust-fund-gap", "Stated total less donors named", fund.rest, text, False)
    budget = money.split_whole(evidence, "kenya_mission_budget", "subset")
    if budget is not None:
        text = words.name_remainder(evidence)
        label = "Kenya's requirement without a component named"
        add("kenya-remainder", label, budget.rest, text, False)
    part = money.share_within(evidence, donor)
    if part is not None:
        text = words.tell_cleared(evidence, donor)
        add("cleared", "Share that had been cleared", part[-1], text, False)
    strength = money.deploy_strength(evidence) or money.plan_strength(evidence)
    if strength is not None and cost is not None:
        text = words.price_year(evidence, cost)
        add("cost-per-person", "Yearly cost per person", cost / strength, text, False)
    heads = money.prepare_officers(evidence)
    if heads:
        text = words.price_preparation(evidence)
        add("preparation-per-officer", "Preparation per officer", heads[0][-1], text, False)
    return found


def _name_money(row: money.Row) -> Text:
    """Name a figure of the ladder in few words: whose money, on which rung."""
    who = row["party"] or ("Mission" if row["status"] == "required" else "All donors")
    narrower = {
        "mission_cost_annual": ", one year",
        "trust_fund_donor": ", fund",
        "trust_fund_total": ", fund",
    }
    return compose(
        "{who}: {rung}{pot}",
        who=name(who),
        rung=money.RUNGS[row["status"]],
        pot=narrower.get(row["indicator"], ""),
    )


def _conclude(rows: Sequence[Row], *sentences: Text | None) -> Text:
    """Join the sentences that can be said; without rows nothing is known."""
    known = [sentence for sentence in sentences if sentence is not None]
    if not rows:
        return NOTHING_KNOWN
    if known:
        return join(known)
    column, figure = next(
        (column, cell) for column, cell in rows[-1].items() if isinstance(cell, Estimate)
    )
    return compose("{column}: {figure}.", column=column, figure=figure)


def _note(*sentences: Text | None) -> Text:
    return join(sentence for sentence in sentences if sentence is not None)


def _draw(evidence: Evidence, rows: Sequence[Row], figure: str, axis: str) -> object:
    """Draw one line a row, named by the first column."""
    if not rows:
        return None
    return draw_intervals(flatten(evidence, rows), next(iter(rows[0])), figure, axis)
