"""A report for paper: one page without scripts, with pictures, everything unfolded."""

from __future__ import annotations

import re

from mss_analysis.press.still import Draw, Still

# What only a screen has a use for.
SCREEN = (
    "//nav | //a[contains(@class, 'skip')] | //p[@class='tools']"
    " | //details[contains(concat(' ', @class, ' '), ' contents-phone ')]"
    " | //section[@aria-labelledby='downloads'] | //link[@rel='icon']"
)
ROWS = "//*[starts-with(@id, 'obs-')]"
STYLE = """
@page { size: A4; margin: 18mm 16mm; }
html { font-size: 10pt; }
* { print-color-adjust: economy; }
.layout, .layout > main, .front { display: block; max-width: none; padding: 0; margin: 0; }
.scroll, .output, .chart-panel, pre { overflow: visible; }
pre, code { white-space: pre-wrap; overflow-wrap: anywhere; }
summary { display: none; }
figure, .chart { break-inside: avoid-page; }
figure:has(tr:nth-child(12)), figure:has(table) { break-inside: auto; }
figcaption, .chart-panel, tr, li, h2, h3 { break-inside: avoid; }
figcaption, h1, h2, h3, thead { break-after: avoid; }
thead { display: table-header-group; }
table { width: 100%; font-size: 7.5pt; }
th, td { overflow-wrap: anywhere; padding-right: 0.6em; }
/* A head is as wide as its longest word. */
thead th { overflow-wrap: normal; }
/* Bookmarks lose the space at which a line is broken, unless it is kept. */
h1, h2, h3 { white-space: pre-wrap; }
.chart svg { max-width: 100%; height: auto; }
.rests, .sources, .observations { font-size: 7.5pt; }
.apparatus > section > ul { max-width: none; columns: 2; column-gap: 2em; }
"""


def put_on_paper(page: str, draw: Draw, stylesheet: str) -> str:
    """The HTML to print: `page` is that of a site, `stylesheet` the text of the site's own."""
    still = Still(page, draw)
    root = still.root
    for found in root.xpath(SCREEN):
        found.drop_tree()
    for fold in root.xpath("//details"):
        fold.set("open", "")
    for link in root.xpath("//a[@href]"):
        if not re.match(r"https?:|#", link.get("href")):
            link.drop_tag()
    # Readers of PDF expect names of no more than 127 bytes, which ids of rows exceed.
    rows = {row.get("id"): f"row-{n}" for n, row in enumerate(root.xpath(ROWS), start=1)}
    for row in root.xpath(ROWS):
        row.set("id", rows[row.get("id")])
    for link in root.xpath("//a[starts-with(@href, '#')]"):
        name = link.get("href")[1:]
        link.set("href", f"#{rows.get(name, name)}")
    for sheet in root.xpath("//link[@rel='stylesheet']"):
        sheet.drop_tree()
    style = root.makeelement("style")
    style.text = stylesheet + STYLE
    root.head.append(style)
    return still.text()
