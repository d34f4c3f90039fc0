"""What figures, dates and documents may say about each other.

Two sources that contradict each other are a finding (``mss contradictions``). What one source is
recorded to say against itself is a fault of the recording here, unless ``identities.csv`` relates
the two figures: then the document is known to contradict itself.
"""

from collections.abc import Iterator

import pandas as pd

from mss_analysis.chains import (
    check_ceilings,
    check_origins,
    check_places,
    check_reprints,
    check_uses,
    users_of,
)
from mss_analysis.distinct import is_in, look_up
from mss_analysis.rules import report
from mss_analysis.schema import Table
from mss_analysis.tablefile import Problem
from mss_analysis.wholes import check_parts

# Indicators of money leave the currency to each row.
MONEY = "currency"
# Codes of ISO 4217; three capital letters alone would let USS pass.
CURRENCIES = (
    *("BBD", "BRL", "BSD", "BZD", "CAD", "CHF", "CNY", "DOP", "EUR", "FRF", "GBP", "GTQ", "GYD"),
    *("HTG", "JMD", "JPY", "KES", "KRW", "MXN", "NOK", "QAR", "SEK", "SVC", "TTD", "TWD", "USD"),
    *("XAF", "XCD", "XOF"),
)
# A document may speak of what comes after it in these statuses, or where the note has such a word.
AHEAD = ("planned", "authorised", "pledged", "announced", "required", "appropriated")
AHEAD_WORDS = (
    "projection",
    "plan",
    "planned",
    "target",
    "fiscal year",
    "forecast",
    "announced",
    "expected",
)
Frames = dict[str, pd.DataFrame]
Tables = dict[str, Table]


def search_domain(schema: Tables, frames: Frames) -> list[Iterator[Problem]]:
    """Give the searches for what can't be true, whatever happened in Haiti.

    ``frames`` are what :func:`mss_analysis.rules.read_values` gives; a search whose tables could
    not be read is left out.
    """
    searches = [
        (check_parts, {"observations", "indicators", "places", "qualifiers", "identities"}),
        (_check_measures, {"observations", "indicators"}),
        (_check_foresight, {"observations", "sources"}),
        (check_uses, {"sources", *(name for name, _ in users_of(schema))}),
        (check_reprints, {"sources", "origins"}),
        (check_places, {"places"}),
        (check_ceilings, {"indicators"}),
        (check_origins, {"origins"}),
    ]
    return [search(schema, frames) for search, needed in searches if needed <= set(frames)]


def _check_measures(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """Units, dates and parties of observations must fit their indicator."""
    table, rows, indicators = schema["observations"], frames["observations"], frames["indicators"]

    def told(values: pd.Series, missing: object) -> pd.Series:
        return look_up(rows["indicator"], indicators["indicator"], values, missing)

    def tells(column: str, entry: str) -> pd.Series:
        return told(indicators[column] == entry, False)

    unit = told(indicators["unit"].astype("str"), "")
    is_money, is_known = unit == MONEY, unit != ""
    is_wrong = is_known & ~is_money & (rows["unit"] != unit)
    reasons = "is not the unit of " + rows["indicator"][is_wrong].astype("str")
    reasons += ", which is " + unit[is_wrong]
    yield from report(rows, is_wrong, table, "unit", reasons)
    is_wrong = is_money & ~is_in(rows["unit"], pd.Series(CURRENCIES))
    reason = (
        f"must be a currency of ISO 4217, one of {', '.join(CURRENCIES)}; "
        "another one has to be added in mss_analysis/domain.py"
    )
    yield from report(rows, is_wrong, table, "unit", reason)

    def given(column: str) -> pd.Series:
        return rows[column] != ""

    is_flow, is_stock = tells("measure", "flow"), tells("measure", "stock")
    is_dated = given("as_of") | given("period_start")
    is_share = tells("measure", "share") & (rows["unit"] == "percent")
    value = rows["value as number"]
    for is_wrong, column, words in (
        (
            is_flow & ~given("period_start"),
            "period_start",
            "must be given: {} is a flow over a period",
        ),
        (is_flow & given("as_of"), "as_of", "must be empty: {} is a flow over a period"),
        (is_stock & ~given("as_of"), "as_of", "must be given: {} is a stock at a date"),
        (
            is_stock & given("period_start"),
            "period_start",
            "must be empty: {} is a stock at a date",
        ),
        (is_stock & given("period_end"), "period_end", "must be empty: {} is a stock at a date"),
        (
            is_known & ~is_flow & ~is_stock & ~is_dated,
            "as_of",
            "or a period must be given: {} holds at some time",
        ),
        (
            is_share & ~value.between(0, 100) & value.notna(),
            "value",
            "must lie between 0 and 100: a share of a whole",
        ),
        (
            is_known & tells("party_role", "") & given("party"),
            "party",
            "must be empty: indicators.csv gives {} no party_role",
        ),
    ):
        reasons = rows["indicator"][is_wrong].astype("str").map(words.format)
        yield from report(rows, is_wrong, table, column, reasons)


def _check_foresight(schema: Tables, frames: Frames) -> Iterator[Problem]:
    """No document counts what happens after it, unless it says that it looks ahead."""
    rows, sources = frames["observations"], frames["sources"]
    known = look_up(
        rows["source_id"], sources["source_id"], sources["published as last day"], pd.NaT
    )
    looks_ahead = rows["status"].isin(AHEAD)
    for column in ("period_end", "as_of"):
        late = rows.index[~looks_ahead & (rows[f"{column} as first day"] > known)]
        said = rf"\b(?:{'|'.join(AHEAD_WORDS)})s?\b"
        is_said = rows.loc[late, "note"].str.contains(said, case=False)
        for line in late[~is_said]:
            reason = (
                f"lies after {known[line]:%Y-%m-%d}, by which its source was published; mend it, "
                f"use a status that looks ahead ({', '.join(AHEAD)}), or say in the note that the "
                f"figure does, with one of the words {', '.join(AHEAD_WORDS)}"
            )
            value = rows.at[line, column]
            yield Problem(schema["observations"].path, int(line), column, value, reason)
