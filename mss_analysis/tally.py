"""Counts of passages and measures, ready for charts."""

import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Row, flatten
from mss_analysis.prose import name
from mss_analysis.register import Risk, count_rows

NOTHING = "No document known on this day names a risk."
STANCES = {"raises": "raises the risk", "disputes": "disputes it", "mitigates": "names a remedy"}


def count_cells(risks: list[Risk], column: str, labels: dict[str, str]) -> list[Row]:
    """Count the passages of each risk by one of their columns, in the order of the labels."""
    cells: list[Row] = []
    for risk in risks:
        named = risk.passages[column].map(labels)
        for label in dict.fromkeys(labels.values()):
            found = risk.passages[named == label]
            if len(found):
                counts = found["stance"].value_counts().reindex(list(STANCES)).dropna()
                says = [f"{STANCES[stance]}: {number:.0f}" for stance, number in counts.items()]
                cells.append(
                    {
                        "Risk": risk.title,
                        column: name(label),
                        "Passages": count_rows(found),
                        "detail": name(", ".join(says)),
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
        frame.loc[index, "source"] = "; ".join(named)
    if len(frame) and detail:
        frame[f"{count}_text"] += " (" + frame[detail] + ")"
    return frame
