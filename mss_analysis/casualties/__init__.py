"""Casualties: how many people were killed and injured, and who says so."""

from datetime import date, timedelta

import pandas as pd

from mss_analysis.casualties import breaks, displacement, hindsight, incidents, perpetrators
from mss_analysis.casualties.rates import add_chance, per_day
from mss_analysis.casualties.readings import ALL, describe_set, is_known, qualify, read_flow
from mss_analysis.casualties.tolls import (
    accumulate,
    count_before,
    growth_bases,
    killed_in,
    read_deaths,
    whole_year,
)
from mss_analysis.charts import draw_envelope, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, join, name, when

_DAY = timedelta(days=1)
_SIDES = ("", "_low", "_high")


def compare_tolls(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show every stated number of people killed in a year, one row a number and period."""
    claims = killed_in(evidence, year, evidence_set)
    rows: list[Row] = [
        {
            "Counted": claim.moment,
            "Killed": claim.figure,
            "Killed by": claim.row["party"] or "not restricted",
            "Origins": name(", ".join(claim.origins)) if claim.origins else "not named",
            "Statements": claim.statements,
            "Source": claim.cite(evidence),
        }
        for claim in claims
    ]
    answer = None
    if rows:
        ids = [entry for claim in claims for entry in claim.ids]
        origins = {origin for claim in claims for origin in claim.origins}
        figures = sorted((claim.figure for claim in claims), key=lambda figure: figure.low)
        template = (
            "For {year}, {statements} make {numbers} and name {origins}. They run "
            "from {least} to {most} and stop counting on different days; taken together they say "
            "that {toll} were killed."
            if len(rows) > 1
            else "The one figure known for {year} is {most}, so {toll} were killed in that year."
        )
        answer = compose(
            template,
            year=when(str(year)),
            statements=Estimate.count(ids, "statements"),
            numbers=Estimate.count(ids, "different counts", len(claims)),
            origins=Estimate.count(ids, "origins", len(origins)),
            least=bare(figures[0]),
            most=bare(figures[-1]),
            toll=whole_year(evidence, year, evidence_set),
        )
    note = compose(
        "Statements of one number for one period are one row, told by the best source; rows of one "
        "period share a line of the chart. An arrow means that the wording sets no upper limit. A "
        "count of people killed by gangs is a floor for all people killed."
    )
    return exhibit(
        evidence,
        "toll-by-source",
        f"How many people were killed in {year}, and who says so?",
        qualify(evidence, answer, read_deaths(evidence, evidence_set), year),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Counted", "Killed", "People killed", "Killed by"
        ),
        join([note, describe_set(evidence_set)]),
    )


def accumulate_deaths(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show the cumulative toll from the first of January, with the envelope of all figures."""
    first = date(year, 1, 1)
    steps = [(day - _DAY, count) for day, count in accumulate(evidence, year, evidence_set)]
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
    note = compose(
        "The line is the smallest count that satisfies every figure. Where the band is pale, "
        "no figure sets an upper limit: it may be any larger number."
    )
    return exhibit(
        evidence,
        "cumulative-deaths",
        f"How did the toll of {year} grow, by all figures together?",
        qualify(evidence, answer, read_deaths(evidence, evidence_set), year),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
    )


def imply_earlier(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show what a stated growth implies for the period before it."""
    before = "Killed in the period before"
    rows: list[Row] = []
    for _, level, change, base in growth_bases(evidence):
        counted = count_before(evidence, level, evidence_set)
        rows.append(
            {
                "Statement": cite(evidence, change.observations),
                "Growth": change,
                "Killed in the period": level,
                before: base,
                "Counted in the period before": counted if is_known(counted) else None,
                "Do the counts refute it?": "no" if base.agrees_with(counted) else "yes",
            }
        )
    bounded = [row for row in rows if row[before].high < float("inf")]
    answer = None
    if bounded:
        answer = _imply(bounded[0]["Growth"], bounded[0][before])
        if bounded[0]["Do the counts refute it?"] == "yes":
            refuted = "The counts of that period, {counted}, refute the first of these readings."
            counted = bounded[0]["Counted in the period before"]
            answer = join([answer, compose(refuted, counted=counted)])
    return exhibit(
        evidence,
        "implied-earlier",
        "What do the stated increases imply for the period before?",
        answer,
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Statement", before, f"{before}, implied"),
        compose(
            "A floor that grew by more than a stated share implies nothing about what it grew "
            "from: both ends stay open. Only statements that name no base are shown."
        ),
    )


def findings(evidence: Evidence, year: int = 2024, evidence_set: str = ALL) -> list[Finding]:
    """Conclude from the casualty figures; only what is known on the day appears."""
    found = []
    reading = read_deaths(evidence, evidence_set)
    first, stop = date(year, 1, 1), date(year + 1, 1, 1)
    toll = whole_year(evidence, year, evidence_set)
    if toll is not None:
        text = compose(
            "The figures known on this day together imply that {toll} were killed in {year}.",
            year=when(str(year)),
            toll=toll,
        )
        label = f"People killed in {year}"
        said = qualify(evidence, text, reading, year, cited=True)
        found.append(Finding(f"casualties.toll-{year}", label, toll, said, True))
        rate = per_day(add_chance(toll), (stop - first).days)
        text = compose(
            "With the chance of counting, {rate} were killed in {year}, the whole year taken.",
            rate=rate,
            year=when(str(year)),
        )
        label = f"People killed per day in {year}"
        found.append(Finding(f"casualties.rate-{year}", label, rate, text))
    for indicator in ("injured", "kidnapped"):
        known = read_flow(evidence, indicator, evidence_set)
        count = known.timeline.bounds(first, stop)
        if is_known(count):
            text = compose(
                f"The figures imply that {{count}} were {indicator} in {{year}}.",
                count=count,
                year=when(str(year)),
            )
            said = qualify(evidence, text, known, year, cited=True)
            identifier, label = f"casualties.{indicator}-{year}", f"People {indicator} in {year}"
            found.append(Finding(identifier, label, count, said))
    for identifier, level, change, base in growth_bases(evidence):
        counted = count_before(evidence, level, evidence_set)
        if base.high < float("inf") and base.agrees_with(counted):
            label = "People killed in the period before a stated rise"
            text = _imply(change, base)
            found.append(Finding(f"casualties.before-{identifier}", label, base, text))
    return [
        *found,
        *hindsight.conclude(evidence, year, evidence_set),
        *perpetrators.conclude(evidence, evidence_set),
        *breaks.find_breaks(evidence, evidence_set),
        *incidents.conclude(evidence),
        *displacement.findings(evidence),
    ]


def _imply(growth: Estimate, before: Estimate) -> Text:
    return compose(
        "If the stated rise of {growth} is meant for the killed alone, {before} were killed in the "
        "period before; the sentence may mean killed and injured together.",
        growth=growth,
        before=before,
    )
