"""Casualties: how many people were killed and injured, and who says so."""

from datetime import date, timedelta

import pandas as pd

from mss_analysis import displacement
from mss_analysis.charts import draw_envelope, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, moment, when
from mss_analysis.tolls import (
    accumulate,
    daily_rates,
    growth_bases,
    killed_in,
    read_deaths,
    whole_year,
)

_DAY = timedelta(days=1)
_SIDES = ("", "_low", "_high")


def compare_tolls(evidence: Evidence, year: int) -> Exhibit:
    """Show every stated number of people killed in a year, floor by floor."""
    figures = killed_in(evidence, year)
    rows = [
        {
            "Source": cite(evidence, [row["observation_id"]]),
            "Counted": moment(row),
            "Killed": evidence.estimate(row["observation_id"]),
            "Killed by": row["party"] or "not restricted",
            "Origin": row["attributed_to"] or "not named",
        }
        for row in figures
    ]
    answer = None
    if rows:
        template = (
            "In {year} the stated figures run from {least} to {most}. They stop counting on "
            "different days; taken together they say that {toll} were killed."
            if len(rows) > 1
            else "The one figure known for {year} is {most}, so {toll} were killed in that year."
        )
        answer = compose(
            template,
            year=when(str(year)),
            least=bare(rows[0]["Killed"]),
            most=bare(rows[-1]["Killed"]),
            toll=whole_year(evidence, year),
        )
        answer = _admit_conflict(evidence, answer)
    return exhibit(
        evidence,
        "toll-by-source",
        f"How many people were killed in {year}, and who says so?",
        answer,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Source", "Killed", "People killed"),
        compose(
            "An arrow means that the wording sets no upper limit. A count of people killed by "
            "gangs is a floor for all people killed."
        ),
    )


def accumulate_deaths(evidence: Evidence, year: int) -> Exhibit:
    """Show the cumulative toll from the first of January, with the envelope of all figures."""
    first = date(year, 1, 1)
    steps = [(day - _DAY, count) for day, count in accumulate(evidence, year)]
    rows: list[Row] = [
        {"Until": when(day.isoformat()), "Killed so far": count} for day, count in steps
    ]
    answer = chart = None
    if rows:
        # The chart needs dates, where the table has words, and a beginning at nothing.
        frame = flatten(evidence, rows).assign(Until=[day.isoformat() for day, _ in steps])
        start = frame.iloc[[0]].assign(**{f"Killed so far{side}": 0.0 for side in _SIDES})
        start = start.assign(Until=first.isoformat(), **{"Killed so far_text": "none yet"})
        frame = pd.concat([start, frame], ignore_index=True)
        chart = draw_envelope(frame, "Until", "Killed so far", "People killed")
        answer = compose(
            "By {day} {toll} had been killed since {start}.",
            day=rows[-1]["Until"],
            toll=rows[-1]["Killed so far"],
            start=when(first.isoformat()),
        )
        answer = _admit_conflict(evidence, answer)
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
    answer = None
    if rows:
        first, last = rows[0], rows[-1]
        answer = compose(
            "From {first}, an average of {rate} were killed; from {last}, {later}."
            if len(rows) > 1
            else "From {first}, an average of {rate} were killed.",
            first=first["Period"],
            rate=first["Killed per day"],
            last=last["Period"],
            later=last["Killed per day"],
        )
    frame = flatten(evidence, rows)
    return exhibit(
        evidence,
        "rate-per-day",
        f"How many people were killed per day, between the dates that figures of {year} name?",
        answer,
        rows,
        rows and draw_intervals(frame, "Period", "Killed per day", "People killed per day"),
        compose(
            "Between two floors the rate may be anything from zero: the deaths that the later "
            "floor adds may have happened before the stretch began."
        ),
    )


def imply_earlier(evidence: Evidence) -> Exhibit:
    """Show what a stated growth implies for the period before it."""
    before = "Killed in the period before"
    rows = [
        {
            "Statement": cite(evidence, change.observations),
            "Growth": change,
            "Killed in the period": level,
            before: base,
        }
        for _, level, change, base in growth_bases(evidence)
    ]
    bounded = [row for row in rows if row[before].high < float("inf")]
    return exhibit(
        evidence,
        "implied-earlier",
        "What do the stated increases imply for the period before?",
        _imply(bounded[0]["Growth"], bounded[0][before]) if bounded else None,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Statement", before, f"{before}, implied"),
        compose(
            "A floor that grew by more than a stated share implies nothing about what it grew "
            "from: both ends stay open."
        ),
    )


