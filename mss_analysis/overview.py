"""Overview: eight figures, what the topics conclude, what changed, and what is disputed."""

from collections import defaultdict

from mss_analysis.changes import NEW, SERIES, Change, find_changes
from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.findings import Finding
from mss_analysis.gauges import CANNOT_TELL, HIGHER, LOWER, SAME, Gauge, read_gauges
from mss_analysis.language import mark, tell
from mss_analysis.prose import (
    Part,
    Prose,
    Table,
    Text,
    cite,
    compose,
    join,
    moment,
    name,
    say,
    tabulate,
    when,
)
from mss_analysis.sources import disputes
from mss_analysis.sources.holdings import count_rows
from mss_analysis.themes import THEMES, name_theme, weigh
from mss_analysis.trace import TOPICS, collect_findings
from mss_analysis.vintage import load

_MOST_CHANGES, _MOST_REVISED, _MOST_DISPUTES, _TENSIONS = 16, 5, 9, 3
_OWN = "overview"


def findings(evidence: Evidence) -> list[Finding]:
    """Give the eight figures of the overview, each with where it stood a year before."""
    return [
        Finding(
            f"{_OWN}.{gauge.dial.id}",
            gauge.label,
            gauge.figure,
            compose(
                "{label}: {figure}, {when}. {direction}",
                label=name(gauge.label),
                figure=gauge.figure,
                when=moment(gauge.row),
                direction=_tell_direction(evidence, gauge),
            ),
            True,
        )
        for gauge in read_gauges(evidence)
    ]


def show_gauges(evidence: Evidence) -> Table | Prose:
    """Show the eight figures as a table, with their sources and how much they are disputed."""
    rows: list[dict[str, Part | None]] = [
        {
            "What": name(gauge.label),
            "Latest": gauge.figure,
            "Time": moment(gauge.row),
            "A year before": gauge.base,
            "Against a year before": gauge.direction,
            "Contradictions it is part of": Estimate.count(
                [gauge.row["observation_id"]], "contradictions", gauge.disputed
            )
            if gauge.disputed
            else mark("no contradiction"),
            "Stated in": cite(evidence, [gauge.row["observation_id"]]),
        }
        for gauge in read_gauges(evidence)
    ]
    return tabulate(evidence, rows) if rows else say(evidence, _nothing())


def list_headlines(evidence: Evidence) -> Prose:
    """Say what each topic concludes first."""
    topics = [topic for topic in TOPICS if topic != _OWN]
    told = [finding.text for finding in collect_findings(evidence, topics) if finding.headline]
    return say(evidence, *told) if told else say(evidence, _nothing())


def describe_base(evidence: Evidence) -> Prose:
    """Say how much evidence stands behind the reports."""
    if evidence.observations.empty:
        return say(evidence, compose("On this day no document of this corpus was known yet."))
    rows = evidence.observations["observation_id"]
    documents = evidence.observations.drop_duplicates("source_id")["observation_id"]
    return say(
        evidence,
        compose(
            "The reports rest on {figures} that {documents} state.",
            figures=count_rows(rows, "figures"),
            documents=count_rows(documents, "documents"),
        ),
    )


def list_conflicts(evidence: Evidence) -> Table | Prose:
    """List what weighs most among the figures at odds, contradictions before tensions."""
    return disputes.list_conflicts(evidence, _MOST_DISPUTES, _TENSIONS, of_each=1)


def list_changes(evidence: Evidence, since: str) -> Table | Prose:
    """List the figures that became known after a day, and what each of them moved.

    Where there are many, each series is told by its latest change, the weightiest first, and
    figures that moved none are counted by theme.

    ``since`` is an ISO date; nothing is listed where it lies after the vintage shown.
    """
    earlier = load(since, evidence.corpus, evidence.language, min_grade=evidence.min_grade)
    if earlier.as_of >= evidence.as_of:
        return say(evidence, compose("The day to compare with is not before the day shown."))
    changes = find_changes(earlier, evidence)
    if not changes:
        return say(evidence, compose("Since {day} nothing changed.", day=when(since)))
    heading = tell("Since {day}", day=write_date(since, "on"))
    if len(changes) <= _MOST_CHANGES:
        return tabulate(
            evidence,
            [{heading: name(change.kind), "Figure": change.sentence} for change in changes],
        )
    moved = [change for change in changes if change.kind != "new"]
    told = pick_changes(evidence, moved)
    rows: list[dict[str, Part | None]] = [
        {heading: name(change.kind), "Figure": change.sentence} for change in told
    ]
    if rest := [change.observation for change in moved if change not in told]:
        figures = count_rows(rest, "more figures")
        words = compose("{figures} moved another, or were a step between", figures=figures)
        rows.append({heading: mark("revised or superseded"), "Figure": words})
    for theme, ids in _count_new(evidence, changes).items():
        words = compose("{theme}: {figures}", theme=theme, figures=count_rows(ids, "figures"))
        rows.append({heading: name(NEW), "Figure": words})
    return tabulate(evidence, rows)


def _nothing() -> Text:
    return compose("Nothing was known yet on these questions.")


def _tell_direction(evidence: Evidence, gauge: Gauge) -> Text:
    told = [_tell_base(gauge)]
    if (gauge.now.low, gauge.now.high) != (gauge.figure.low, gauge.figure.high):
        told.append(compose("All figures together leave {now} for the same time.", now=gauge.now))
    if gauge.is_projection:
        told.append(compose("The latest figure is a projection made beforehand."))
    if gauge.newer:
        newer = evidence.estimate(gauge.newer["observation_id"])
        told.append(
            compose(
                "A source of a lower grade has a newer one: {newer}, {when}.",
                newer=newer,
                when=moment(gauge.newer),
            )
        )
    return join(told)


def _tell_base(gauge: Gauge) -> Text:
    if gauge.base is None:
        return compose("For a year before there is no figure to hold it against.")
    words = {
        CANNOT_TELL: mark(
            "Whether that is more or less than a year before ({before}), the bounds cannot tell."
        ),
        SAME: mark("That is as stated for a year before ({before})."),
        HIGHER: mark("That is higher than a year before ({before})."),
        LOWER: mark("That is lower than a year before ({before})."),
    }
    return compose(words[gauge.direction], before=gauge.base)


def pick_changes(evidence: Evidence, moved: list[Change]) -> list[Change]:
    """Pick the latest change of each series, revisions and weighty ones first."""
    latest: dict[tuple, Change] = {}
    for change in moved:
        row = evidence.row(change.observation)
        key = (change.kind, *(row[column] for column in SERIES))
        if key not in latest or _day(evidence, change) >= _day(evidence, latest[key]):
            latest[key] = change
    order = sorted(latest.values(), key=lambda change: weigh(evidence, change.observation))
    revised = [change for change in order if change.kind == "revised"][:_MOST_REVISED]
    superseded = [change for change in order if change.kind != "revised"]
    return [*revised, *superseded[: _MOST_CHANGES - len(revised)]]


def _day(evidence: Evidence, change: Change) -> str:
    row = evidence.row(change.observation)
    return str(max(row[day] for day in ("period_end", "as_of") if row[day] == row[day]))


def _count_new(evidence: Evidence, changes: list[Change]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.kind == "new":
            indicator = evidence.row(change.observation)["indicator"]
            found[name_theme(indicator)].append(change.observation)
    return {theme: found[theme] for theme in THEMES if theme in found}
