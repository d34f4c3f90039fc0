"""Headlines: what stands above a chart where its main finding is not known yet."""

from collections.abc import Sequence

from mss_analysis.exhibit import Row
from mss_analysis.prose import Text, as_text, compose


def head_row(rows: Sequence[Row], label: str, figure: str) -> Text | None:
    """Tell the first row that has a figure: its label and the figure; nothing without rows."""
    row = next((row for row in rows if row[figure] is not None), None)
    if row is None:
        return None
    return compose("{what}: {amount}", what=as_text(row[label]), amount=row[figure])
