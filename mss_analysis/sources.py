"""Sources: what each document contributes, whom it repeats, and where documents disagree."""

import pandas as pd

from mss_analysis.charts import draw_bars, draw_lanes, draw_matrix
from mss_analysis.contradictions import find_conflicts
from mss_analysis.dates import start_of
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import STATEMENTS, Evidence
from mss_analysis.exhibit import Exhibit, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import (
    Prose,
    Table,
    Text,
    bare,
    compose,
    enumerate_parts,
    name,
    refer,
    say,
    tabulate,
    when,
)

NOTHING = Text("No document was known on this day.", "No document was known on this day.")
_KINDS = {
    "observations": "figures",
    "events": "events",
    "evidence": "passages on risks",
    "mitigations": "measures",
}
_OWN_VOICE = "its own voice"


def list_documents(evidence: Evidence) -> Table | Prose:
    """List the documents known on the day, with what is known about each."""
    rows = [
        {
            "Document": name(source["title"]),
            "Publisher": name(source["publisher"]),
            "Kind": source["type"],
            "Published": when(source["published"]) if source["published"] else "not stated",
            "What to know": name(source["note"]),
        }
        for source in _by_date(evidence).to_dict(orient="records")
    ]
    return tabulate(evidence, rows) if rows else say(evidence, NOTHING)


def count_contributions(evidence: Evidence) -> Exhibit:
    """Show how many figures, events, passages and measures each document states."""
    rows = [
        {
            "Document": name(evidence.label(source)),
            "Stated": Estimate.count(ids, kind),
            "Kind": kind,
        }
        for source in _by_date(evidence)["source_id"]
        for table, kind in _KINDS.items()
        if (ids := _ids_of(evidence, table, source))
    ]
    answer = NOTHING
    if rows:
        figures = [row for row in rows if row["Kind"] == "figures"]
        largest = max(figures, key=lambda row: row["Stated"].low)
        every = Estimate.count(evidence.observations["observation_id"], "figures")
        share = (largest["Stated"] / every).as_percent()
        answer = compose(
            "{document} states {most} of {every}, the largest share: {share}.",
            document=largest["Document"],
            most=bare(largest["Stated"]),
            every=every,
            share=share,
        )
    chart = (
        draw_bars(flatten(evidence, rows), "Document", "Stated", "Rows", "Kind") if rows else None
    )
    return exhibit(
        evidence,
        "contributions",
        "What does each document contribute?",
        answer,
        rows,
        chart,
        compose("A document with many figures is not thereby a better one."),
    )


def trace_origins(evidence: Evidence) -> Exhibit:
    """Show who counted: the origin that each document names for its figures."""
    frame = evidence.observations.assign(
        origin=evidence.observations["attributed_to"].replace("", _OWN_VOICE)
    )
    rows = [
        {
            "Document": name(evidence.label(str(source))),
            "Origin": name(str(origin)),
            "Figures": Estimate.count(group["observation_id"], "figures"),
        }
        for (origin, source), group in frame.groupby(["origin", "source_id"])
    ]
    answer = NOTHING
    unnamed = frame[frame["origin"] == _OWN_VOICE]["observation_id"]
    if not unnamed.empty:
        answer = compose(
            "For {unnamed} of {every} no origin is named: the document speaks in its own voice, "
            "and who counted has to be guessed, which is not done here. Named most often: {most}.",
            most=_name_origin(frame[frame["origin"] != _OWN_VOICE]),
            unnamed=bare(Estimate.count(unnamed, "figures")),
            every=Estimate.count(frame["observation_id"], "figures"),
        )
    chart = (
        draw_matrix(flatten(evidence, rows), "Document", "Origin", "Figures", "Figures")
        if rows
        else None
    )
    return exhibit(
        evidence,
        "origins",
        "Who counted, according to each document?",
        answer,
        rows,
        chart,
        compose("Several documents that repeat one origin's figure are one witness."),
    )


