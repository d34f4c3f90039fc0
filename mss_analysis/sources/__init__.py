"""Sources: what each document contributes, what repeats, when it was known, and its errata."""

from collections.abc import Iterable, Sequence

import pandas as pd

from mss_analysis.conflict import Conflict
from mss_analysis.contradictions import find_conflicts
from mss_analysis.count_chart import draw_bars
from mss_analysis.dates import start_of
from mss_analysis.estimate import Estimate
from mss_analysis.event_chart import draw_lanes
from mss_analysis.evidence import STATEMENTS, Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import (
    Prose,
    Table,
    Text,
    bare,
    compose,
    enumerate_parts,
    name,
    refer,
    refer_to_told,
    say,
    tabulate,
    told,
    when,
)
from mss_analysis.sources import coverage, origins
from mss_analysis.sources.holdings import (
    HEADINGS,
    STATED,
    count_documents,
    count_rows,
    count_years,
    shorten,
    summarise,
)

# So many documents a chart shows one by one; of more, the publishers are shown.
_ONE_BY_ONE, _MOST = 12, 20
# What stands for the publisher of a text that names none.
_UNKNOWN = "unknown"


def list_documents(evidence: Evidence) -> Exhibit | Table | Prose:
    """List the documents known on the day; a long list is folded away below its summary."""
    documents = _by_date(evidence).to_dict(orient="records")
    rows: list[Row] = [
        {
            "Document": name(source["title"]),
            "Publisher": _name_publisher(source["publisher"]),
            "Kind": compose(
                "{kind}, grade {grade}",
                kind=name(evidence.type_labels[source["type"]]),
                grade=name(source["grade"]),
            ),
            "Published": when(source["published"]) if source["published"] else mark("not stated"),
        }
        | {
            HEADINGS[kind]: Estimate.count(ids, kind) if ids else None
            for table, kind in STATED.items()
            for ids in [_ids_of(evidence, table, [source["source_id"]])]
        }
        | {
            "Repeats": name(source["reprint_of"]),
            "What to know": name(source["note"]),
        }
        for source in documents
    ]
    if len(rows) <= _ONE_BY_ONE:
        return tabulate(evidence, rows) if rows else say(evidence, nothing())
    known = evidence.sources
    first = known.drop_duplicates("publisher")["source_id"]
    undated = count_documents(evidence, known[known["published"] == ""]["source_id"])
    documents = count_documents(evidence, known["source_id"])
    publishers = count_rows(count_documents(evidence, first).observations, "publishers", len(first))
    answer = (
        compose(
            "{documents} of {publishers} were known; {undated} of them state no date.",
            documents=documents,
            publishers=publishers,
            undated=bare(undated),
        )
        if undated
        else compose(
            "{documents} of {publishers} were known; each of them is dated.",
            documents=documents,
            publishers=publishers,
        )
    )
    return exhibit(
        evidence,
        "documents",
        tell("Which documents were known?"),
        answer,
        rows,
        None,
        compose("The table lists every document, the earliest first; the data can be searched."),
        headline=compose(
            "{documents} of {publishers} were known", documents=documents, publishers=publishers
        ),
        subtitle=tell("Documents in the evidence base, by day of publication"),
    )


def nothing() -> Text:
    """Say that no document was known."""
    return compose("No document was known on this day.")


def count_contributions(evidence: Evidence) -> Exhibit:
    """Show how much each document states, or each publisher where there are many documents."""
    few = len(evidence.sources) <= _ONE_BY_ONE
    heading = mark("Document") if few else mark("Publisher")
    groups = (
        [(evidence.label(source), [source]) for source in _by_date(evidence)["source_id"]]
        if few
        else _by_publisher(evidence)
    )
    cells: list[Row] = [
        {heading: _name_publisher(label), "Stated": count_rows(ids, kind), "Kind": HEADINGS[kind]}
        for label, sources in groups
        for table, kind in STATED.items()
        if (ids := _ids_of(evidence, table, sources))
    ]
    rows: list[Row] = [
        {heading: _name_publisher(label), "Documents": count_documents(evidence, sources)}
        | {
            HEADINGS[kind]: count_rows(ids, kind) if ids else None
            for table, kind in STATED.items()
            for ids in [_ids_of(evidence, table, sources)]
        }
        for label, sources in groups
    ]
    answer, headline = nothing(), None
    figures = [row for row in cells if row["Kind"] == HEADINGS["figures"]]
    if figures:
        largest = max(figures, key=lambda row: row["Stated"].low)
        every = count_rows(evidence.observations["observation_id"], "figures")
        answer = compose(
            "{document} states {most} of {every}, the largest share: {share}.",
            document=largest[heading],
            most=bare(largest["Stated"]),
            every=every,
            share=(largest["Stated"] / every).as_percent(),
        )
        headline = compose(
            "{document} states the most figures: {most} of {every}",
            document=largest[heading],
            most=bare(largest["Stated"]),
            every=bare(every),
        )
    leading = {_name_publisher(label).plain for label, _ in groups[: len(groups) if few else _MOST]}
    shown = [row for row in cells if row[heading].plain in leading]
    chart = (
        draw_bars(shorten(evidence, shown), heading, "Stated", tell("Statements"), "Kind")
        if shown
        else None
    )
    return summarise(
        evidence,
        "contributions",
        tell("What does each document contribute?")
        if few
        else tell("What does each publisher contribute?"),
        answer,
        rows,
        chart,
        compose("A document with many figures is not thereby a better one."),
        headline=headline,
        subtitle=tell("Statements in the evidence base, by publisher and kind of statement"),
    )


