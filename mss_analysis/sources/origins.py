"""Origins: who counted, who repeats whom, and which of them are parties to what they count."""

from dataclasses import dataclass

from mss_analysis.count_chart import draw_bars
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import Text, bare, compose, name
from mss_analysis.sources.holdings import (
    count_documents,
    count_figures,
    count_rows,
    shorten,
    summarise,
)
from mss_analysis.sources.source_charts import draw_ties

SIDES = {
    "conflict": mark("party to the conflict"),
    "mission": mark("mission, contributor or donor"),
    "": mark("not marked as a party"),
}
UNNAMED = mark("no origin named")
_KINDS = {
    "un": mark("UN body"),
    "ngo": mark("NGO"),
    "government": mark("government body"),
    "police": mark("police force"),
    "mission": mark("mission"),
    "media": mark("media"),
    "academic": mark("research body"),
    "union": mark("trade union"),
    "local": mark("local source"),
    "other": mark("other"),
}
_MOST, _WIDEST = 20, 14


@dataclass(frozen=True)
class Origin:
    """Somebody who counts: all names under which it counts as one, and what rests on it."""

    name: str
    kind: str
    side: str
    aliases: tuple[str, ...]
    figures: tuple[str, ...]
    sources: tuple[str, ...]
    publishers: int

    @property
    def group(self) -> str:
        """Say whether it is a party to what it counts."""
        return SIDES[self.side] if self.name else UNNAMED


def read_origins(evidence: Evidence) -> list[Origin]:
    """Read who counted, the most widely repeated first; figures without an origin come last.

    Names that count as one (``origins.csv``, ``counts_with``) are one origin.
    """
    listed = evidence.tables["origins"].set_index("origin")
    sides = evidence.tables["parties"].set_index("party")["side"].to_dict()
    columns = ["source_id", "publisher"]
    rows = evidence.observations.merge(evidence.sources[columns], on="source_id", how="left")
    found = []
    for origin, group in rows.groupby("origin", sort=False):
        entry = listed.loc[origin] if origin in listed.index else {"kind": "", "party": ""}
        found.append(
            Origin(
                str(origin),
                entry["kind"],
                sides.get(entry["party"], ""),
                tuple(dict.fromkeys(group["attributed_to"])),
                tuple(group["observation_id"]),
                tuple(dict.fromkeys(group["source_id"])),
                group["publisher"].nunique(),
            )
        )
    return sorted(found, key=lambda entry: (not entry.name, -len(entry.sources), entry.name))


def trace_origins(evidence: Evidence) -> Exhibit:
    """Show who counted, and how many figures and documents rest on each."""
    origins = read_origins(evidence)
    rows: list[Row] = [
        {
            "Origin": name(origin.name or UNNAMED),
            "Kind": name(_KINDS.get(origin.kind, origin.kind)),
            "Party to what it counts?": SIDES[origin.side] if origin.name else "",
            "Figures": count_figures(origin.figures),
            "Documents": count_documents(evidence, origin.sources),
            "Publishers": count_rows(origin.figures, "publishers", origin.publishers),
            "Also told as": name(
                ", ".join(alias for alias in origin.aliases if alias != origin.name)
            ),
        }
        for origin in origins
    ]
    shown = sorted(origins, key=lambda origin: -len(origin.figures))[:_MOST]
    cells: list[Row] = [
        {
            "Origin": name(origin.name or UNNAMED),
            "Figures": count_figures(origin.figures),
            "Party": name(origin.group),
        }
        for origin in shown
    ]
    answer = headline = None
    unnamed = [entry for origin in origins if not origin.name for entry in origin.figures]
    every = count_rows(evidence.observations["observation_id"], "figures") if origins else None
    if unnamed:
        answer = compose(
            "For {unnamed} of {every} no origin is named: the document speaks in its own voice, "
            "and who counted is not guessed here. Named most often: {most}.",
            unnamed=bare(count_rows(unnamed, "figures")),
            every=every,
            most=_name_most(origins),
        )
    elif every:
        answer = compose("An origin is named for all of {every}.", every=every)
    if every:
        headline = (
            compose(
                "No origin is named for {unnamed} of {every}; named most often: {most}",
                unnamed=bare(count_rows(unnamed, "figures")),
                every=every,
                most=_name_most(origins),
            )
            if unnamed
            else compose("Named most often: {most}", most=_name_most(origins))
        )
    chart = (
        draw_bars(shorten(evidence, cells), "Origin", "Figures", tell("Figures"), "Party")
        if cells
        else None
    )
    return summarise(
        evidence,
        "origins",
        tell("Who counted, according to the documents?"),
        answer,
        rows,
        chart,
        compose(
            "Several documents that repeat one origin’s figure are one witness. A party to the "
            "conflict or the mission speaks for itself: its figures are kept, and marked. Where "
            "there are many origins, the chart shows those with the most figures."
        ),
        headline=headline,
        subtitle=tell("Figures in the evidence base, by who counted, as far as it is named"),
    )


