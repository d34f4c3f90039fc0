"""Promises: figures on strength that must fit together, held against each other."""

from collections.abc import Iterable

from mss_analysis.charts import draw_intervals
from mss_analysis.contradictions import CONTRADICTION, find_conflicts
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, cite, compose, name
from mss_analysis.strength import ARRIVAL, MISSION, STRENGTHS, off_ladder

NOTHING = "No two figures known on this day are bound by a relation that can be tested."
# The two sides of a declared relation: roles of the first, of the second, and the words for it.
_SIDES = {
    "total": ("total", "part", "{first}, against the sum of its {second}"),
    "subset": ("part", "whole", "{first}, part of {second}"),
    "order": ("lower", "upper", "{first}, within {second}"),
    "same": ("term", "term", "{first}, two statements"),
}
# What a report of people who arrived covers, by how exactly it is dated.
_ARRIVED = {
    "day": "landing of the day",
    "month": "arrivals of the month",
    "year": "arrivals of the year",
}


def confront_statements(evidence: Evidence) -> Exhibit:
    """Show relations that must hold between strengths, and which of them the figures break."""
    verdicts = {conflict.id: conflict for conflict in find_conflicts(evidence)}
    rows: list[Row] = []
    sides: list[Row] = []
    for relation, first, second, words in _relations(evidence):
        conflict = verdicts.get(relation)
        verdict = "can hold"
        if conflict is not None:
            broken = conflict.severity == CONTRADICTION
            verdict = "cannot hold" if broken else "holds by an open wording only"
        for side, figure in (("stated", first), ("held against it", second)):
            sides.append({"Relation": words, "Side": side, "People": figure})
        rows.append(
            {
                "Relation": words,
                "Stated": first,
                "Held against it": second,
                "Gap": _gap(first, second),
                "Verdict": verdict,
                "Source": cite(evidence, (*first.observations, *second.observations)),
            }
        )
    chart = rows and draw_intervals(
        flatten(evidence, sides), "Relation", "People", "People", "Side"
    )
    return exhibit(
        evidence,
        "disagreements",
        "Do promises and findings fit together?",
        _judge_relations(rows),
        rows,
        chart,
        compose(
            "Each relation is declared in the evidence base with the reason why it should hold; a "
            "figure that one document merely repeats is left out. That a relation can hold does "
            "not make its figures true."
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the relation that is broken most widely, if any is."""
    broken = [row for row in confront_statements(evidence).table.rows if _is_broken(row)]
    if not broken:
        return []
    worst = max(broken, key=_width)
    label = "Gap between a stated strength and what it is held against"
    return [Finding("deployment.gap", label, worst["Gap"], _state_gap(worst))]


def _relations(evidence: Evidence) -> Iterable[tuple[str, Estimate, Estimate, Text]]:
    """Read the declared relations between strengths: (identity, one side, the other, words)."""
    rows = evidence.observations.set_index("observation_id")
    for relation, terms in evidence.identities.groupby("identity_id", sort=False):
        stated = rows.loc[terms["observation_id"]]
        about_people = stated["indicator"].str.startswith((*STRENGTHS, ARRIVAL)).all()
        kind = terms["kind"].iloc[0]
        if not about_people or kind not in _SIDES:
            continue
        figures = evidence.estimates(terms)
        if kind == "same":
            is_repeated = len({(figure.low, figure.high) for figure in figures}) == 1
            if is_repeated and stated["source_id"].nunique() == 1:
                continue
            figures = sorted(figures, key=lambda figure: (figure.low, figure.high))
            first, second = figures[0], figures[-1]
        else:
            left, right, _ = _SIDES[kind]
            first, second = (
                total(off_ladder(figure) for figure in evidence.estimates(found))
                for found in (terms[terms["role"] == role] for role in (left, right))
            )
        subjects = stated.loc[[first.observations[0], second.observations[0]]]
        words = _name_subjects(evidence, subjects.to_dict(orient="records"), kind)
        if kind == "total":
            parts = stated.loc[list(second.observations), "indicator"]
            words[1] = name("arrivals" if (parts == ARRIVAL).all() else "parts")
        template = _SIDES[kind][2]
        yield str(relation), first, second, compose(template, first=words[0], second=words[1])


def _name_subjects(evidence: Evidence, rows: list[dict], kind: str) -> list[Text]:
    """Name figures in a few words: who, on which rung and, unless documents agree, where."""
    names, told, cited = [], "", ""
    for row in rows:
        party = row["party"] or MISSION
        arrived = row["indicator"] == ARRIVAL
        words = _ARRIVED.get(row["date_precision"], "arrivals") if arrived else row["status"]
        if party != told:
            words = f"{party}: {words}" if arrived else f"{party} {words}"
        if kind != "same":
            # The date is left to the citation; a chart breaks its labels at commas.
            document = evidence.label(row["source_id"]).rsplit(", ", 1)[0]
            place = f"{document} {row['locator']}" if document != cited else row["locator"]
            words, cited = f"{words} ({place})", document
        names.append(name(words))
        told = party
    return names


def _judge_relations(rows: list[Row]) -> Text:
    if not rows:
        return Text(NOTHING, NOTHING)
    broken = [row for row in rows if _is_broken(row)]
    tested = _count_relations(rows)
    if not broken:
        return compose("Tested: {tested} between these figures; none is broken.", tested=tested)
    return compose(
        "Of {tested} between these figures, {broken} cannot hold. {worst}",
        tested=tested,
        broken=bare(_count_relations(broken)),
        worst=_state_gap(max(broken, key=_width)),
    )


def _count_relations(rows: list[Row]) -> Estimate:
    ids = (entry for row in rows for entry in row["Source"].observations)
    return Estimate.count(ids, "relations", len(rows))


def _is_broken(row: Row) -> bool:
    return row["Verdict"] == "cannot hold"


def _width(row: Row) -> float:
    """How far apart the two sides of a broken relation are at least."""
    return row["Gap"].low


def _state_gap(row: Row) -> Text:
    return compose(
        "The widest gap is {gap}, {first} against {second}: {relation}.",
        gap=row["Gap"],
        first=bare(row["Stated"]),
        second=bare(row["Held against it"]),
        relation=row["Relation"],
    )


def _gap(first: Estimate, second: Estimate) -> Estimate:
    """Take the smaller side from the larger one."""
    smaller, larger = sorted((first, second), key=lambda figure: (figure.low, figure.high))
    return off_ladder(larger) - off_ladder(smaller)
