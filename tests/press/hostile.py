"""Text that means harm, and a copy of the evidence with it planted in every field of words."""

from __future__ import annotations

import csv
import json
import re
import shutil
from functools import cache
from pathlib import Path

from mss_analysis.schema import SEPARATOR, Table, read_schema

# Each says so in `window.harm` if it ever runs; none has a digit, which prose would refuse.
RUNS = "window.harm=true"
PAYLOADS = (
    f"<script>{RUNS}</script>",
    f"</script><script>{RUNS}</script>",
    f"<ScRiPt/x>{RUNS}</ScRiPt>",
    f"<img src=x onerror={RUNS}>",
    f'"><img src=x onerror={RUNS}>',
    f"'><svg onload={RUNS}>",
    f'" onfocus={RUNS} autofocus tabindex=zero x="',
    f"' onmouseover='{RUNS}' style='position:fixed;inset:auto' x='",
    f"` onclick=`{RUNS}`",
    f"<svg><script>{RUNS}</script></svg>",
    f"<svg><animate onbegin={RUNS} attributeName=x></svg>",
    f"<math><mtext><style><img src onerror={RUNS}></style></mtext></math>",
    f"<details open ontoggle={RUNS}>",
    f"<body onload={RUNS}>",
    f'<iframe srcdoc="<script>parent.{RUNS}</script>"></iframe>',
    f"<a href=javascript:{RUNS}>follow</a>",
    f"<a href='data:text/html,<script>{RUNS}</script>'>follow</a>",
    f"javascript:{RUNS}",
    f"JaVaScRiPt:{RUNS}//",
    f"data:text/html,<script>{RUNS}</script>",
    f"[follow](javascript:{RUNS})",
    "![look](http://elsewhere.invalid/look.png)",
    "<link rel=stylesheet href=http://elsewhere.invalid/look.css>",
    "<meta http-equiv=refresh content='zero;url=http://elsewhere.invalid/'>",
    "<base href=http://elsewhere.invalid/>",
    "<form action=http://elsewhere.invalid/><button autofocus>send",
    "<style>*{background:url(http://elsewhere.invalid/look)}</style>",
    "</style></title></textarea></noscript></template></select>",
    "<!-- nothing after this is read",
    "--> ]]> <![CDATA[ <?xml ?> <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]> &e;",
    "</svg></desc></table></details></dialog></main></body></html>",
    "<plaintext>",
    "&lt;script&gt; &amp;lt; &quot; &nonsense; &NotEqualTilde;",
    "{{ self.__init__.__globals__ }} {% raw %} {# gone #}",
    "{{ 'har' ~ 'med' }} ${harm} #{harm} <%= harm %>",
    "{toll} {killed:de} %s %(killed)s {} {{}}",
    "@@part@@ @@TABLE@@ \\g<harm> $& \\N{LESS-THAN SIGN}script",
    "'] || (window.harm = true) || datum['",
    "');window.harm=true;('",
    "=cmd|'/C calc'!A",
    '=HYPERLINK("http://elsewhere.invalid","look")',
    "+SUM(A:A)",
    "-SUM(A:A)",
    "@SUM(A:A)",
    "words;=SUM(A:A);words",
    "שלום עליכם، السلام عليكم",
    "e" + "\u0301\u0327\u0336" * 30,
    "Donaudampfschifffahrtsgesellschaft" * 40,
    "\\begin{harm}$\\input{/etc/passwd}$\\end{harm}",
    "𝕳𝖆𝖗𝖒 👩🏽‍🚒 \ue000harm\ue000 \ue001 \ue002",
)
# What `mss check` refuses: it would hide words, turn them round, break lines or reach a terminal.
UNSEEN = {
    "NUL": "\0",
    "bell": "\a",
    "escape": "\x1b[31m",
    "tab": "\t=SUM(A:A)",
    "delete": "\x7f",
    "next line": "\x85",
    "zero-width space": "\u200b",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left override": "\u202e",
    "left-to-right embedding": "\u202a",
    "isolate": "\u2066",
    "word joiner": "\u2060",
    "invisible plus": "\u2064",
    "byte-order mark": "\ufeff",
    "annotation anchor": "\ufff9",
    "noncharacter": "\ufffe",
    "tag letter": "\U000e0041",
    "Hangul filler": "\u3164",
}
LIBRARY = Path(__file__).parents[2] / "mss_analysis"
# What is looked up by its words; a stem that the library speaks of keeps them.
NAMES = {
    *("party", "place", "attributed_to", "within", "counts_with", "parties", "reprint_of"),
    *("origin", "publisher", "population", "actor", "owner", "affected", "unit", "locator"),
}


@cache
def spoken_of() -> str:
    """The library's own text: names that it looks for must stay."""
    files = [*LIBRARY.rglob("*.py"), *LIBRARY.parent.glob("notebooks/*.ipynb")]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def plant(data: Path, target: Path) -> Path:
    """Copy the evidence, and plant a payload in every field of words; returns the copy."""
    shutil.copytree(data, target)
    schema = read_schema(data)
    names: dict[str, str] = {}
    for place, table in enumerate(schema.values()):
        if table.name == "corrections":
            # Quotes other cells, which would have to be spoiled alike.
            continue
        path = target / table.path
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for number, row in enumerate(rows):
            for position, column in enumerate(_words(table)):
                payload = PAYLOADS[(number * 7 + position + place) % len(PAYLOADS)]
                if row[column]:
                    row[column] = _spoil(column, row[column], payload, names)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, table.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return target


def _words(table: Table) -> list[str]:
    """Columns that hold words: no codes, dates or bounds, and nothing that is compared."""
    compared = {reference.column for reference in table.references} | {*table.key}
    compared |= {field.name for field in table.fields if field.items or field.enum}
    compared |= {field.name for field in table.fields if field.pattern and field.name != "url"}
    compared |= {"interaction"}
    return [
        field.name
        for field in table.fields
        if field.type == "string" and (field.name not in compared or field.name in NAMES)
    ]


def _spoil(column: str, words: str, payload: str, names: dict[str, str]) -> str:
    if column == "url":
        return f"{words}?{''.join(payload.split())}"
    if column == "note":
        # Some begin with a word that says how exact a date is.
        return f"{words} {payload}"
    if column not in NAMES:
        return f"{payload} {words}"
    if column == "reprint_of" and re.fullmatch("[a-z0-9][a-z0-9_-]*", words):
        # The id of a document, and no name.
        return words
    parts = []
    for part in words.split(SEPARATOR):
        if part not in names:
            safe = payload.replace(";", ",")
            known = json.dumps(part, ensure_ascii=False)[1:-1] in spoken_of()
            names[part] = part if known else f"{safe} {part}"
        parts.append(names[part])
    return SEPARATOR.join(parts)
