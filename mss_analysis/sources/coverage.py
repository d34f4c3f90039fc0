"""Coverage: which months and themes the figures speak of, how fresh they are, how well checked."""

import re
from datetime import date

import pandas as pd

from mss_analysis.count_chart import draw_bars
from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import Text, bare, compose, join, moment, name, when
from mss_analysis.sources.holdings import (
    GRADES,
    count_documents,
    count_figures,
    count_rows,
    shorten,
    summarise,
)
from mss_analysis.sources.source_charts import draw_calendar
from mss_analysis.themes import BEFORE, OTHER, THEMES, name_theme

# The first month of the calendar; what ended before is told as a number.
FIRST = "2022-01"
CHECKED = mark("Read word by word")
LOCATED = mark("Located on its page only")
_PARAGRAPH = r"p[0-9]"


def date_figures(evidence: Evidence) -> pd.DataFrame:
    """Date the figures by the day on which their period ends, or for which they hold.

    Gives the observations that have such a day, with ``day``, ``month`` (``YYYY-MM``) and
    ``theme``; earlier missions and what belongs to no theme are left out.
    """
    rows = evidence.observations
    rows = rows.assign(
        day=rows["period_end"].fillna(rows["as_of"]), theme=rows["indicator"].map(name_theme)
    )
    rows = rows[rows["day"].notna() & ~rows["theme"].isin([BEFORE, OTHER])]
    return rows.assign(month=rows["day"].dt.strftime("%Y-%m"))


def is_checked(evidence: Evidence, observation_id: str) -> bool:
    """Whether a figure was read at a numbered paragraph, rather than located on a page."""
    return re.match(_PARAGRAPH, evidence.row(observation_id)["locator"]) is not None


def list_months(evidence: Evidence) -> list[str]:
    """List the months of the calendar, to that of the vintage."""
    last = evidence.as_of.strftime("%Y-%m")
    return [str(month) for month in pd.period_range(FIRST, last, freq="M")]


