"""How to cite a report, as text and as BibTeX, and dates in words."""

from __future__ import annotations

import datetime
import re
from calendar import month_name
from typing import Any


def day_in_words(day: Any) -> str:
    """An ISO date in words, which may be partial; anything else comes back as it is.

    >>> day_in_words("2024-07-01"), day_in_words("2024-06")
    ('1 July 2024', 'June 2024')
    """
    day = str(day)
    try:
        if re.fullmatch(r"\d{4}-\d{2}", day):
            return day_in_words(f"{day}-01").removeprefix("1 ")
        date = datetime.datetime.strptime(day, "%Y-%m-%d").date()
    except ValueError:
        return day
    return f"{date.day} {month_name[date.month]} {date.year}"


def cite(
    citation: dict[str, Any], site_title: str, title: str, as_of: str, fingerprint: str
) -> tuple[str, str]:
    """The reference as a sentence, and as a BibTeX entry.

    `citation` holds authors, title, year, version and url, each optional. No day of access
    and no clock: what identifies a report is its vintage and the fingerprint of its data.
    """
    authors = str(citation.get("authors") or site_title)
    work = str(citation.get("title") or site_title)
    year = str(citation.get("year") or "")
    url = str(citation.get("url") or "")
    vintage = f"as of {day_in_words(as_of)}" if as_of else ""
    data = f"data fingerprint {fingerprint[:12]}" if fingerprint else ""

    head = f"{authors} ({year}). " if year else f"{authors.rstrip('.')}. "
    name = title if title[-1:] in "?!" else f"{title}."
    note = ", ".join(part for part in (vintage, data) if part)
    note = f"{note[:1].upper()}{note[1:]}." if note else ""
    text = " ".join(part for part in (f"{head}{name}", f"In: {work}.", note, url) if part)

    fields = {
        "author": f"{{{_escape(authors)}}}",
        "title": f"{{{_escape(title)}}}",
        "booktitle": _escape(work),
        "year": year,
        "note": _escape(", ".join(part for part in (vintage, data) if part)),
        "url": url,
    }
    key = re.sub(r"[^a-z0-9]+", "-", f"{title} {as_of}".lower()).strip("-")
    rows = [f"  {name:<9} = {{{value}}}" for name, value in fields.items() if value]
    return text, f"@incollection{{{key},\n" + ",\n".join(rows) + "\n}"


def _escape(text: str) -> str:
    """Characters with a meaning in TeX; braces go, since unbalanced ones break an entry."""
    text = re.sub(r"[{}\\]", "", text)
    return re.sub(r"([&%$#_])", r"\\\1", text)