def show_repeats(evidence: Evidence) -> Exhibit:
    """Show which figures are stated more than once, and where."""
    rows: list[Row] = []
    stated: dict[str, None] = {}
    terms = evidence.identities.drop_duplicates("identity_id").set_index("identity_id")["note"]
    for identity, kind, roles in evidence.terms:
        if kind != "same":
            continue
        ids = roles["term"]
        documents = dict.fromkeys(evidence.row(entry)["source_id"] for entry in ids)
        rows.append(
            {
                "What": name(evidence.indicator_labels[evidence.row(ids[0])["indicator"]]),
                "Statements": count_rows(ids, "statements"),
                "Documents": count_rows(ids, "documents", len(documents)),
                "What repeats": refer_to_told(ids, terms[identity]),
                "Figures": enumerate_parts(_differing(evidence, ids)),
            }
        )
        stated.update(dict.fromkeys(ids))
    rows.sort(key=lambda row: -row["Documents"].low)
    answer = compose("Nothing known on this day is counted twice.")
    chart = headline = None
    if rows:
        answer = compose(
            "{groups} are stated more than once, not always alike; their {statements} must not be "
            "counted as so many witnesses.",
            groups=count_rows(stated, "things counted", len(rows)),
            statements=count_rows(stated, "statements"),
        )
        frame = shorten(evidence, rows[:_MOST])
        first = [evidence.estimate(row["Statements"].observations[0]) for row in rows[:_MOST]]
        labels = [
            tell("{what}: {figure}", what=row["What"], figure=figure)
            for row, figure in zip(rows, first, strict=False)
        ]
        frame["Row"] = _tell_apart(pd.Series(labels))
        chart = draw_bars(frame, "Row", "Documents", tell("Documents"))
        headline = compose(
            "{groups} are stated more than once, one of them by {documents}",
            groups=count_rows(stated, "things counted", len(rows)),
            documents=rows[0]["Documents"],
        )
    return summarise(
        evidence,
        "repeats",
        tell("Which things are counted more than once, and by how many documents?"),
        answer,
        rows,
        chart,
        compose(
            "A repetition confirms that a figure circulates, not that it is right. The chart shows "
            "what most documents repeat."
        ),
        headline=headline,
        subtitle=tell("Documents that state one thing, for the things that most of them state"),
    )


def show_publication(evidence: Evidence) -> Exhibit:
    """Show when each document became known; of many documents, how many each year brings."""
    if len(evidence.sources) > _ONE_BY_ONE:
        return count_years(evidence)
    rows, spans = [], []
    for source in _by_date(evidence).to_dict(orient="records"):
        ids = _ids_of(evidence, "observations", [source["source_id"]])
        if not ids or not source["published"]:
            continue
        spans.append((source["published"], source["known"]))
        rows.append(
            {
                "Document": name(evidence.label(source["source_id"])),
                "Published": when(source["published"]),
                "Counts as known from": when(source["known"].strftime("%Y-%m-%d")),
                "Figures": count_rows(ids, "figures"),
            }
        )
    chart = None
    answer, headline = nothing(), None
    if rows:
        frame = flatten(evidence, rows)
        frame["start"] = start_of(pd.Series([published for published, _ in spans])).dt.strftime(
            "%Y-%m-%d"
        )
        frame["end"] = [known.strftime("%Y-%m-%d") for _, known in spans]
        chart = draw_lanes(frame, "Document", "Document")
        order = sorted(range(len(rows)), key=lambda index: spans[index][1])
        answer = compose(
            "The earliest document counts as known from {first}, the latest from {last}.",
            first=rows[order[0]]["Counts as known from"],
            last=rows[order[-1]]["Counts as known from"],
        )
        headline = compose(
            "The documents became known between {first} and {last}",
            first=rows[order[0]]["Counts as known from"],
            last=rows[order[-1]]["Counts as known from"],
        )
    return summarise(
        evidence,
        "publication",
        tell("When did each document become known?"),
        answer,
        rows,
        chart,
        compose(
            "Where a text gives no day, the month in which it must have appeared stands in, and "
            "it counts as known at that month’s end."
        ),
        headline=headline,
        subtitle=tell("Documents by the days on which they may have been published"),
    )


