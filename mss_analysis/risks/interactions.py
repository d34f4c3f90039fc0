"""Who meets whom in the risks, and who may come to harm."""

import altair as alt
import networkx as nx
import pandas as pd

from mss_analysis.count_chart import draw_bars, draw_network
from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.labels import break_lines
from mss_analysis.language import tell, translate
from mss_analysis.prose import (
    Text,
    bare,
    compose,
    compose_plural,
    enumerate_parts,
    join,
    name,
)
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
from mss_analysis.risks.tally import flatten_counts, nothing
from mss_analysis.risks.vocabulary import ACTORS, list_titles, name_pair

# Longest line of an actor’s name in the network, in letters.
_NAME = 14


def map_interactions(evidence: Evidence) -> Exhibit:
    """Show between which actors the risks lie; a tie's width is its number of risks."""
    risks = read_risks(evidence)
    ties = tie_actors(risks)
    rows: list[Row] = [
        {
            "Between": name_pair(first, second),
            "Risks": count_risks(found, risks),
            "Reported as fact": count_risks(
                [risk for risk in found if risk.status == REPORTED], found
            ),
            "Which": list_titles(found),
        }
        for (first, second), found in ties.items()
    ]
    answer, chart = nothing(), None
    if rows:
        count = Estimate.count(count_risks(risks, risks).observations, "ties", len(ties))
        answer = compose("The risks lie on {ties} between kinds of actors.", ties=count)
        if apart := [actor for actor in ACTORS if not any(actor in pair for pair in ties)]:
            answer = compose(
                "{answer} None of them involves these: {apart}.",
                answer=answer,
                apart=enumerate_parts([name(ACTORS[actor]) for actor in apart]),
            )
        chart = _draw(evidence, rows, list(ties))
    return exhibit(
        evidence,
        "interaction-network",
        tell("Between which actors do the risks lie?"),
        answer,
        rows,
        chart,
        compose(
            "A tie counts risks between two kinds of actors, in either direction; its tooltip "
            "names them. One risk can lie on several ties. Which actors a risk lies between is "
            "this project’s reading of its passages. The mission is led by police and stands "
            "apart from armed forces."
        ),
        headline=_tell_strongest(ties, risks) if ties else None,
        subtitle=tell(
            "Number of risks between each two kinds of actors in Haiti; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
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
                    "Actor": name(ACTORS.get(actor, actor)),
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
                    "Ties with": join([name(ACTORS.get(other, other)) for other in others], ", "),
                }
            )
    rows.sort(key=lambda row: -row["Risks"].low)
    answer, headline = nothing(), None
    if rows:
        first = rows[0]
        headline = compose(
            "No kind of actor has a part in more risks than “{actor}”: {count} of {all}.",
            actor=first["Actor"],
            count=bare(first["Risks"]),
            all=count_risks(risks, risks),
        )
        answer = compose(
            "First comes “{actor}”, with {count}, {reported} of them reported as fact, and "
            "{ties} to other kinds of actors.",
            actor=first["Actor"],
            count=first["Risks"],
            reported=bare(first["Reported as fact"]),
            ties=first["Ties"],
        )
    chart = rows and draw_bars(flatten_counts(evidence, rows), "Actor", "Risks", tell("Risks"))
    return exhibit(
        evidence,
        "actors",
        tell("Who has a part in most risks?"),
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
        headline=headline,
        subtitle=tell(
            "Number of risks in which each kind of actor has a part; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
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
            "Which": list_titles(found),
        }
        for affected, concerned in groups.items()
        for status in (REPORTED, FORESEEN)
        if (found := [risk for risk in concerned if risk.status == status])
    ]
    answer, headline = nothing(), None
    if groups:
        most = next(iter(groups.values()))
        first = [name(group) for group, found in groups.items() if len(found) == len(most)]
        headline = compose(
            "Named in most risks: {groups}, in {count} of {all}.",
            groups=enumerate_parts(first),
            count=bare(count_risks(most, risks)),
            all=count_risks(risks, risks),
        )
        answer = _tell_affected(groups, risks)
    frame = flatten_counts(evidence, rows, "Risks", "Which")
    chart = rows and draw_bars(frame, "Affected", "Risks", tell("Risks"), "Status")
    return exhibit(
        evidence,
        "affected",
        tell("Who may come to harm?"),
        answer,
        rows,
        chart,
        compose(
            "“Reported as fact” says that a passage reports harm, or a condition that the risk "
            "describes, not that everybody named beside it was harmed. How many people are "
            "concerned is not in this count."
        ),
        headline=headline,
        subtitle=tell(
            "Number of risks in which each group may come to harm, by status; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude from the actors of the risks; only what is known on the day appears."""
    risks = read_risks(evidence)
    found = []
    if ties := tie_actors(risks):
        count = count_risks(next(iter(ties.values())), risks)
        text = _tell_strongest(ties, risks)
        found.append(
            Finding("risks.strongest-tie", tell("Risks on the strongest tie"), count, text)
        )
    mission = find_silent(risks).get("mission")
    if mission is not None:
        count = count_rows(mission)
        text = compose_plural(
            "The mission speaks in {count}, which names a remedy or disputes a risk and raises "
            "none.",
            "The mission speaks in {count}; they name remedies or dispute risks, and none raises "
            "one.",
            by="count",
            count=count,
        )
        found.append(Finding("risks.mission-voice", tell("Passages of the mission"), count, text))
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
        "No two kinds of actors share more risks than “{pair}”: {count} of {all}.",
        pair=name_pair(first, second),
        count=bare(count_risks(shared, risks)),
        all=count_risks(risks, risks),
    )


def _tell_affected(groups: dict[str, list[Risk]], risks: list[Risk]) -> Text:
    """Say how many groups of people may come to harm."""
    ids = count_risks(risks, risks).observations
    return compose(
        "The risks name {groups} of people; one risk can name several.",
        groups=Estimate.count(ids, "groups", len(groups)),
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
                "count": entry["Risks"],
                "says": tell(
                    "The tie “{pair}” carries {count} ({risks}), by {sources}.",
                    pair=entry["Between"],
                    count=entry["Risks_text"],
                    risks=entry["Which"],
                    sources=entry["source"],
                ),
                "observation": entry["observation"],
                "source": entry["source"],
            }
            for (first, second), entry in zip(pairs, marks, strict=True)
        ]
    )
    called = nodes["actor"].map(
        lambda actor: break_lines(translate(ACTORS.get(actor, actor)), width=_NAME)
    )
    return draw_network(nodes.assign(actor=called), ties)
