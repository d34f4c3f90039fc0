"""Risks of civil-police-military interaction: what is feared, what is reported, who says so."""

import altair as alt
import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.deployment.moments import find_landings
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import mark, name_of, tell, translate
from mss_analysis.prose import (
    Prose,
    Table,
    Text,
    bare,
    cite,
    compose,
    compose_plural,
    join,
    refer,
    say,
    tabulate,
    told,
    when,
)
from mss_analysis.risks import measures, ordering
from mss_analysis.risks.register import (
    REPORTED,
    SEVERAL,
    Risk,
    count_origins,
    count_risks,
    count_rows,
    read_risks,
)
from mss_analysis.risks.risk_chart import draw_cells, draw_mentions, draw_ranges
from mss_analysis.risks.tally import flatten_counts, nothing
from mss_analysis.risks.vocabulary import GROUPS, STANCES, STATUSES, retell, tally_measures


def list_risks(evidence: Evidence) -> Exhibit:
    """Show every risk: its origins by stance, when it was raised, its status, its measures."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Raised by": risk.origins,
            "Reported as fact by": _count(risk.reported),
            "Disputed by": _count(risk.passages[risk.passages["stance"] == "disputes"]),
            "First raised": _lead(risk, risk.first),
            "Last raised": _lead(risk, risk.last),
            "Status": risk.reach,
            "Measures named": tally_measures(risk.measures),
        }
        for risk in risks
    ]
    return exhibit(
        evidence,
        "risk-register",
        tell("Which risks are raised, since when, and which are reported as fact?"),
        _tell_status(evidence, risks) if risks else nothing(),
        rows,
        risks and _draw_mentions(evidence, risks),
        compose(
            "Risks with the most independent origins come first. A dot is a month in which "
            "somebody raised the risk, larger where several passages did; a pale bar is a year of "
            "which the month is not known. Many dots mean that much was written, not that the "
            "risk is likely or grave. “Reported as fact” means that a passage says so, not that a "
            "court or the United Nations has found it proved. “Since the landing” means said on "
            "the day of the first landing or later, unless the passage’s note places what it tells "
            "at another time or in another country; several origins are counted strictly. Harm "
            "and mere conditions are not coded apart, nor is who caused them."
        ),
        headline=_tell_reported(risks) if risks else None,
        subtitle=tell(
            "Months in which a passage raised each risk of the mission in Haiti, "
            "{start} to {end}; size by number of passages",
            **_span_raising(risks),
        )
        if risks
        else "",
    )


def tell_statements(evidence: Evidence) -> Table | Prose:
    """Show the wording of every risk: its cause, its event and its consequence."""
    rows = [
        {"Risk": risk.title, "Cause, event and consequence": told(risk.statement)}
        for risk in read_risks(evidence)
    ]
    return tabulate(evidence, rows) if rows else say(evidence, nothing())


def weigh_origins(evidence: Evidence) -> Exhibit:
    """Show how many independent origins raise each risk, at fewest and at most."""
    risks = read_risks(evidence)
    rows: list[Row] = [
        {
            "Risk": risk.title,
            "Passages that raise it": count_rows(risk.raising),
            "Documents": Estimate.count(
                risk.raising["evidence_id"], "documents", risk.raising["source_id"].nunique()
            ),
            "Speakers": Estimate.count(
                risk.raising["evidence_id"], "speakers", risk.raising["voice"].nunique()
            ),
            "Independent origins": risk.origins,
        }
        for risk in risks
    ]
    answer, headline = nothing(), None
    if risks:
        first = risks[0]
        headline = compose(
            "No risk rests on more origins, counted strictly, than “{title}”: {origins}.",
            title=told(first.title),
            origins=first.origins,
        )
        answer = compose(
            "“{title}” is raised in {passages}, which go back to {origins}. {single}",
            title=told(first.title),
            passages=count_rows(first.raising),
            origins=first.origins,
            single=_tell_single(risks),
        )
    frame = flatten_counts(evidence, rows)
    chart = risks and draw_ranges(frame, "Risk", "Independent origins", tell("Independent origins"))
    return exhibit(
        evidence,
        "independent-origins",
        tell("On how many independent origins does each risk rest?"),
        answer,
        rows,
        chart,
        compose(
            "The rule: a passage that repeats another belongs to the other’s speaker. At most, "
            "each speaker is an origin. At fewest, all speakers whom one outlet quotes are one "
            "origin; an outlet that restates another is the same one, as is a page that reprints "
            "an agency or a newspaper; outlets that quote one speaker are one, and so are all who "
            "speak for one body."
        ),
        headline=headline,
        subtitle=tell(
            "Independent origins that raise each risk, from fewest to most; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def read_passages(evidence: Evidence, risk: str) -> Exhibit:
    """Show what is said on one risk, and by whom."""
    chosen = [entry for entry in read_risks(evidence) if entry.id == risk]
    rows: list[Row] = []
    answer, headline = nothing(), None
    title = tell("Who says what on this risk?")
    for entry in chosen:
        title = tell("Who says what on “{risk}”?", risk=name_of(entry.title))
        rows = [
            {
                "Speaker": told(row["actor"]),
                "Group": GROUPS.get(row["group"], row["group"]),
                "Stance": STANCES[row["stance"]],
                "Status": STATUSES[row["status"]] if row["stance"] == "raises" else "",
                "In our words": retell(row["evidence_id"], row["paraphrase"]),
                "Where": cite(evidence, [row["evidence_id"]]),
                "Repeats another": mark("yes") if row["repeated"] else "",
            }
            for row in entry.passages.to_dict(orient="records")
        ]
        raising = count_rows(entry.raising)
        headline = compose_plural(
            "{raising} raises the risk.",
            "{raising} raise the risk; they go back to {origins}.",
            by="raising",
            raising=raising,
            origins=entry.origins,
        )
        answer = compose(
            "Raised in {raising}; disputed or answered in {others}.",
            raising=raising,
            others=count_rows(
                entry.passages[entry.passages["stance"] != "raises"], among=entry.passages
            ),
        )
    parts = [
        {
            "Group": GROUPS.get(str(group), str(group)),
            "Stance": label,
            "Origins": count_origins(found),
        }
        for entry in chosen
        for stance, label in STANCES.items()
        for group, found in entry.passages[entry.passages["stance"] == stance].groupby("group")
    ]
    chart = parts and draw_cells(flatten_counts(evidence, parts), "Stance", "Group", "Origins")
    return exhibit(
        evidence,
        "passages-of-a-risk",
        title,
        answer,
        rows,
        chart,
        compose("Each passage is retold in our words; “where” leads to the paragraph."),
        headline=headline,
        subtitle=tell(
            "Independent origins by group of speakers and stance, the fewest; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def findings(evidence: Evidence, closed_by: str = "implemented") -> list[Finding]:
    """Conclude from passages and measures; only what is known on the day appears."""
    risks = read_risks(evidence)
    if not risks:
        return []
    every = count_risks(risks, risks)
    reported = count_risks([risk for risk in risks if risk.status == REPORTED], risks)
    single = count_risks([risk for risk in risks if risk.origins.low == 1], risks)
    found = [
        Finding(
            "risks.raised",
            tell("Risks raised"),
            every,
            compose("The documents raise {every}.", every=every),
        ),
        Finding(
            "risks.reported",
            tell("Risks reported as fact"),
            reported,
            _tell_status(evidence, risks),
            True,
        ),
        Finding(
            "risks.single-origin",
            tell("Risks that may rest on one origin"),
            single,
            _tell_single(risks),
        ),
    ]
    since = _tell_since(evidence, risks)
    if since is not None:
        several = count_risks([risk for risk in risks if risk.reach == SEVERAL], risks)
        label = tell("Risks reported as fact since the landing, by several origins")
        found.append(Finding("risks.reported-since", label, several, since))
    passages = pd.concat(risk.passages for risk in risks)
    repeated = passages[passages["repeated"]]
    if len(repeated):
        share = (count_rows(repeated) / count_rows(passages)).as_percent()
        text = compose_plural(
            "{repeated:bare} of {all} repeats another and counts with it.",
            "{repeated:bare} of {all} repeat another and count with it.",
            by="repeated",
            repeated=count_rows(repeated),
            all=count_rows(passages),
        )
        label = tell("Share of passages that repeat another")
        found.append(Finding("risks.repeated", label, share, text))
    return found + measures.conclude(risks, closed_by) + ordering.conclude(risks)


def _tell_status(evidence: Evidence, risks: list[Risk]) -> Text:
    """Say how many risks are reported as fact, since when, and what that does not say."""
    reported = [risk for risk in risks if risk.status == REPORTED]
    every = count_risks(risks, risks)
    if not reported:
        return _tell_reported(risks)
    answer = compose(
        "For {reported} of the {every} raised, a passage reports harm, or a condition that the "
        "risk describes, as fact; the passage may speak of another time, place or actor.",
        reported=bare(count_risks(reported, risks)),
        every=every,
    )
    if len(reported) < len(risks):
        answer = compose_plural(
            "{answer} The other one is foreseen only.",
            "{answer} The other {others:bare} are foreseen only.",
            by="others",
            answer=answer,
            others=count_risks([risk for risk in risks if risk not in reported], risks),
        )
    since = _tell_since(evidence, risks)
    return join([answer, since]) if since else answer


def _tell_since(evidence: Evidence, risks: list[Risk]) -> Text | None:
    """Say how many risks are reported since the mission landed, and by how many origins."""
    landings = find_landings(evidence)
    since = [risk for risk in risks if not risk.since.empty]
    if not landings or not since:
        return None
    several = [risk for risk in since if risk.reach == SEVERAL]
    return compose(
        "Since the mission landed ({day}), {since} of {every} are reported as fact in Haiti, "
        "{several} of them by more than one independent origin; whether the mission caused them "
        "is another question.",
        every=count_risks(risks, risks),
        since=bare(count_risks(since, risks)),
        several=bare(count_risks(several, risks)),
        day=landings[0].when,
    )


def _tell_reported(risks: list[Risk]) -> Text:
    """Say in a few words how many risks are reported as fact, since the landing if any is."""
    every = count_risks(risks, risks)
    since = [risk for risk in risks if not risk.since.empty]
    if since:
        several = [risk for risk in since if risk.reach == SEVERAL]
        return compose(
            "Since the mission landed, {since} of {every} are reported as fact, {several} of them "
            "by several origins.",
            since=bare(count_risks(since, risks)),
            several=bare(count_risks(several, risks)),
            every=every,
        )
    reported = [risk for risk in risks if risk.status == REPORTED]
    if not reported:
        return compose("No passage reports any of {every} as fact.", every=every)
    return compose(
        "Passages report {reported} of {every} as fact.",
        reported=bare(count_risks(reported, risks)),
        every=every,
    )


def _tell_single(risks: list[Risk]) -> Text:
    """Say how many risks may rest on one independent origin."""
    single = [risk for risk in risks if risk.origins.low == 1]
    every = count_risks(risks, risks)
    if not single:
        return compose("Counted strictly, each of {every} rests on several origins.", every=every)
    return compose(
        "Counted strictly, {single} of {every} may rest on one independent origin only.",
        single=bare(count_risks(single, risks)),
        every=every,
    )


def _span_raising(risks: list[Risk]) -> dict[str, str]:
    """Name the first and the last month in which a risk may have been raised."""
    raising = pd.concat(risk.raising for risk in risks)
    days = {"start": raising["said_from"].min(), "end": raising["said_to"].max()}
    return {slot: write_date(day.strftime("%Y-%m")) for slot, day in days.items()}


def _count(passages: pd.DataFrame) -> Estimate | None:
    return count_origins(passages) if len(passages) else None


def _lead(risk: Risk, chosen: pd.Series) -> Text:
    """Say when a passage raised the risk, and lead to those of its document."""
    same = risk.raising[risk.raising["source_id"] == chosen["source_id"]]
    where = refer(same["evidence_id"], chosen["document"])
    if chosen["document"].endswith(write_date(chosen["date"])):
        return where
    return compose("{day}, in {where}", day=when(chosen["date"]), where=where)


def _draw_mentions(evidence: Evidence, risks: list[Risk]) -> alt.LayerChart:
    """Draw the months in which each risk was raised."""
    records = []
    for place, risk in enumerate(risks):
        said = risk.raising.assign(day=risk.raising["date"].str[:7])
        for (day, status), found in said.groupby(["day", "status"], sort=True):
            documents = tell("; ").join(dict.fromkeys(found["document"]))
            records.append(
                {
                    "Risk": name_of(risk.title),
                    "start": found["said_from"].min().strftime("%Y-%m-01"),
                    "end": found["said_to"].max().strftime("%Y-%m-%d"),
                    "is_year": len(str(day)) == len("2024"),
                    "count": len(found),
                    "place": place,
                    "is_foreseen": status != "reported",
                    "status": translate(STATUSES[str(status)]),
                    "observation": " ".join(found["evidence_id"]),
                    "says": tell(
                        "For {day} the risk “{risk}” stands as “{status}” in {documents}.",
                        risk=name_of(risk.title),
                        day=write_date(str(day)),
                        status=translate(STATUSES[str(status)]),
                        documents=documents,
                    ),
                }
            )
    frame = pd.DataFrame(records).sort_values(["place", "is_foreseen"], kind="stable")
    return draw_mentions(frame, "Risk", "start", "end", "status")
