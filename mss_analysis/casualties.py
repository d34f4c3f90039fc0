"""Casualties: how many people were killed, injured and displaced, and who says so."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from mss_analysis.charts import draw_envelope, draw_intervals, draw_levels
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, moment, when
from mss_analysis.reconcile import read_timeline

NOTHING = "No document known on this day states a figure on this question."
_DAY = timedelta(days=1)
_SIDES = ("", "_low", "_high")


def compare_tolls(evidence: Evidence, year: int) -> Exhibit:
    """Show every stated number of people killed in a year, floor by floor."""
    figures = _killed_in(evidence, year)
    rows = [
        {
            "Source": cite(evidence, [row["observation_id"]]),
            "Counted": moment(row),
            "Killed": evidence.estimate(row["observation_id"]),
            "By": row["party"] or "anybody",
            "Origin": row["attributed_to"] or "not named",
        }
        for row in figures
    ]
    chart = rows and draw_intervals(flatten(evidence, rows), "Source", "Killed", "People killed")
    toll = whole_year(evidence, year)
    if not rows or toll is None:
        answer = Text(NOTHING, NOTHING)
    else:
        stated = evidence.estimates(pd.DataFrame(figures))
        template = (
            "In {year} the stated figures run from {least} to {most}. They stop counting on "
            "different days; taken together they say that {toll} were killed."
            if len(stated) > 1
            else "The one figure known for {year} is {most}; {toll} were killed in the whole year."
        )
        answer = compose(
            template,
            year=when(str(year)),
            least=bare(stated[0]),
            most=bare(stated[-1]),
            toll=toll,
        )
    return exhibit(
        evidence,
        "toll-by-source",
        f"How many people were killed in {year}, and who says so?",
        answer,
        rows,
        chart,
        compose(
            "An arrow means that the wording sets no upper limit. A count of people killed by "
            "gangs is a floor for all people killed."
        ),
    )


def accumulate_deaths(evidence: Evidence, year: int) -> Exhibit:
    """Show the cumulative toll from the first of January, with the envelope of all figures."""
    first = date(year, 1, 1)
    timeline = read_timeline(evidence, "killed")
    steps = [
        (day, figure)
        for day, figure in timeline.envelope(first)
        if day <= date(year + 1, 1, 1) and figure.observations
    ]
    rows: list[Row] = [
        {"Until": when((day - _DAY).isoformat()), "Killed so far": figure} for day, figure in steps
    ]
    frame = flatten(evidence, rows)
    if rows:
        # The chart needs dates, where the table has words, and a beginning at nothing.
        frame["Until"] = [(day - _DAY).isoformat() for day, _ in steps]
        start = frame.iloc[[0]].assign(**{f"Killed so far{side}": 0.0 for side in _SIDES})
        start = start.assign(Until=first.isoformat(), **{"Killed so far_text": "none yet"})
        frame = pd.concat([start, frame], ignore_index=True)
        day, figure = steps[-1]
        answer = compose(
            "By {day} {toll} had been killed since {start}.",
            day=when((day - _DAY).isoformat()),
            toll=figure,
            start=when(first.isoformat()),
        )
    else:
        answer = Text(NOTHING, NOTHING)
    chart = draw_envelope(frame, "Until", "Killed so far", "People killed") if rows else None
    return exhibit(
        evidence,
        "cumulative-deaths",
        f"How did the toll of {year} grow, by all figures together?",
        answer,
        rows,
        chart,
        compose(
            "The line is the smallest count that satisfies every figure. Where the band is pale, "
            "no figure sets an upper limit: it may be any larger number."
        ),
    )


def compare_rates(evidence: Evidence, year: int) -> Exhibit:
    """Show deaths per day between the dates that the figures name."""
    rows = [
        {
            "Period": compose(
                "{start} to {end}",
                start=when(start.isoformat()),
                end=when((stop - _DAY).isoformat()),
            ),
            "Killed": count,
            "Killed per day": rate,
        }
        for start, stop, count, rate in daily_rates(evidence, year)
    ]
    answer = Text(NOTHING, NOTHING)
    if rows:
        first, last = rows[0], rows[-1]
        answer = compose(
            "From {first}, {rate} were killed.",
            first=first["Period"],
            rate=first["Killed per day"],
        )
        if len(rows) > 1:
            answer = compose(
                "From {first}, {rate} were killed; from {last}, {later}.",
                first=first["Period"],
                rate=first["Killed per day"],
                last=last["Period"],
                later=last["Killed per day"],
            )
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Period", "Killed per day", "People killed per day"
    )
    return exhibit(
        evidence,
        "rate-per-day",
        f"How many people were killed per day, between the dates that figures of {year} name?",
        answer,
        rows,
        chart,
        compose(
            "A stretch between two floors can be anything from nothing: the deaths that the later "
            "floor adds may have happened before it began."
        ),
    )


def trace_displacement(evidence: Evidence) -> Exhibit:
    """Show displaced people over time: stocks at a date, and counts since January."""
    kinds = {"idp_total": "displaced at that date", "displaced": "displaced since January"}
    rows, days = [], []
    for row in evidence.select(kinds).to_dict(orient="records"):
        rows.append(
            {
                "Source": cite(evidence, [row["observation_id"]]),
                "Date": moment(row),
                "Displaced": evidence.estimate(row["observation_id"]),
                "Kind": kinds[row["indicator"]],
            }
        )
        days.append(row["as_of"] if pd.notna(row["as_of"]) else row["period_end"])
    base = displaced_before(evidence)
    if base is not None:
        march = evidence.select("idp_change")["period_start"].iloc[0]
        rows.insert(
            0,
            {
                "Source": compose("derived: level less change"),
                "Date": when(march.strftime("%Y-%m")),
                "Displaced": base,
                "Kind": kinds["idp_total"],
            },
        )
        days.insert(0, march)
    frame = flatten(evidence, rows).assign(day=[f"{day:%Y-%m-%d}" for day in days])
    answer = Text(NOTHING, NOTHING)
    if rows:
        order = sorted(range(len(rows)), key=lambda index: days[index])
        answer = compose(
            "The earliest figure is {first} ({first_day}), the latest {last} ({last_day}).",
            first=rows[order[0]]["Displaced"],
            first_day=rows[order[0]]["Date"],
            last=rows[order[-1]]["Displaced"],
            last_day=rows[order[-1]]["Date"],
        )
    chart = rows and draw_levels(frame, "day", "Displaced", "Displaced people", "Kind")
    return exhibit(
        evidence,
        "displacement",
        "How many people were displaced, and when?",
        answer,
        rows,
        chart,
        compose(
            "A stock at a date and a count since January are different things, and neither may be "
            "added to the other. Where a document gives no date, its own date stands in."
        ),
    )


def compare_hunger(evidence: Evidence) -> Exhibit:
    """Show how many people go hungry by each statement; shares become people by the population."""
    population = _single(evidence, "population")
    rows = []
    for row in evidence.select(["ipc3plus_share", "ipc3plus", "hunger_affected"]).to_dict(
        orient="records"
    ):
        figure = evidence.estimate(row["observation_id"])
        if row["indicator"] == "ipc3plus_share":
            if population is None:
                continue
            figure = figure / Estimate.stated(100, "percent") * population
        rows.append(
            {
                "Source": cite(evidence, [row["observation_id"]]),
                "Date": moment(row),
                "Stated": evidence.estimate(row["observation_id"]),
                "People": figure,
            }
        )
    answer = Text(NOTHING, NOTHING)
    if rows:
        answer = compose(
            "By the statements known on this day, {span} were going hungry; the definitions differ "
            "and part of the gap may come from that.",
            span=rows[0]["People"].hull(*(row["People"] for row in rows[1:])),
        )
    chart = rows and draw_intervals(flatten(evidence, rows), "Source", "People", "People in hunger")
    return exhibit(
        evidence,
        "hunger",
        "How many people go hungry, and do the documents agree?",
        answer,
        rows,
        chart,
        compose(
            "A share of the population becomes a number of people by the population that one of "
            "the documents states. Acute food insecurity and a hunger crisis may not be one thing."
        ),
    )


def count_children(evidence: Evidence) -> Exhibit:
    """Show children killed and injured, as counted."""
    labels = {"children_killed": "Killed", "children_injured": "Maimed or injured"}
    rows = [
        {
            "What": labels[row["indicator"]],
            "Children": evidence.estimate(row["observation_id"]),
            "Counted": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in evidence.select(labels).to_dict(orient="records")
    ]
    answer = Text(NOTHING, NOTHING)
    if rows:
        answer = compose(
            "{killed} were killed; the count covers {period}.",
            killed=bare(rows[0]["Children"]) if rows[0]["What"] == "Killed" else "None",
            period=rows[0]["Counted"],
        )
        answer = compose("Children: {sentence}", sentence=answer)
    chart = rows and draw_intervals(flatten(evidence, rows), "What", "Children", "Children")
    return exhibit(
        evidence,
        "children-harmed",
        "How many children were killed or maimed?",
        answer,
        rows,
        chart,
        compose("Verified cases are a floor: what nobody could verify is not in them."),
    )


def compare_minors(evidence: Evidence) -> Exhibit:
    """Show the share of gang members who are children, by statement."""
    rows = [
        {
            "Source": cite(evidence, [row["observation_id"]]),
            "Share": evidence.estimate(row["observation_id"]),
            "Origin": row["attributed_to"] or "not named",
        }
        for row in evidence.select("gang_minors_share").to_dict(orient="records")
    ]
    answer = Text(NOTHING, NOTHING)
    if rows:
        narrowest = min((row["Share"] for row in rows), key=lambda share: share.high - share.low)
        answer = compose(
            "The narrowest statement is {share}; the others set a ceiling only and agree with it.",
            share=narrowest,
        )
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Source", "Share", "Share of gang members, percent"
    )
    return exhibit(
        evidence,
        "children-in-gangs",
        "What share of gang members are children?",
        answer,
        rows,
        chart,
        compose("“Up to half” is a ceiling, not half."),
    )


def imply_earlier(evidence: Evidence) -> Exhibit:
    """Show what a stated growth implies for the period before it."""
    rows = [
        {
            "Statement": cite(evidence, change.observations),
            "Growth": change,
            "Killed in the period": level,
            "Killed in the period before": before,
        }
        for _, level, change, before in growth_bases(evidence)
    ]
    answer = Text(NOTHING, NOTHING)
    if rows:
        answer = compose(
            "A stated rise of {growth} puts the deaths of the period before at {before}.",
            growth=rows[-1]["Growth"],
            before=bare(rows[-1]["Killed in the period before"]),
        )
    chart = rows and draw_intervals(
        flatten(evidence, rows),
        "Statement",
        "Killed in the period before",
        "People killed in the period before, implied",
    )
    return exhibit(
        evidence,
        "implied-earlier",
        "What do the stated increases imply for the period before?",
        answer,
        rows,
        chart,
        compose(
            "A floor that grew by more than a stated share implies nothing about what it grew "
            "from: both ends stay open."
        ),
    )


def findings(evidence: Evidence, year: int = 2024) -> list[Finding]:
    """Conclude from the casualty figures; only what is known on the day appears."""
    found = []
    toll = whole_year(evidence, year)
    if toll is not None:
        text = compose(
            "In {year}, {toll} were killed, by all figures known together.",
            year=when(str(year)),
            toll=toll,
        )
        found.append(
            Finding(f"casualties.toll-{year}", f"People killed in {year}", toll, text, True)
        )
    rates = daily_rates(evidence, year)
    if rates:
        start, stop, _, rate = rates[0]
        text = compose(
            "Between {start} and {end}, {rate} were killed.",
            start=when(start.isoformat()),
            end=when((stop - _DAY).isoformat()),
            rate=rate,
        )
        found.append(Finding("casualties.rate-first-stretch", "People killed per day", rate, text))
    for row in evidence.select("injured").to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        text = compose("{figure} were injured: {days}.", figure=figure, days=moment(row))
        identifier = f"casualties.{row['observation_id']}"
        found.append(Finding(identifier, "People injured", figure, text))
    base = displaced_before(evidence)
    if base is not None:
        text = compose(
            "The stated rise implies that {base} were already displaced in {month}.",
            base=base,
            month=when(evidence.select("idp_change")["period_start"].iloc[0].strftime("%Y-%m")),
        )
        found.append(
            Finding(
                "casualties.displaced-before", "People displaced before the stated rise", base, text
            )
        )
    stocks = evidence.select("idp_total").sort_values("as_of", kind="stable")
    for row in stocks.tail(1).to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        text = compose(
            "The latest stock of displaced people is {figure} ({day}).",
            figure=bare(figure),
            day=moment(row),
        )
        found.append(Finding("casualties.displaced", "Displaced people", figure, text, True))
    for identifier, _, change, before in growth_bases(evidence):
        if before.high < float("inf"):
            text = compose(
                "A stated rise of {growth} puts the deaths of the period before at {before}.",
                growth=change,
                before=bare(before),
            )
            label = "People killed in the period before a stated rise"
            found.append(Finding(f"casualties.before-{identifier}", label, before, text))
    return found


def whole_year(evidence: Evidence, year: int) -> Estimate | None:
    """Bound the number of people killed in a year; ``None`` when nothing is known of it."""
    if not _killed_in(evidence, year):
        return None
    timeline = read_timeline(evidence, "killed")
    return timeline.bounds(date(year, 1, 1), date(year + 1, 1, 1))


def daily_rates(evidence: Evidence, year: int) -> list[tuple[date, date, Estimate, Estimate]]:
    """Bound deaths per day on each stretch between two dates that figures of the year name.

    Gives (first day, day after the last, count, rate); the unit of the rate is persons/days.
    """
    if not _killed_in(evidence, year):
        return []
    timeline = read_timeline(evidence, "killed")
    start, stop = date(year, 1, 1), date(year + 1, 1, 1)
    days = [day for day in timeline.days if start <= day <= stop]
    stretches = []
    for first, after in [*pairwise(days), *([(days[0], days[-1])] if len(days) > 2 else [])]:
        count = timeline.bounds(first, after)
        if count.observations:
            length = Estimate.stated((after - first).days, "days")
            stretches.append((first, after, count, count / length))
    return stretches


def displaced_before(evidence: Evidence) -> Estimate | None:
    """Derive the earlier stock from a later one and the stated change between them."""
    for _, terms in _relations(evidence, "change"):
        if "base" not in terms:
            return terms["level"] - terms["change"]
    return None


def growth_bases(evidence: Evidence) -> list[tuple[str, Estimate, Estimate, Estimate]]:
    """Derive what a stated growth implies for the period before it.

    Gives (identity, level, stated growth, implied base) for each growth whose base nobody states.
    """
    derived = []
    for identifier, terms in _relations(evidence, "growth"):
        if "base" not in terms:
            growth = terms["change"] / Estimate.stated(100, "percent") + 1
            base = (terms["level"] / growth).clip(low=0)
            if base.high == float("inf"):
                # A quotient of two floors is no point, whatever the stated values give.
                base = replace(base, value=None)
            derived.append((identifier, terms["level"], terms["change"], base))
    return derived


def _relations(evidence: Evidence, kind: str) -> list[tuple[str, dict[str, Estimate]]]:
    """Read the declared relations of one kind: (identity, role -> figure)."""
    rows = evidence.identities[evidence.identities["kind"] == kind]
    return [
        (
            str(identifier),
            dict(zip(terms["role"], evidence.estimates(terms), strict=True)),
        )
        for identifier, terms in rows.groupby("identity_id", sort=False)
    ]


def _killed_in(evidence: Evidence, year: int) -> list[dict]:
    """Pick the statements about people killed within one year, smallest floor first."""
    rows = evidence.select("killed", population="")
    inside = (rows["period_start"].dt.year == year) & (rows["period_end"].dt.year == year)
    return rows[inside].sort_values("low", kind="stable").to_dict(orient="records")


def _single(evidence: Evidence, indicator: str) -> Estimate | None:
    figures = evidence.estimates(evidence.select(indicator))
    return figures[-1] if figures else None
