"""Who meets whom in the risks, who may come to harm, and who speaks of it."""

import altair as alt
import networkx as nx
import pandas as pd

from mss_analysis.charts import draw_bars, draw_network
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, bare, compose, enumerate_parts, name
from mss_analysis.risks.register import (
    FORESEEN,
    REPORTED,
    Risk,
    count_risks,
    count_rows,
    find_gaps,
    find_silent,
    group_affected,
    read_risks,
    tie_actors,
)
from mss_analysis.risks.risk_chart import draw_cells
from mss_analysis.risks.tally import NOTHING, count_cells, flatten_counts

# In this order around the circle, whatever is known, so that two vintages can be compared.
ACTORS = ("civil", "police", "mission", "military", "humanitarian", "government", "gang")
# A matrix with more columns can't be read; what has fewest passages is put together.
_MOST_COLUMNS = 12
_OTHERS = "others"


def map_interactions(evidence: Evidence) -> Exhibit:
    """Show between which actors the risks lie; a tie's width is its number of risks."""
    risks = read_risks(evidence)
    ties = tie_actors(risks)
    rows: list[Row] = [
        {
            "Between": f"{first} and {second}",
            "Risks": count_risks(found, risks),
            "Reported as fact": count_risks(
                [risk for risk in found if risk.status == REPORTED], found
            ),
            "Which": name("; ".join(risk.title for risk in found)),
        }
        for (first, second), found in ties.items()
    ]
    answer, chart = Text(NOTHING, NOTHING), None
    if rows:
        answer = _tell_strongest(ties, risks)
        if apart := [actor for actor in ACTORS if not any(actor in pair for pair in ties)]:
            answer = compose(
                "{answer} None involves {apart} actors.",
                answer=answer,
                apart=enumerate_parts(apart),
            )
        chart = _draw(evidence, rows, list(ties))
    return exhibit(
        evidence,
        "interaction-network",
        "Between which actors do the risks lie?",
        answer,
        rows,
        chart,
        compose(
            "A tie counts risks between two kinds of actors, in either direction; its tooltip "
            "names them. One risk can lie on several ties. Which actors a risk lies between is "
            "this project’s reading of its passages. The mission is led by police; “military” "
            "stands for armed forces."
        ),
    )


def weigh_actors(evidence: Evidence) -> Exhibit:
    """Show in how many risks each kind of actor has a part, and with how many others."""
    risks = read_risks(evidence)
    ties = tie_actors(risks)
    rows: list[Row] = []
    for actor in dict.fromkeys([*ACTORS, *(actor for pair in ties for actor in pair)]):
        found = [risk for risk in risks if any(actor in pair for pair in risk.ties)]
        others = sorted({other for pair in ties if actor in pair for other in pair} - {actor})
        if found:
            gaps = find_gaps(found)
            rows.append(
                {
                    "Actor": actor,
                    "Risks": count_risks(found, risks),
                    "Reported as fact": count_risks(
                        [risk for risk in found if risk.status == REPORTED], found
                    ),
                    "Of these no measure in place": count_risks(gaps, found) if gaps else None,
                    "Ties": Estimate.count(
                        [entry for risk in found for entry in risk.raising["evidence_id"][:1]],
                        "ties",
                        len(others),
                    ),
                    "Ties with": ", ".join(others),
                }
            )
    rows.sort(key=lambda row: -row["Risks"].low)
    answer = Text(NOTHING, NOTHING)
    if rows:
        answer = compose(
            "No kind of actor has a part in more risks than {actor} actors: {count} of {all}.",
            actor=str(rows[0]["Actor"]),
            count=bare(rows[0]["Risks"]),
            all=count_risks(risks, risks),
        )
    chart = rows and draw_bars(flatten_counts(evidence, rows), "Actor", "Risks", "Risks")
    return exhibit(
        evidence,
        "actors",
        "Who has a part in most risks?",
        answer,
        rows,
        chart,
        compose(
            "This is degree centrality, the plainest kind: in how many risks an actor has a part, "
            "and how many others it is tied to. Measures of who stands between others "
            "(betweenness) are left out, since nothing travels along these ties. A high count "
            "follows from the subject too: the register was written about the mission, so the "
            "mission is in most of it."
        ),
    )


