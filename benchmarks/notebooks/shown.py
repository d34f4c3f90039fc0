"""Charts as the press wants them: with a text alternative, a table, data and tooltips."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

EXHIBIT = "application/vnd.mss.exhibit+json"


class Shown:
    """A chart with the rows that it shows; elsewhere than in the press, it is Altair's HTML."""

    def __init__(self, name: str, chart: Any, rows: pd.DataFrame) -> None:
        """Nothing is drawn yet."""
        self.name, self.chart, self.rows = name, chart, rows

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        spec = self.chart.to_dict()
        exhibit = {
            "id": self.name,
            "title": f"The {self.name}",
            "headline": f"The {self.name} rise and fall.",
            "subtitle": "What was counted on days of a year, by kind",
            "alt": f"The {self.name}, as the table beside them.",
            "spec": spec,
            "table": f'<div class="method">{self.rows.head(12).to_html(index=False)}</div>',
            "csv": self.rows.to_csv(index=False),
        }
        page = alt.utils.spec_to_html(
            spec,
            mode="vega-lite",
            vega_version=alt.VEGA_VERSION,
            vegalite_version=alt.VEGALITE_VERSION,
            vegaembed_version=alt.VEGAEMBED_VERSION,
            fullhtml=False,
            output_div=f"chart-{self.name}",
        )
        return {EXHIBIT: exhibit, "text/html": page, "text/plain": exhibit["title"]}


def tell(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a sentence each, for tooltips."""
    return rows.assign(says=rows["count"].astype(str) + " were counted.")