def list_errata(evidence: Evidence) -> Table | Prose:
    """List the cells that had been recorded wrongly, and what is read instead."""
    errata = evidence.corrections.to_dict(orient="records")
    if not errata:
        return say(evidence, compose("No row known on this day has been corrected."))
    cited = [entry for entry in errata if evidence.states(entry["row"])]
    rows: list[Row] = [
        {
            "Row": refer([entry["row"]], entry["row"]) if entry in cited else name(entry["row"]),
            "Column": name(entry["column"]),
            "Was": name(entry["was"] or mark("empty")),
            "Is": name(entry["is"] or mark("empty")),
            "Reason": told(entry["reason"]),
            "By": name(entry["source"]),
        }
        for entry in errata
    ]
    return tabulate(evidence, rows)


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how far the documents agree, and on how many witnesses they rest."""
    conflicts = find_conflicts(evidence)
    hard = [conflict for conflict in conflicts if conflict.severity == "contradiction"]
    soft = [conflict for conflict in conflicts if conflict.severity == "tension"]
    found = []
    if hard:
        ids = list_members(hard)
        count = count_rows(ids, "contradictions", len(hard))
        text = compose(
            "Among the figures known on this day there are {count}: sets that do not fit as "
            "stated, some perhaps by rounding or a change of plan.",
            count=count,
        )
        label = tell("Contradictions")
        found.append(Finding("sources.contradictions", label, count, text, True, ids))
    if soft:
        ids = list_members(soft)
        count = count_rows(ids, "tensions", len(soft))
        text = compose(
            "There are {count}: figures that differ, and can all be true only because a wording "
            "leaves an end open.",
            count=count,
        )
        found.append(Finding("sources.tensions", tell("Tensions"), count, text, behind=ids))
    found += origins.findings(evidence) + coverage.findings(evidence)
    return [*found, *_conclude_errata(evidence)]


def list_members(conflicts: Iterable[Conflict]) -> tuple[str, ...]:
    """List the figures that belong to any of some conflicts, each once."""
    return tuple(dict.fromkeys(entry for each in conflicts for entry in each.observations))


def _conclude_errata(evidence: Evidence) -> list[Finding]:
    """Conclude how many rows known on the day had been recorded wrongly."""
    rows = tuple(row for row in evidence.corrections["row"].unique() if evidence.states(row))
    if not rows:
        return []
    count = count_rows(rows, "rows")
    text = compose(
        "{count} known on this day had been recorded wrongly and are read as corrected.",
        count=count,
    )
    return [Finding("sources.errata", tell("Rows corrected"), count, text, behind=rows)]


def _name_publisher(publisher: str) -> Text:
    return name(mark("publisher not named") if publisher == _UNKNOWN else publisher)


def _by_date(evidence: Evidence) -> pd.DataFrame:
    return evidence.sources.sort_values("known", kind="stable")


def _by_publisher(evidence: Evidence) -> list[tuple[str, list[str]]]:
    """Group the documents by publisher, the one with the most figures first."""
    figures = evidence.observations["source_id"].value_counts()
    groups = evidence.sources.groupby("publisher", sort=False)["source_id"].agg(list)
    pairs = [(str(publisher), sources) for publisher, sources in groups.items()]
    return sorted(pairs, key=lambda pair: -sum(figures.get(source, 0) for source in pair[1]))


def _ids_of(evidence: Evidence, table: str, sources: Sequence[str]) -> list[str]:
    key = f"{table} by source"
    if key not in evidence.memo:
        rows = evidence.tables[table]
        evidence.memo[key] = rows.groupby("source_id")[STATEMENTS[table]].agg(list).to_dict()
    return [entry for source in sources for entry in evidence.memo[key].get(source, [])]


def _differing(evidence: Evidence, ids: Sequence[str]) -> list[Estimate]:
    """Give each wording of a count once."""
    figures = {str(figure): figure for figure in evidence.estimates(ids)}
    return list(figures.values())


def _tell_apart(labels: pd.Series) -> pd.Series:
    """Number the labels that stand there more than once, so that each keeps a row of its own."""
    again = labels.groupby(labels).cumcount()
    return labels.where(again == 0, labels + " (" + (again + 1).astype(str) + ")")