def count_affected(evidence: Evidence) -> Exhibit:
    """Show who may come to harm, by number of risks."""
    risks = read_risks(evidence)
    groups = group_affected(risks)
    rows: list[Row] = [
        {
            "Affected": affected,
            "Status": status,
            "Risks": count_risks(found, risks),
            "Which": name("; ".join(risk.title for risk in found)),
        }
        for affected, concerned in groups.items()
        for status in (REPORTED, FORESEEN)
        if (found := [risk for risk in concerned if risk.status == status])
    ]
    answer = Text(NOTHING, NOTHING)
    if groups:
        most = next(iter(groups.values()))
        first = [group for group, found in groups.items() if len(found) == len(most)]
        answer = compose(
            "{first} are named most often: in {count} of {all}{each}.",
            first=enumerate_parts([name(first[0][0].upper() + first[0][1:]), *first[1:]]),
            each=" each" if len(first) > 1 else "",
            count=bare(count_risks(most, risks)),
            all=count_risks(risks, risks),
        )
    chart = rows and draw_bars(
        flatten_counts(evidence, rows, "Risks", "Which"), "Affected", "Risks", "Risks", "Status"
    )
    return exhibit(
        evidence,
        "affected",
        "Who may come to harm?",
        answer,
        rows,
        chart,
        compose(
            "“Reported as fact” says that a passage reports harm, or a condition that the risk "
            "describes, not that everybody named beside it was harmed. How many people are "
            "concerned is not in this count."
        ),
    )


def cross_documents(evidence: Evidence) -> Exhibit:
    """Show which document speaks to which risk; many documents are put together by kind."""
    risks = read_risks(evidence)
    answer, column = Text(NOTHING, NOTHING), "document"
    if risks:
        passages = pd.concat(risk.passages for risk in risks)
        column = "kind" if passages["source_id"].nunique() > _MOST_COLUMNS else "document"
        widest, touched = _widest(passages, "document")
        alone = [risk for risk in risks if risk.raising["outlet"].nunique() == 1]
        answer = compose(
            "{document}, speaks to {touched} of {all}. {alone} of the {all} {are} raised by a "
            "single outlet, counting what it reprints and who restates it as one.",
            document=name(widest),
            touched=bare(touched),
            all=count_risks(risks, risks),
            alone=bare(count_risks(alone, risks)),
            are="is" if len(alone) == 1 else "are",
        )
    return _cross(
        evidence,
        risks,
        column,
        "risk-by-document",
        "Which documents speak to which risk?",
        answer,
        compose(
            "A cell counts the independent origins of all stances: the fewest, with a plus where "
            "there may be more; its tooltip tells the stances apart. Where documents are many, "
            "columns are kinds of documents, and an origin that speaks in two kinds stands in both."
        ),
    )


