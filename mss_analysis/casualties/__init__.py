"""Casualties: how many people were killed and injured, and who says so."""

from datetime import date, timedelta

import pandas as pd

from mss_analysis.casualties import (
    breaks,
    children,
    departments,
    displacement,
    hindsight,
    hunger,
    incidents,
    increases,
    perpetrators,
    quarters,
    rates,
    spans,
)
from mss_analysis.casualties.readings import (
    ALL,
    admit,
    describe_set,
    is_known,
    mention,
    name_origins,
    qualify,
    read_flow,
)
from mss_analysis.casualties.tolls import (
    accumulate,
    killed_in,
    read_deaths,
    whole_year,
)
from mss_analysis.charts import draw_envelope, draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, compose, join, when

_DAY = timedelta(days=1)
_SIDES = ("", "_low", "_high")
# What the figures imply of those who survived: an indicator, the sentence, its label.
_SURVIVORS = {
    "injured": (
        mark("The figures imply that {count} were injured in {year}."),
        mark("People injured in {year}"),
    ),
    "kidnapped": (
        mark("The figures imply that {count} were kidnapped in {year}."),
        mark("People kidnapped in {year}"),
    ),
}


def compare_tolls(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show every stated number of people killed in a year, one row a number and period."""
    claims = killed_in(evidence, year, evidence_set)
    rows: list[Row] = [
        {
            "Period counted": claim.moment,
            "Killed": claim.figure,
            "Killed by": claim.row["party"] or mark("not restricted"),
            "Origins": name_origins(claim.origins),
            "Statements": claim.statements,
            "Source": claim.cite(evidence),
        }
        for claim in claims
    ]
    answer = headline = None
    if rows:
        ids = [entry for claim in claims for entry in claim.ids]
        origins = {origin for claim in claims for origin in claim.origins}
        figures = sorted((claim.figure for claim in claims), key=lambda figure: figure.low)
        toll = whole_year(evidence, year, evidence_set)
        headline = compose("In {year}, {toll} were killed.", year=when(str(year)), toll=toll)
        template = (
            mark(
                "For {year}, {statements} (origins named: {origins}) give {numbers}, from {least} "
                "to {most}, for different parts of the year. Together they imply that {toll} were "
                "killed."
            )
            if len(rows) > 1
            else mark(
                "The one figure known for {year} is {most}, so {toll} were killed in that year."
            )
        )
        answer = compose(
            template,
            year=when(str(year)),
            statements=Estimate.count(ids, "statements"),
            numbers=Estimate.count(ids, "different counts", len(claims)),
            origins=Estimate.count(ids, "1", len(origins)),
            least=bare(figures[0]),
            most=bare(figures[-1]),
            toll=toll,
        )
    note = compose(
        "Statements of one number for one period are one row, told by the best source; rows of one "
        "period share a line of the chart. An arrow means that the wording sets no upper limit. A "
        "count of people killed by gangs is a floor for all people killed."
    )
    return exhibit(
        evidence,
        "toll-by-source",
        tell("How many people were killed in {year}, and who says so?", year=year),
        qualify(answer, admit(evidence, read_deaths(evidence, evidence_set), year)),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Period counted", "Killed", tell("People killed"), "Killed by"
        ),
        join([note, describe_set(evidence_set)]),
        headline,
        tell("People killed in Haiti in {year}, by the period counted, as worded", year=year),
    )


def accumulate_deaths(evidence: Evidence, year: int, evidence_set: str = ALL) -> Exhibit:
    """Show the cumulative toll from the first of January, with the envelope of all figures."""
    first = date(year, 1, 1)
    steps = [(day - _DAY, count) for day, count in accumulate(evidence, year, evidence_set)]
    rows: list[Row] = [
        {"Until": when(day.isoformat()), "Killed so far": count} for day, count in steps
    ]
    answer = headline = chart = None
    if rows:
        # The chart needs dates, where the table has words, and a beginning at nothing.
        frame = flatten(evidence, rows).assign(day=[day.isoformat() for day, _ in steps])
        start = frame.iloc[[0]].assign(
            **{f"Killed so far{side}": 0.0 for side in _SIDES},
            **{"Killed so far_text": tell("zero"), "Until": when(first.isoformat()).plain},
            day=first.isoformat(),
            source=tell("The count begins on this day"),
        )
        frame = pd.concat([start, frame], ignore_index=True)
        chart = draw_envelope(frame, "day", "Killed so far", tell("People killed"), "Until")
        headline = compose(
            "By {day}, {toll} had been killed in {year}.",
            day=rows[-1]["Until"],
            toll=rows[-1]["Killed so far"],
            year=when(str(year)),
        )
        answer = _tell_days([count for _, count in steps])
    note = compose(
        "The line is the smallest count that satisfies every figure. Where the band is pale, "
        "no figure sets an upper limit: it may be any larger number."
    )
    reading = read_deaths(evidence, evidence_set)
    return exhibit(
        evidence,
        "cumulative-deaths",
        tell("How did the toll of {year} grow, by all figures together?", year=year),
        qualify(answer, mention(evidence, reading, year)),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
        headline,
        tell("People killed in Haiti since the first day of {year}, cumulative", year=year),
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
        label = tell("People killed in {year}", year=year)
        said = qualify(text, admit(evidence, reading, year, cited=True))
        found.append(Finding(f"casualties.toll-{year}", label, toll, said, True))
    for indicator, (template, label) in _SURVIVORS.items():
        known = read_flow(evidence, indicator, evidence_set)
        count = known.timeline.bounds(first, stop)
        if is_known(count):
            text = compose(template, count=count, year=when(str(year)))
            said = qualify(text, admit(evidence, known, year, cited=True))
            identifier = f"casualties.{indicator}-{year}"
            found.append(Finding(identifier, tell(label, year=year), count, said))
    return [
        *found,
        *rates.conclude(evidence, year, evidence_set),
        *increases.conclude(evidence, evidence_set),
        *hindsight.conclude(evidence, year, evidence_set),
        *quarters.conclude(evidence, evidence_set),
        *spans.conclude(evidence, evidence_set),
        *perpetrators.conclude(evidence, evidence_set),
        *breaks.find_breaks(evidence, evidence_set),
        *incidents.conclude(evidence),
        *departments.conclude(evidence),
        *displacement.conclude(evidence),
        *hunger.conclude(evidence),
        *children.conclude(evidence),
    ]


def _tell_days(counts: list[Estimate]) -> Text:
    """Say on how many days the figures bound the count, and on how many from above, too."""
    ids = dict.fromkeys(entry for count in counts for entry in count.observations)
    days = Estimate.count(ids, "days", len(counts))
    capped = sum(count.high < float("inf") for count in counts)
    if not capped:
        return compose("The figures bound the count on {days}, on none from above.", days=days)
    return compose(
        "The figures bound the count on {days}; they also set an upper limit on {capped}.",
        days=days,
        capped=Estimate.count(ids, "days", capped),
    )
