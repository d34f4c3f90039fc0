"""How to cite a report and its parts: as a sentence, as BibTeX, as CSL-JSON. Dates in words."""

from __future__ import annotations

import datetime
import json
import re
from calendar import month_name
from typing import Any, NamedTuple

from mss_analysis import language
from mss_analysis.language import tell


class Reference(NamedTuple):
    """A reference in the three forms that people paste."""

    apa: str
    bibtex: str
    csl: str


def day_in_words(day: Any) -> str:
    """An ISO date in words, which may be partial; anything else comes back as it is.

    >>> day_in_words("2024-07-01"), day_in_words("2024-06")
    ('1 July 2024', 'June 2024')
    """
    day = str(day)
    try:
        whole = f"{day}-01" if re.fullmatch(r"\d{4}-\d{2}", day) else day
        date = datetime.datetime.strptime(whole, "%Y-%m-%d").date()
    except ValueError:
        return day
    if language.current() != "en":
        # Imported where it is needed: it brings pandas, which laying out an English site spares.
        from mss_analysis.dates import write_date

        return write_date(day)
    return f"{date.day} {month_name[date.month]} {date.year}".removeprefix(
        "1 " if whole != day else ""
    )


def cite(
    citation: dict[str, Any],
    site_title: str,
    title: str,
    as_of: str,
    fingerprint: str,
    address: str = "",
) -> Reference:
    """The reference of a report.

    `citation` holds authors, title, year, version and url, each optional. No day of access
    and no clock: what identifies a report is its vintage and the fingerprint of its data.
    """
    work = _work(citation, site_title)
    return _refer(citation, site_title, title, work, _state(as_of, fingerprint), address, "")


def cite_part(
    citation: dict[str, Any], site_title: str, title: str, as_of: str, fingerprint: str
) -> Reference:
    """The reference of a figure or a chart of a report, with slots that a page fills.

    The slots are `@@part@@` (its words), `@@kind@@`, `@@anchor@@` and `@@url@@`; a part is found
    by its anchor, so BibTeX has that as its key.
    """
    name = title if title[-1:] in "?!" else f"{title}."
    work = f"{name} {_work(citation, site_title)}"
    state = ", ".join(filter(None, ["@@kind@@", _state(as_of, fingerprint)]))
    return _refer(citation, site_title, "@@part@@", work, state, "@@url@@", "@@anchor@@")


def _refer(
    citation: dict[str, Any],
    site_title: str,
    title: str,
    work: str,
    state: str,
    address: str,
    key: str,
) -> Reference:
    authors = str(citation.get("authors") or site_title).rstrip(".")
    year = str(citation.get("year") or "")
    head = f"{authors}. ({year})." if year else f"{authors}."
    named = f"{title} [{state[:1].upper()}{state[1:]}]" if state else title
    closed = named if named[-1:] in "?!" else f"{named}."
    apa = f"{head} {closed} {tell('In: {work}.', work=work.rstrip('.'))} {address}".strip()

    fields = {
        "author": f"{{{_escape(authors)}}}",
        "title": f"{{{_escape(title)}}}",
        "booktitle": _escape(work),
        "year": year,
        "note": _escape(state),
        "url": address,
    }
    plain = key or re.sub(r"[^a-z0-9]+", "-", f"{title} {state.partition(',')[0]}".lower())
    rows = [f"  {name:<9} = {{{value}}}" for name, value in fields.items() if value]
    bibtex = f"@incollection{{{plain.strip('-')},\n" + ",\n".join(rows) + "\n}"

    item = {
        "id": plain.strip("-"),
        "type": "chapter",
        "title": title,
        "container-title": work,
        "author": [{"literal": authors}],
        "issued": {"date-parts": [[int(year)]]} if year.isdecimal() else None,
        "note": state,
        "language": language.current(),
        "URL": address,
    }
    kept = {name: value for name, value in item.items() if value}
    return Reference(apa, bibtex, json.dumps([kept], ensure_ascii=False, indent=1))


def _work(citation: dict[str, Any], site_title: str) -> str:
    work = str(citation.get("title") or site_title)
    version = citation.get("version")
    return tell("{work} (version {version})", work=work, version=version) if version else work


def _state(as_of: str, fingerprint: str) -> str:
    """What identifies the report: its vintage, and the data it was made from."""
    parts = [tell("as of {day}", day=day_in_words(as_of))] if as_of else []
    if fingerprint:
        parts.append(tell("data fingerprint {hash}", hash=fingerprint[:12]))
    return ", ".join(parts)


def _escape(text: str) -> str:
    """Characters with a meaning in TeX; braces go, since unbalanced ones break an entry."""
    text = re.sub(r"[{}\\]", "", text)
    return re.sub(r"([&%$#_])", r"\\\1", text)
