"""What the words of the risk tables are called on a page, in English, marked for translation."""

from collections.abc import Iterable

import pandas as pd

from mss_analysis.language import has_name, mark, mark_plural, name_of, tell
from mss_analysis.prose import (
    Text,
    compose,
    compose_plural,
    enumerate_parts,
    join,
    name,
    refer,
    told,
)
from mss_analysis.risks.register import MEASURES, Risk, count_rows

# In this order around the circle, whatever is known, so that two vintages can be compared.
ACTORS = {
    "civil": mark("residents"),
    "police": mark("national police"),
    "mission": mark("mission"),
    "military": mark("armed forces"),
    "humanitarian": mark("aid organisations"),
    "government": mark("governments"),
    "gang": mark("gangs"),
}
# Who speaks in a passage.
GROUPS = {
    "UN": mark("UN bodies"),
    "civil": mark("civil society"),
    "expert": mark("experts"),
    "gang": mark("gangs"),
    "government": mark("governments"),
    "humanitarian": mark("aid organisations"),
    "media": mark("media"),
    "military": mark("armed forces"),
    "mission": mark("mission"),
    "police": mark("national police"),
}
# Kinds of documents, put together so that a phone can show all columns.
KINDS = {
    "un-report": mark("UN bodies"),
    "un-news": mark("UN bodies"),
    "government": mark("governments"),
    "ngo": mark("NGOs"),
    "academic": mark("research"),
    "think-tank": mark("research"),
    "wire": mark("press"),
    "news": mark("press"),
    "interview": mark("press"),
    "blog": mark("blogs, digests"),
    "digest": mark("blogs, digests"),
    "encyclopaedia": mark("blogs, digests"),
}
STANCES = {
    "raises": mark("raises the risk"),
    "disputes": mark("disputes it"),
    "mitigates": mark("names a remedy"),
}
STATUSES = {"reported": mark("reported as fact"), "foreseen": mark("foreseen")}
# Who may come to harm: the words of `risks.csv`, which stand on a page as they are.
AFFECTED = (
    mark("children"),
    mark("civil society"),
    mark("civilians"),
    mark("contributing states"),
    mark("detainees"),
    mark("displaced people"),
    mark("families"),
    mark("former gang members"),
    mark("Haitian authorities"),
    mark("Haitian National Police"),
    mark("humanitarian staff"),
    mark("interpreters"),
    mark("mission personnel"),
    mark("patients"),
    mark("residents outside the capital"),
    mark("suspects"),
    mark("victims"),
    mark("women"),
    mark("youth"),
)


# How a count of measures is told, by how far they got.
_TALLIES = {
    "implemented": mark_plural("{number:bare} implemented", "{number:bare} implemented"),
    "adopted": mark_plural("{number:bare} adopted", "{number:bare} adopted"),
    "announced": mark_plural("{number:bare} announced", "{number:bare} announced"),
    "proposed": mark_plural("{number:bare} proposed", "{number:bare} proposed"),
    "absent": mark_plural("{number:bare} absent", "{number:bare} absent"),
}


def tally_measures(measures: pd.DataFrame) -> Text | None:
    """Count measures by how far they got."""
    groups = dict(list(measures.groupby("status")))
    parts = [
        compose_plural(*_TALLIES[rung], by="number", number=count_rows(groups[rung], "measures"))
        for rung in MEASURES
        if rung in groups
    ]
    return enumerate_parts(parts) if parts else None


def name_pair(first: str, second: str) -> Text:
    """Name two kinds of actors between whom risks lie."""
    return compose(
        "{first} – {second}",
        first=name(ACTORS.get(first, first)),
        second=name(ACTORS.get(second, second)),
    )


def list_titles(risks: Iterable[Risk]) -> Text:
    """List the names of risks."""
    return join([told(risk.title) for risk in risks], tell("; "))


def retell(identifier: str, words: str) -> Text:
    """Retell a passage or a measure in the language, if it has words for it, and lead there."""
    found = refer([identifier], name_of(words))
    if has_name(words):
        return found
    return Text(f'<span lang="en">{found.html}</span>', found.plain, found.observations)
