"""Which documents and which groups of speakers speak to which risk."""

import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.language import mark, name_of, tell
from mss_analysis.prose import Text, bare, compose, compose_plural, enumerate_parts, name
from mss_analysis.risks.register import Risk, count_risks, count_rows, find_silent, read_risks
from mss_analysis.risks.risk_chart import draw_cells
from mss_analysis.risks.tally import count_cells, flatten_counts, nothing
from mss_analysis.risks.vocabulary import GROUPS, KINDS

# A matrix with more columns can't be read; what has fewest passages is put together.
_MOST_COLUMNS = 12
_OTHERS = mark("all others")


def cross_documents(evidence: Evidence) -> Exhibit:
    """Show which document speaks to which risk; many documents are put together by kind."""
    risks = read_risks(evidence)
    answer, headline, column = nothing(), None, "document"
    if risks:
        passages = pd.concat(risk.passages for risk in risks)
        column = "kind" if passages["source_id"].nunique() > _MOST_COLUMNS else "document"
        widest, touched = _widest(passages, "document")
        alone = [risk for risk in risks if risk.raising["outlet"].nunique() == 1]
        headline = compose(
            "No document speaks to more risks than {document}: {touched} of {all}.",
            document=name(widest),
            touched=bare(touched),
            all=count_risks(risks, risks),
        )
        answer = _tell_alone(alone, risks)
    return _cross(
        evidence,
        risks,
        column,
        KINDS if column == "kind" else {},
        "risk-by-document",
        tell("Which documents speak to which risk?"),
        answer,
        compose(
            "A cell counts the independent origins of all stances: the fewest, with a plus where "
            "there may be more; its tooltip tells the stances apart. Where documents are many, "
            "columns are kinds of documents: research is scholarly or of think tanks, press "
            "includes agencies and interviews. An origin that speaks in two kinds stands in both."
        ),
        headline,
        tell(
            "Independent origins that speak to each risk, by where they do; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def cross_speakers(evidence: Evidence) -> Exhibit:
    """Show which group of speakers speaks to which risk."""
    risks = read_risks(evidence)
    answer, headline = nothing(), None
    if risks:
        widest, touched = _widest(pd.concat(risk.raising for risk in risks), "group")
        headline = compose(
            "No group raises more risks than “{group}”: {touched} of {all}.",
            group=name(GROUPS.get(widest, widest)),
            touched=bare(touched),
            all=count_risks(risks, risks),
        )
        answer = _tell_silent(risks)
    return _cross(
        evidence,
        risks,
        "group",
        GROUPS,
        "risk-by-speaker",
        tell("Who speaks to which risk?"),
        answer,
        compose(
            "A cell counts the independent origins of all stances: the fewest, with a plus where "
            "there may be more. The group is that of the speaker, not of the document: an aid "
            "worker whom a newspaper quotes counts with aid organisations. “Media” are documents "
            "that speak in their own voice; “civil society” includes residents. Who is missing "
            "may not have been asked."
        ),
        headline,
        tell(
            "Independent origins that speak to each risk, by group of speakers; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def _cross(
    evidence: Evidence,
    risks: list[Risk],
    column: str,
    words: dict[str, str],
    identifier: str,
    title: str,
    answer: Text,
    note: Text,
    headline: Text | None,
    subtitle: str,
) -> Exhibit:
    """Cross risks with a column of their passages, one row a risk; ``words`` label its values."""
    rows: list[Row] = []
    chart = None
    if risks:
        passages = pd.concat(risk.passages for risk in risks)
        called = passages[column].map(lambda entry: words.get(entry, entry))
        kept = called.value_counts().index[:_MOST_COLUMNS]
        # Documents stand in the order in which they became known, what is put together last.
        known = passages["source_id"].map(evidence.sources.set_index("source_id")["known"])
        entries = called.loc[known.sort_values(kind="stable").index].unique()
        shown = [*(entry for entry in entries if entry in kept)]
        shown += [_OTHERS] * (len(shown) < len(entries))
        labels = {
            value: entry if entry in kept else _OTHERS
            for value, entry in zip(passages[column], called, strict=True)
        }
        labels = dict(sorted(labels.items(), key=lambda label: shown.index(label[1])))
        cells = count_cells(risks, column, labels)
        filled = {(cell["Risk"], str(cell[column])): cell["Origins"] for cell in cells}
        rows = [
            {"Risk": risk.title}
            | {label: filled.get((risk.title, name_of(label))) for label in shown}
            for risk in risks
        ]
        frame = flatten_counts(evidence, cells, "Origins", "detail")
        chart = draw_cells(frame, column, "Risk", "Origins")
    return exhibit(evidence, identifier, title, answer, rows, chart, note, headline, subtitle)


def _tell_alone(alone: list[Risk], risks: list[Risk]) -> Text:
    """Say how many risks a single outlet raises."""
    if not alone:
        return compose(
            "Each of {all} is raised by more than one outlet, counting an outlet, what it reprints "
            "and who restates it as one.",
            all=count_risks(risks, risks),
        )
    return compose_plural(
        "{alone:bare} of {all} is raised by a single outlet, counting an outlet, what it reprints "
        "and who restates it as one.",
        "{alone:bare} of {all} are raised by a single outlet, counting an outlet, what it reprints "
        "and who restates it as one.",
        by="alone",
        alone=count_risks(alone, risks),
        all=count_risks(risks, risks),
    )


def _tell_silent(risks: list[Risk]) -> Text:
    """Say which groups of speakers raise no risk, and in how many passages they speak."""
    silent = [
        compose("{group} ({count})", group=name(GROUPS.get(group, group)), count=count_rows(found))
        for group, found in find_silent(risks).items()
    ]
    if silent:
        return compose(
            "These speakers raise none, but name remedies or dispute risks: {groups}.",
            groups=enumerate_parts(silent),
        )
    groups = pd.concat(risk.raising for risk in risks)
    return compose(
        "Each of {groups} of speakers raises at least one risk.",
        groups=Estimate.count(groups["evidence_id"], "groups", groups["group"].nunique()),
    )


def _widest(passages: pd.DataFrame, column: str) -> tuple[str, Estimate]:
    """Find the value of a column that speaks to most risks, and count these."""
    breadth = passages.groupby(column, sort=False)["risk_id"].nunique()
    widest = breadth.index[breadth.argmax()]
    ids = passages.loc[passages[column] == widest, "evidence_id"]
    return str(widest), Estimate.count(ids, "risks", int(breadth.max()))