def count_children(evidence: Evidence) -> Exhibit:
    """Show children killed and injured, as counted."""
    labels = {"children_killed": "killed", "children_injured": "maimed"}
    rows = [
        {
            "What": labels[row["indicator"]].capitalize(),
            "Children": evidence.estimate(row["observation_id"]),
            "Counted": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in evidence.select(labels).to_dict(orient="records")
    ]
    counts = {str(row["What"]): row for row in rows}
    answer = None
    if {"Killed", "Maimed"} <= set(counts):
        answer = compose(
            "{killed} children were killed and {maimed} maimed; the count covers {period}.",
            killed=bare(counts["Killed"]["Children"]),
            maimed=bare(counts["Maimed"]["Children"]),
            period=counts["Killed"]["Counted"],
        )
    return exhibit(
        evidence,
        "children-harmed",
        "How many children were killed or maimed?",
        answer,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "What", "Children", "Children"),
        compose("A count holds only what its makers came to know of."),
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
    shares = [row["Share"] for row in rows]
    answer = None
    if shares:
        narrowest = min(shares, key=lambda share: share.high - share.low)
        agrees = all(narrowest.agrees_with(share) for share in shares)
        answer = compose(
            "The narrowest statement is {share}; no other statement contradicts it."
            if agrees
            else "The narrowest statement is {share}; another statement contradicts it.",
            share=narrowest,
        )
    frame = flatten(evidence, rows)
    return exhibit(
        evidence,
        "children-in-gangs",
        "What share of gang members are children?",
        answer,
        rows,
        rows and draw_intervals(frame, "Source", "Share", "Share of gang members, percent"),
        compose("“Up to half” is a ceiling, not half."),
    )


def findings(evidence: Evidence, year: int = 2024) -> list[Finding]:
    """Conclude from the casualty figures; only what is known on the day appears."""
    found = []
    toll = whole_year(evidence, year)
    if toll is not None:
        text = compose(
            "The figures known on this day together imply that {toll} were killed in {year}.",
            year=when(str(year)),
            toll=toll,
        )
        text = _admit_conflict(evidence, text)
        label = f"People killed in {year}"
        found.append(Finding(f"casualties.toll-{year}", label, toll, text, True))
    for start, stop, _, rate in daily_rates(evidence, year)[:1]:
        text = compose(
            "From {start} to {end}, an average of {rate} were killed.",
            start=when(start.isoformat()),
            end=when((stop - _DAY).isoformat()),
            rate=rate,
        )
        found.append(Finding("casualties.rate-first-stretch", "People killed per day", rate, text))
    for row in evidence.select("injured").to_dict(orient="records"):
        figure = evidence.estimate(row["observation_id"])
        text = compose("From {days}, {figure} were injured.", figure=figure, days=moment(row))
        identifier = f"casualties.{row['observation_id']}"
        found.append(Finding(identifier, "People injured", figure, text))
    for identifier, _, change, base in growth_bases(evidence):
        if base.high < float("inf"):
            label = "People killed in the period before a stated rise"
            text = _imply(change, base)
            found.append(Finding(f"casualties.before-{identifier}", label, base, text))
    return found + displacement.findings(evidence)


def _admit_conflict(evidence: Evidence, answer: Text) -> Text:
    """Put the conflict beside the number where counts contradict each other."""
    _, conflict = read_deaths(evidence)
    if not conflict:
        return answer
    warning = compose(
        "The counts {figures} cannot all be true; every count is therefore read as a floor.",
        figures=enumerate_parts([_cite_figure(evidence, identifier) for identifier in conflict]),
    )
    return join([answer, warning])


def _cite_figure(evidence: Evidence, identifier: str) -> Text:
    return compose(
        "{figure} ({place})",
        figure=bare(evidence.estimate(identifier)),
        place=cite(evidence, [identifier]),
    )


def _imply(growth: Estimate, before: Estimate) -> Text:
    return compose(
        "If the stated rise of {growth} is meant for the killed alone, {before} were killed in the "
        "period before; the sentence may mean killed and injured together.",
        growth=growth,
        before=before,
    )