def show_repeats(evidence: Evidence) -> Exhibit:
    """Show which figures are stated more than once, and where."""
    terms = evidence.identities[evidence.identities["kind"] == "same"]
    rows = []
    for _, group in terms.groupby("identity_id", sort=False):
        ids = list(group["observation_id"])
        stated = evidence.observations.set_index("observation_id").loc[ids, "source_id"]
        rows.append(
            {
                "What": _label_of(evidence, ids[0]),
                "Statements": Estimate.count(ids, "statements"),
                "Documents": Estimate.count(ids, "documents", stated.nunique()),
                "What repeats": refer(ids, group["note"].iloc[0]),
                "Figures": enumerate_parts(evidence.estimates(ids)),
            }
        )
    answer = compose("Nothing known on this day is counted twice.")
    if rows:
        ids = [entry for row in rows for entry in row["Statements"].observations]
        answer = compose(
            "{groups} are stated more than once, not always alike; their {statements} must not be "
            "counted as so many witnesses.",
            groups=Estimate.count(ids, "things counted", len(rows)),
            statements=Estimate.count(ids, "statements"),
        )
    frame = flatten(evidence, rows)
    chart = (
        draw_bars(frame.assign(Row=_tell_apart(frame["What"])), "Row", "Statements", "Statements")
        if rows
        else None
    )
    return exhibit(
        evidence,
        "repeats",
        "Which things are counted more than once, and by how many documents?",
        answer,
        rows,
        chart,
        compose("A repetition confirms that a figure circulates, not that it is right."),
    )


def show_publication(evidence: Evidence) -> Exhibit:
    """Show when each document was published, and the days that it speaks about."""
    rows, spans = [], []
    for source in _by_date(evidence).to_dict(orient="records"):
        ids = _ids_of(evidence, "observations", source["source_id"])
        if not ids or not source["published"]:
            continue
        spans.append((source["published"], source["known"]))
        rows.append(
            {
                "Document": name(evidence.label(source["source_id"])),
                "Published": when(source["published"]),
                "Counts as known from": when(source["known"].strftime("%Y-%m-%d")),
                "Figures": Estimate.count(ids, "figures"),
            }
        )
    chart = None
    answer = NOTHING
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
    return exhibit(
        evidence,
        "publication",
        "When did each document become known?",
        answer,
        rows,
        chart,
        compose(
            "Where a text gives no day, the month in which it must have appeared stands in, and "
            "it counts as known at that month's end."
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how far the documents agree."""
    conflicts = find_conflicts(evidence)
    if not conflicts:
        return []
    ids = [entry for conflict in conflicts for entry in conflict.observations]
    hard = [conflict for conflict in conflicts if conflict.severity == "contradiction"]
    hard_ids = [entry for conflict in hard for entry in conflict.observations]
    found = []
    if hard:
        count = Estimate.count(hard_ids, "contradictions", len(hard))
        text = compose(
            "Among the figures known on this day there are {count}: sets that do not fit as "
            "stated, some perhaps by rounding or a change of plan.",
            count=count,
        )
        found.append(Finding("sources.contradictions", "Contradictions", count, text, True))
    soft = len(conflicts) - len(hard)
    if soft:
        soft_ids = [entry for entry in ids if entry not in hard_ids] or ids
        count = Estimate.count(soft_ids, "tensions", soft)
        text = compose(
            "There are {count}: figures that differ, and can all be true only because a wording "
            "leaves an end open.",
            count=count,
        )
        found.append(Finding("sources.tensions", "Tensions", count, text))
    return found


def _by_date(evidence: Evidence) -> pd.DataFrame:
    return evidence.sources.sort_values("known", kind="stable")


def _name_origin(named: pd.DataFrame) -> Text:
    """Name the origin of the most figures."""
    if named.empty:
        return Text("nobody", "nobody")
    origin = named["origin"].value_counts(sort=True).index[0]
    ids = named[named["origin"] == origin]["observation_id"]
    figures = Estimate.count(ids, "figures")
    return compose("{origin} ({figures})", origin=name(str(origin)), figures=figures)


def _tell_apart(labels: pd.Series) -> pd.Series:
    """Number the labels that stand there more than once, so that each keeps a row of its own."""
    again = labels.groupby(labels).cumcount()
    return labels.where(again == 0, labels + " (" + (again + 1).astype(str) + ")")


def _ids_of(evidence: Evidence, table: str, source: str) -> list[str]:
    frame = evidence.tables[table]
    return list(frame[frame["source_id"] == source][STATEMENTS[table]])


def _label_of(evidence: Evidence, observation_id: str) -> Text:
    row = evidence.observations.set_index("observation_id").loc[observation_id]
    labels = evidence.indicators.set_index("indicator")["label"]
    return name(labels[row["indicator"]])