def measure_silence(evidence: Evidence) -> tuple[Estimate, Estimate] | None:
    """Count the months without a figure, theme by theme: (silent, all); ``None`` without any."""
    rows, months = date_figures(evidence), list_months(evidence)
    shown = rows[rows["month"].isin(months)]
    if shown.empty:
        return None
    every = len(months) * rows["theme"].nunique()
    filled = len(shown[["month", "theme"]].drop_duplicates())
    ids = shown["observation_id"]
    return count_rows(ids, "months", every - filled), count_rows(ids, "months", every)


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude on silent months, on the theme without news for longest, and on what was checked."""
    found = []
    silence = measure_silence(evidence)
    if silence is not None:
        label = tell("Months without a figure, theme by theme")
        text, months = _state_silence(evidence, *silence), list_months(evidence)
        rows = date_figures(evidence)
        ids = tuple(rows[rows["month"].isin(months)]["observation_id"])
        found.append(Finding("sources.coverage", label, silence[0], text, behind=ids))
    ages = list_ages(evidence)
    if ages:
        theme, _, age, _ = max(ages, key=lambda entry: entry[2].low)
        text = compose(
            "The stalest theme is “{theme}”: {days} since its last figure.",
            theme=name(theme),
            days=age,
        )
        label = tell("Days since the last figure of the stalest theme")
        found.append(Finding("sources.freshness", label, age, text))
    rows = evidence.observations
    if len(rows):
        checked = rows["locator"].str.match(_PARAGRAPH)
        every = count_rows(rows["observation_id"], "figures")
        left = count_rows(rows["observation_id"], "figures", int((~checked).sum()))
        label = tell("Figures located on a page, not verified word by word")
        ids = tuple(rows["observation_id"])
        text = _state_checked(left, every)
        found.append(Finding("sources.verification", label, left, text, behind=ids))
    return found


def map_coverage(evidence: Evidence) -> Exhibit:
    """Show how many figures end in each month, theme by theme, and where there are none."""
    rows, months = date_figures(evidence), list_months(evidence)
    shown = rows[rows["month"].isin(months)]
    themes = [theme for theme in THEMES if theme in set(rows["theme"])]
    silence = measure_silence(evidence)
    if silence is None:
        return summarise(evidence, "coverage", translate(_COVERAGE), None, [])
    counted = {
        (str(month), str(theme)): count_figures(group["observation_id"])
        for (month, theme), group in shown.groupby(["month", "theme"])
    }
    table: list[Row] = [
        {"Month": when(month)} | {theme: counted.get((month, theme)) for theme in themes}
        for month in months
    ]
    cells = [
        {"month": month, "row": name(theme).plain, "Figures": figure}
        for (month, theme), figure in counted.items()
    ]
    frame = shorten(evidence, [{"Figures": cell["Figures"]} for cell in cells])
    frame = frame.rename(columns={"Figures": "count"}).assign(
        month=[cell["month"] for cell in cells], row=[cell["row"] for cell in cells]
    )
    frame["says"] = [
        tell(
            "For {month} the documents give {figures} on “{theme}”, by {source}.",
            theme=row["row"],
            month=write_date(row["month"]),
            figures=row["Figures_text"],
            source=row["source"],
        )
        for row in frame.to_dict(orient="records")
    ]
    columns = ["month", "row", "count", "says", "observation"]
    silent, every = silence
    old = rows[rows["month"] < FIRST]["observation_id"]
    told = compose("A figure stands in the month in which its period ends. Stripes: none.")
    if len(old):
        left = compose(
            "Not shown: {old} that end before, and those on earlier missions.",
            old=count_figures(old),
        )
        told = join([told, left])
    return summarise(
        evidence,
        "coverage",
        translate(_COVERAGE),
        _state_silence(evidence, silent, every),
        table,
        draw_calendar(frame[columns], months, [name(theme).plain for theme in themes]),
        told,
        headline=compose(
            "Theme by theme, no figure ends in {silent} of {every} months",
            silent=bare(silent),
            every=bare(every),
        ),
        subtitle=tell("Figures by theme and by the month in which their period ends"),
    )


def measure_freshness(evidence: Evidence) -> Exhibit:
    """Show how many days before the vintage the last figure of each theme ends."""
    today = pd.Timestamp(evidence.as_of)
    table: list[Row] = []
    cells: list[Row] = []
    for theme, newest, age, group in list_ages(evidence):
        cells.append({"Theme": name(theme), "Days": age})
        table.append(
            {
                "Theme": name(theme),
                "Days since the last figure": age,
                "Last figure": evidence.estimate(newest["observation_id"]),
                "Of": name(evidence.indicator_labels[newest["indicator"]]),
                "Holds for": moment(newest),
                "Longest stretch without any": _longest_gap(group, today),
            }
        )
    answer = chart = headline = None
    if cells:
        newest, oldest = (choose(cells, key=lambda row: row["Days"].low) for choose in (min, max))
        answer = compose(
            "On {day}, the freshest theme is “{first}” ({days} since its last figure), the stalest "
            "“{last}” ({more}).",
            day=when(evidence.as_of.isoformat()),
            first=newest["Theme"],
            days=newest["Days"],
            last=oldest["Theme"],
            more=oldest["Days"],
        )
        axis = tell("Days since the last figure")
        chart = draw_bars(shorten(evidence, cells), "Theme", "Days", axis)
        headline = compose(
            "The stalest theme is “{theme}”: {days} since its last figure",
            theme=oldest["Theme"],
            days=oldest["Days"],
        )
    return summarise(
        evidence,
        "freshness",
        tell("How fresh are the figures?"),
        answer,
        table,
        chart,
        compose(
            "Counted from the day that the last figure speaks of to the vintage; where a document "
            "gives no day, its own date stands in, and the figure may be older. Plans for later "
            "days are left out. The longest stretch is counted in whole months from {first}.",
            first=when(FIRST),
        ),
        headline=headline,
        subtitle=tell("Days from the last figure of a theme to the vintage"),
    )


def show_verification(evidence: Evidence) -> Exhibit:
    """Show how many figures were checked against their paragraph, by the grade of the source."""
    grades = evidence.sources.set_index("source_id")["grade"]
    rows = evidence.observations.assign(
        grade=evidence.observations["source_id"].map(grades),
        checked=evidence.observations["locator"].str.match(_PARAGRAPH),
    )
    mended = set(evidence.corrections["row"])
    table: list[Row] = []
    cells: list[Row] = []
    for grade, words in GRADES.items():
        group = rows[rows["grade"] == grade]
        if group.empty:
            continue
        label = name(f"{grade}, {translate(words)}")
        parts = {
            CHECKED: group[group["checked"]]["observation_id"],
            LOCATED: group[~group["checked"]]["observation_id"],
        }
        corrected = group[group["observation_id"].isin(mended)]["observation_id"]
        table.append(
            {
                "Grade of the source": label,
                "Documents": count_documents(evidence, group["source_id"]),
            }
            | {part: count_figures(ids) for part, ids in parts.items()}
            | {"Corrected": count_figures(corrected)}
        )
        cells += [
            {"Grade": label, "Figures": count_figures(ids), "Status": part}
            for part, ids in parts.items()
            if len(ids)
        ]
    answer = chart = headline = None
    if cells:
        done = count_figures(rows[rows["checked"]]["observation_id"])
        located = rows[~rows["checked"]]["observation_id"]
        every = count_rows(rows["observation_id"], "figures")
        answer = (
            compose(
                "{done} of {every} were read word by word at a numbered paragraph, which a "
                "command repeats; the others are located on their page only.",
                done=bare(done),
                every=every,
            )
            if done
            else compose("None of {every} was read at a numbered paragraph.", every=every)
        )
        headline = _state_checked(count_rows(located, "figures"), every)
        chart = draw_bars(shorten(evidence, cells), "Grade", "Figures", tell("Figures"), "Status")
    return summarise(
        evidence,
        "verification",
        tell("How far were the figures checked against the texts?"),
        answer,
        table,
        chart,
        compose(
            "The grade is that of the kind of document, not of the figure: a poor page may pass on "
            "a sound count, and a good one an old count."
        ),
        headline=headline,
        subtitle=tell(
            "Figures in the evidence base, by grade of the source and how they were read"
        ),
    )


def list_ages(evidence: Evidence) -> list[tuple[str, dict, Estimate, pd.DataFrame]]:
    """List the themes: (theme, its last figure, days since then, its figures to the vintage)."""
    rows, today = date_figures(evidence), pd.Timestamp(evidence.as_of)
    ages = []
    for theme in THEMES:
        group = rows[(rows["theme"] == theme) & (rows["day"] <= today)]
        if len(group):
            newest = group.sort_values("day", kind="stable").iloc[-1].to_dict()
            ages.append((theme, newest, _count_days(newest, evidence.as_of), group))
    return ages


def _state_silence(evidence: Evidence, silent: Estimate, every: Estimate) -> Text:
    return compose(
        "Each theme seen month by month, from {first} to {last}: in {silent} of {every} no figure "
        "ends. Silence is a gap in what documents say, not a count of zero.",
        first=when(FIRST),
        last=when(list_months(evidence)[-1]),
        silent=bare(silent),
        every=bare(every),
    )


def _state_checked(left: Estimate, every: Estimate) -> Text:
    if not left.high:
        return compose("All figures were read word by word.")
    return compose(
        "{left} of {every} are located on a page, not verified word by word.",
        left=bare(left),
        every=every,
    )


_COVERAGE = mark("Which months and themes do the figures cover?")


def _count_days(row: dict, today: date) -> Estimate:
    days = (today - row["day"].date()).days
    ids = (row["observation_id"],)
    return Estimate(days, days, days, "days", ids, f"vintage - day({ids[0]})")


def _longest_gap(group: pd.DataFrame, today: pd.Timestamp) -> Estimate | None:
    """Count the months of the longest stretch of the calendar without a figure."""
    months = pd.period_range(FIRST, today, freq="M")
    filled = set(group["month"])
    longest = run = 0
    for month in months:
        run = 0 if str(month) in filled else run + 1
        longest = max(longest, run)
    ids = group["observation_id"]
    return count_rows(ids, "months", longest) if longest else None