def draw_repeats(evidence: Evidence) -> Exhibit:
    """Show through which kinds of document the figures of each origin reach the reader."""
    origins = [origin for origin in read_origins(evidence) if origin.name][:_WIDEST]
    kinds = evidence.sources.set_index("source_id")["type"].map(evidence.type_labels).to_dict()
    rows: list[Row] = []
    groups: list[str] = []
    for origin in origins:
        through: dict[str, list[str]] = {}
        for source in origin.sources:
            through.setdefault(kinds[source], []).append(source)
        for kind, sources in sorted(through.items(), key=lambda pair: -len(pair[1])):
            rows.append(
                {
                    "Origin": name(origin.name),
                    "Reaches us through": name(kind),
                    "Documents": count_documents(evidence, sources),
                }
            )
            groups.append(translate(origin.group))
    answer = chart = headline = None
    if rows:
        widest = origins[0]
        answer = compose(
            "The origin repeated most widely is {origin}: its figures stand in {documents} of "
            "{publishers}, and it remains one witness.",
            origin=name(widest.name),
            documents=count_documents(evidence, widest.sources),
            publishers=count_rows(widest.figures, "publishers", widest.publishers),
        )
        frame = shorten(evidence, rows).assign(group=groups)
        ties = frame.rename(
            columns={"Origin": "from", "Reaches us through": "to", "Documents": "count"}
        )
        ties["says"] = [
            tell(
                "Figures of “{origin}” reach us through “{kind}” in {documents}: {source}.",
                origin=row["from"],
                kind=row["to"],
                documents=row["Documents_text"],
                source=row["source"],
            )
            for row in ties.to_dict(orient="records")
        ]
        headline = compose(
            "One witness, {origin}, stands behind figures in {documents}",
            origin=name(widest.name),
            documents=count_documents(evidence, widest.sources),
        )
        columns = ["from", "to", "count", "group", "says", "observation"]
        totals = ties.groupby("to")["count"].sum().sort_values(ascending=False)
        marked = [translate(group) for group in (*SIDES.values(), UNNAMED)]
        marked = [group for group in marked if group in set(groups)]
        named = [name(origin.name).plain for origin in origins]
        chart = draw_ties(ties[columns], named, list(totals.index), marked)
    return summarise(
        evidence,
        "origin-network",
        tell("Who repeats whom: through which documents does each count reach the reader?"),
        answer,
        rows,
        chart,
        compose(
            "The wider a tie, the more documents of that kind state a figure of the origin. The "
            "most widely repeated origins are shown; a document may state figures of several."
        ),
        headline=headline,
        subtitle=tell("Documents that pass on an origin’s figures, by kind of document"),
    )


def count_reprints(evidence: Evidence) -> Exhibit:
    """Show whose text other pages reprint or rewrite."""
    sources = evidence.sources
    known = dict(zip(sources["source_id"], sources["publisher"], strict=True))
    repeated = sources[sources["reprint_of"] != ""]
    whose = repeated["reprint_of"].map(lambda entry: known.get(entry, entry))
    groups = sorted(repeated.groupby(whose, sort=False), key=lambda pair: -len(pair[1]))
    rows: list[Row] = [
        {
            "Repeated": name(str(origin)),
            "Documents": count_documents(evidence, group["source_id"]),
            "Who repeats": name(tell("; ").join(dict.fromkeys(group["publisher"]))),
        }
        for origin, group in groups
    ]
    answer = compose("No document known on this day is marked as a reprint.")
    chart = headline = None
    if rows:
        headline = compose(
            "{reprints} of {every} repeat somebody else’s text, most often {most}",
            reprints=bare(count_documents(evidence, repeated["source_id"])),
            every=count_documents(evidence, sources["source_id"]),
            most=rows[0]["Repeated"],
        )
        answer = compose(
            "{reprints} of {every} reprint or rewrite somebody else, most often {most} ({times}).",
            reprints=bare(count_documents(evidence, repeated["source_id"])),
            every=count_documents(evidence, sources["source_id"]),
            most=rows[0]["Repeated"],
            times=rows[0]["Documents"],
        )
        chart = draw_bars(
            shorten(evidence, rows[:_MOST]), "Repeated", "Documents", tell("Documents")
        )
    return summarise(
        evidence,
        "reprints",
        tell("Whose text do other pages repeat?"),
        answer,
        rows,
        chart,
        compose(
            "Only what a page says or shows of itself is marked; unmarked pages may repeat "
            "somebody, too."
        ),
        headline=headline,
        subtitle=tell("Documents that say or show that they repeat another, by whom they repeat"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how few witnesses stand behind many figures."""
    origins = read_origins(evidence)
    named = [origin for origin in origins if origin.name]
    if not named:
        return []
    ids = [origin.figures[0] for origin in named]
    traced = tuple(entry for origin in named for entry in origin.figures)
    count = count_rows(ids, "origins")
    every = count_rows(evidence.observations["observation_id"], "figures")
    text = compose(
        "Behind {traced} of {every} stand {origins} that the documents name; the one repeated "
        "most widely, {widest}, reaches the reader through {documents}.",
        traced=bare(count_rows(traced, "figures")),
        every=every,
        origins=count,
        widest=name(named[0].name),
        documents=count_documents(evidence, named[0].sources),
    )
    found = [Finding("sources.origins", tell("Origins named"), count, text, behind=traced)]
    parties = tuple(entry for origin in named if origin.side for entry in origin.figures)
    if parties:
        share = (count_rows(parties, "figures") / every).as_percent()
        text = compose(
            "For {share} of the figures the origin is a party to the conflict, or belongs to the "
            "mission, its contributors or donors.",
            share=share,
        )
        label = tell("Figures of parties")
        found.append(Finding("sources.parties", label, share, text, behind=parties))
    return found


def _name_most(origins: list[Origin]) -> Text:
    named = [origin for origin in origins if origin.name]
    if not named:
        return compose("nobody")
    most = max(named, key=lambda origin: len(origin.figures))
    return compose(
        "{origin} ({figures})", origin=name(most.name), figures=count_figures(most.figures)
    )
