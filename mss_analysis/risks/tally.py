"""Counts of origins, passages and measures, ready for charts."""

import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Row, flatten
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, compose, join, name
from mss_analysis.risks.register import Risk, count_origins
from mss_analysis.risks.vocabulary import STANCES

NOTHING = mark("No document known on this day names a risk.")


def nothing() -> Text:
    """Say that no risk is known."""
    return compose(NOTHING)


def count_cells(risks: list[Risk], column: str, labels: dict[str, str]) -> list[Row]:
    """Count the origins of each risk by a column of its passages, in the order of the labels.

    ``detail`` says by how many origins each stance is taken.
    """
    cells: list[Row] = []
    for risk in risks:
        # Groups of few columns are made several times as fast as groups of all.
        passages = risk.passages[["evidence_id", "voice", "outlet", "body", "stance"]]
        groups = dict(list(passages.groupby(risk.passages[column].map(labels))))
        for label in dict.fromkeys(labels.values()):
            if label not in groups:
                continue
            found = groups[label]
            stances = dict(list(found.groupby("stance")))
            says = [
                compose("{stance}: {count}", stance=words, count=count_origins(stances[stance]))
                for stance, words in STANCES.items()
                if stance in stances
            ]
            cells.append(
                {
                    "Risk": risk.title,
                    column: name(label),
                    "Origins": count_origins(found),
                    "detail": join(says, ", "),
                }
            )
    return cells


def flatten_counts(
    evidence: Evidence, rows: list[Row], count: str = "", detail: str = ""
) -> pd.DataFrame:
    """Flatten counts; a mark that rests on many passages names their documents only.

    The words of column ``detail`` follow the figure of column ``count`` where a mark tells it.
    """
    frame = flatten(evidence, rows)
    documents = {
        identifier: evidence.label(source)
        for table in (evidence.passages, evidence.mitigations)
        for identifier, source in zip(table.iloc[:, 0], table["source_id"], strict=True)
    }
    for index, ids in enumerate(frame.get("observation", ())):
        named = dict.fromkeys(documents[entry] for entry in ids.split())
        frame.loc[index, "source"] = tell("; ").join(named)
    if len(frame) and detail:
        frame[f"{count}_text"] += " (" + frame[detail] + ")"
    return frame
