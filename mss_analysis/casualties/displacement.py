"""Displacement: a stock at a date, and what may not be compared with it."""

import pandas as pd

from mss_analysis.casualties.readings import name_origins
from mss_analysis.casualties.stocks_chart import draw_dated
from mss_analysis.claims import Claim, choose_rounds, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Part, Text, bare, compose, join, when

STOCK, SINCE = mark("displaced at that date"), mark("displaced since a date")
_KINDS = {"idp_total": STOCK, "displaced": SINCE}
# The IOM counts displaced people in rounds.
_COUNTED_BY = "IOM"


def trace_displacement(evidence: Evidence) -> Exhibit:
    """Show displaced people over time: stocks at a date, and counts since a date."""
    claims = _claim_displaced(evidence)
    rounds = choose_rounds([claim for claim in claims if _is_round(claim)])
    dated: list[tuple[pd.Timestamp, bool, Row]] = [
        (claim.day, claim in rounds, _describe(evidence, claim)) for claim in claims
    ]
    base = displaced_before(evidence)
    if base is not None:
        month = _month_before(evidence)
        row: Row = {
            "Date": month,
            "Displaced": base,
            "Kind": STOCK,
            "Origins": mark("derived"),
            "Statements": mark("derived"),
            "Source": compose("level less change"),
        }
        dated.append((evidence.select("idp_change")["period_start"].iloc[0], False, row))
    dated.sort(key=lambda entry: entry[0])
    # Rounds are counted; where there are none, statements have to do.
    stocks = [row for _, is_round, row in dated if row["Kind"] == STOCK and is_round] or [
        row for _, _, row in dated if row["Kind"] == STOCK
    ]
    answer = headline = None
    if stocks:
        headline = _tell_latest(stocks[-1]["Displaced"], stocks[-1]["Date"], bool(rounds))
        answer = compose(
            mark(
                "The earliest known round of the International Organization for Migration counted "
                "{first} ({first_day}), the latest {last} ({last_day})."
            )
            if rounds
            else mark(
                "The earliest known stock is {first} ({first_day}), the latest {last} ({last_day})."
            ),
            first=stocks[0]["Displaced"],
            first_day=stocks[0]["Date"],
            last=stocks[-1]["Displaced"],
            last_day=stocks[-1]["Date"],
        )
        if rounds:
            answer = join([answer, *_tell_later(claims, rounds[-1])])
    elif dated:
        answer = headline = compose("No stock of displaced people is known on this day.")
    return exhibit(
        evidence,
        "displacement",
        tell("How many people were displaced, and when?"),
        answer,
        [row for _, _, row in dated],
        draw_dated(evidence, dated, "Displaced", tell("Displaced people")),
        compose(
            "Steps: rounds of the International Organization for Migration, the best dated "
            "statement of each month; between two rounds nobody counted, and the step only holds "
            "the place. A pale band has no upper limit. Rings: what others say, and what is "
            "derived. A stock at a date and a count since a date are different things, and neither "
            "may be added to the other. “By” a day means no later than it: the document gives no "
            "date, and its own stands in."
        ),
        headline,
        tell("Displaced people in Haiti, by date and by who counted"),
    )


def displaced_before(evidence: Evidence) -> Estimate | None:
    """Derive the earlier stock from a later one and the stated change between them.

    Only where no document states the earlier stock itself.

    >>> import mss_analysis as mss
    >>> displaced_before(mss.load(corpus="seed"))
    Estimate(between 355,000 and 365,000 people)
    """
    for _, terms in evidence.relations("change"):
        if "base" not in terms:
            return terms["level"] - terms["change"]
    return None


def conclude(evidence: Evidence) -> list[Finding]:
    """Conclude how many people were displaced."""
    found = []
    base = displaced_before(evidence)
    if base is not None:
        text = compose(
            "The stated rise in displacement implies that {base} were living displaced in {month}.",
            base=base,
            month=_month_before(evidence),
        )
        label = tell("People displaced before the stated rise")
        found.append(Finding("casualties.displaced-before", label, base, text))
    claims = _claim_displaced(evidence)
    rounds = choose_rounds([claim for claim in claims if _is_round(claim)])
    stocks = rounds or [claim for claim in claims if _is_stock(claim)]
    for claim in stocks[-1:]:
        text = _tell_latest(claim.figure, claim.moment, bool(rounds))
        label = tell("Displaced people")
        found.append(Finding("casualties.displaced", label, claim.figure, text, True))
    return found


def _tell_latest(figure: Part, day: Part, is_round: bool) -> Text:
    return compose(
        mark(
            "The latest known round of the International Organization for Migration counted "
            "{figure} displaced ({day})."
        )
        if is_round
        else mark("The latest known stock of displaced people is {figure} ({day})."),
        figure=figure,
        day=day,
    )


def _tell_later(claims: list[Claim], last: Claim) -> list[Text]:
    """Say what others state of days after the last round."""
    later = [claim for claim in claims if claim.day > last.day and _is_stock(claim)]
    if not later:
        return []
    ids = [entry for claim in later for entry in claim.ids]
    figures = sorted((claim.figure for claim in later), key=lambda figure: figure.low)
    return [
        compose(
            "Of later days there are {statements}, from {least} to {most}.",
            statements=Estimate.count(ids, "statements"),
            least=bare(figures[0]),
            most=bare(figures[-1]),
        )
    ]


def _claim_displaced(evidence: Evidence) -> list[Claim]:
    """Group statements on displaced people in the whole country, in order of time."""
    return group_claims(evidence, evidence.select(_KINDS, place="Haiti", population=""))


def _is_round(claim: Claim) -> bool:
    return _is_stock(claim) and _COUNTED_BY in claim.origins


def _is_stock(claim: Claim) -> bool:
    return _KINDS[claim.row["indicator"]] == STOCK


def _describe(evidence: Evidence, claim: Claim) -> Row:
    return {
        "Date": claim.moment,
        "Displaced": claim.figure,
        "Kind": _KINDS[claim.row["indicator"]],
        "Origins": name_origins(claim.origins),
        "Statements": claim.statements,
        "Source": claim.cite(evidence),
    }


def _month_before(evidence: Evidence) -> Text:
    return when(evidence.select("idp_change")["period_start"].iloc[0].strftime("%Y-%m"))