def cross_speakers(evidence: Evidence) -> Exhibit:
    """Show which group of speakers speaks to which risk."""
    risks = read_risks(evidence)
    answer = Text(NOTHING, NOTHING)
    if risks:
        widest, touched = _widest(pd.concat(risk.raising for risk in risks), "group")
        answer = compose(
            "Speakers of the group “{group}” raise the most: {touched} of {all}.",
            group=widest,
            touched=bare(touched),
            all=count_risks(risks, risks),
        )
        if silent := find_silent(risks):
            answer = compose(
                "{answer} {lead} {deeds}: {groups}.",
                answer=answer,
                lead="These groups raise none; they"
                if len(silent) > 1
                else "This group raises none; its speakers",
                deeds=_name_deeds(pd.concat(silent.values())),
                groups=enumerate_parts(
                    [
                        compose("{group} ({count})", group=group, count=count_rows(found))
                        for group, found in silent.items()
                    ]
                ),
            )
    return _cross(
        evidence,
        risks,
        "group",
        "risk-by-speaker",
        "Who speaks to which risk?",
        answer,
        compose(
            "A cell counts the independent origins of all stances: the fewest, with a plus where "
            "there may be more. The group is "
            "that of the speaker, not of the document: an aid worker whom a newspaper quotes is "
            "humanitarian. “Media” are documents that speak in their own voice. Who is missing may "
            "not have been asked."
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the actors of the risks; only what is known on the day appears."""
    risks = read_risks(evidence)
    found = []
    if ties := tie_actors(risks):
        count = count_risks(next(iter(ties.values())), risks)
        text = _tell_strongest(ties, risks)
        found.append(Finding("risks.strongest-tie", "Risks on the strongest tie", count, text))
    mission = find_silent(risks).get("mission")
    if mission is not None:
        count = count_rows(mission)
        text = compose(
            "The mission speaks in {count}; none raises a risk, all {deeds}.",
            count=count,
            deeds=_name_deeds(mission),
        )
        found.append(Finding("risks.mission-voice", "Passages of the mission", count, text))
    return found


def lay_out(actors: list[str]) -> pd.DataFrame:
    """Place actors on a circle in [0, 1]; the same actors always stand in the same places."""
    places = nx.circular_layout(actors)
    return pd.DataFrame(
        [
            {"actor": actor, "x": round((x + 1) / 2, 4), "y": round((y + 1) / 2, 4)}
            for actor, (x, y) in places.items()
        ]
    )


def _tell_strongest(ties: dict[tuple[str, str], list[Risk]], risks: list[Risk]) -> Text:
    """Say between which actors most risks lie."""
    (first, second), shared = next(iter(ties.items()))
    return compose(
        "No two kinds of actors share more risks than {pair} actors: {count} of {all}.",
        pair=f"{first} and {second}",
        count=bare(count_risks(shared, risks)),
        all=count_risks(risks, risks),
    )


def _draw(evidence: Evidence, rows: list[Row], pairs: list[tuple[str, str]]) -> alt.LayerChart:
    """Draw the network of actors; each mark of a tie names its risks."""
    others = sorted({actor for pair in pairs for actor in pair} - set(ACTORS))
    nodes = lay_out([*ACTORS, *others])
    places = nodes.set_index("actor")
    marks = flatten_counts(evidence, rows).to_dict(orient="records")
    ties = pd.DataFrame(
        [
            {
                "x": places.loc[first, "x"],
                "y": places.loc[first, "y"],
                "x2": places.loc[second, "x"],
                "y2": places.loc[second, "y"],
                "count": mark["Risks"],
                "says": f"{mark['Between']}, {mark['Risks_text']}: {mark['Which']}. "
                f"{mark['source']}.",
                "observation": mark["observation"],
                "source": mark["source"],
            }
            for (first, second), mark in zip(pairs, marks, strict=True)
        ]
    )
    return draw_network(nodes, ties)


def _name_deeds(passages: pd.DataFrame) -> str:
    """Say what passages do that raise no risk."""
    deeds = {"mitigates": "name remedies", "disputes": "dispute risks"}
    return " or ".join(
        words for stance, words in deeds.items() if (passages["stance"] == stance).any()
    )


def _widest(passages: pd.DataFrame, column: str) -> tuple[str, Estimate]:
    """Find the value of a column that speaks to most risks, and count these."""
    breadth = passages.groupby(column, sort=False)["risk_id"].nunique()
    widest = breadth.index[breadth.argmax()]
    ids = passages.loc[passages[column] == widest, "evidence_id"]
    return str(widest), Estimate.count(ids, "risks", int(breadth.max()))


def _cross(
    evidence: Evidence,
    risks: list[Risk],
    column: str,
    identifier: str,
    title: str,
    answer: Text,
    note: Text,
) -> Exhibit:
    """Cross risks with a column of their passages, one row a risk."""
    rows: list[Row] = []
    chart = None
    if risks:
        passages = pd.concat(risk.passages for risk in risks)
        kept = passages[column].value_counts().index[:_MOST_COLUMNS]
        # Documents stand in the order in which they became known, what is put together last.
        known = passages["source_id"].map(evidence.sources.set_index("source_id")["known"])
        entries = passages.loc[known.sort_values(kind="stable").index, column].unique()
        labels = {entry: entry for entry in entries if entry in kept}
        labels |= {entry: _OTHERS for entry in entries if entry not in kept}
        cells = count_cells(risks, column, labels)
        filled = {(cell["Risk"], str(cell[column])): cell["Origins"] for cell in cells}
        rows = [
            {"Risk": risk.title}
            | {label: filled.get((risk.title, label)) for label in dict.fromkeys(labels.values())}
            for risk in risks
        ]
        frame = flatten_counts(evidence, cells, "Origins", "detail")
        chart = draw_cells(frame, column, "Risk", "Origins")
    return exhibit(evidence, identifier, title, answer, rows, chart, note)
