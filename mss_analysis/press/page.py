"""Gather an executed notebook into the parts of a page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from mss_analysis import language
from mss_analysis.language import mark, tell, translate, translate_markdown
from mss_analysis.press import bundles

if TYPE_CHECKING:
    from nbformat import NotebookNode

HEADING = re.compile(r'<h([1-6]) id="([^"]*)">(.*?)<a class="anchor-link"[^>]*>.*?</a></h\1>', re.S)
TAG = re.compile(r"<[^>]+>")
SOURCE_LINK = re.compile(r"""href\s*=\s*["']#src-([^"']+)["']""")
FIGURE = re.compile(r"""<a\b[^>]*\bclass\s*=\s*["'][^"']*\bfigure\b""")
# A figure with its class, the observations that it names, its formula, and its words.
NAMING = re.compile(
    r"""(<a class="figure)(" href="[^"]*" data-observations="([^"]*)"(?: data-formula="([^"]*)")?"""
    r""">.*?)(</a>)""",
    re.S,
)
# Figures that only count rows, or days between them, stand whatever numbers the rows hold.
COUNTING = re.compile(r"(?:count|origins|days|hull\(days|vintage - day)\(|median\(waits\)")
# Paragraphs that open with one of these words (in the English text) are no plain prose.
LEAD = re.compile(r"<p><strong>(Question|Method|Assumption|Limit)\b[^<]*</strong>")
PARAGRAPH = re.compile(r"<p>")
KINDS = {"Question": "asked"}
HIDDEN = "remove"
LABELS = {
    "injected-parameters": mark("Parameters"),
    "parameters": mark("Default parameters"),
    "check": mark("Check"),
}
# A check on an unsolved exercise says "not yet", which tells a reader of the page nothing.
SILENT = {"parameters", "injected-parameters", "check"}


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents; `text` is plain."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Exhibit:
    """A numbered chart: question, finding, answer, text alternative, table, data and sources."""

    number: int
    id: str
    title: str
    headline: str
    subtitle: str
    answer: str
    alt: str
    spec: str
    table: str
    csv: str
    note: str
    sources: str

    @property
    def answers_more(self) -> bool:
        """Whether the answer says anything that the headline does not."""
        return plain_text(self.answer) not in ("", plain_text(self.headline))


@dataclass
class Block:
    """One part of the page's body: prose, html, text, code, exhibit or fold.

    A fold holds further blocks behind its label; `open` code is not folded.
    """

    kind: str
    html: str = ""
    label: str = ""
    open: bool = False
    exhibit: Exhibit | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Page:
    """A report's content, before anything is known of the site around it.

    `untranslated` counts the passages that stand in English on a page in another language.
    """

    title: str = ""
    language: str = "en"
    untranslated: int = 0
    blocks: list[Block] = field(default_factory=list)
    contents: list[Heading] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    observations: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    edition: dict[str, Any] = field(default_factory=dict)
    figures: int = 0
    has_code: bool = False

    @property
    def has_charts(self) -> bool:
        """Whether the page needs the chart library at all."""
        return any(exhibit.spec for exhibit in self.exhibits)

    @property
    def first_chart(self) -> str:
        """The id of the first exhibit that has a chart; before it stands how to read charts."""
        return next((exhibit.id for exhibit in self.exhibits if exhibit.spec), "")

    @property
    def disputes(self) -> dict[str, dict[str, Any]]:
        """The disputes that the page's figures are part of, by id, with a number each."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.observations.values():
            for dispute in row.get("disputes") or ():
                found.setdefault(dispute["id"], dispute | {"number": len(found) + 1})
        return found


def read_page(notebook: NotebookNode) -> Page:
    """Gather the page of an executed notebook, in the language that its provenance names.

    Raises ValueError for an exhibit whose id cannot name a file, or comes twice.
    """
    known = bundles.provenance(notebook)
    code = str(known.edition.get("language") or "en")
    with language.spoken(code if code in language.LANGUAGES else "en"):
        page = _Reader(notebook, known).read()
    page.language = code
    return page


class _Reader:
    def __init__(self, notebook: NotebookNode, known: bundles.Provenance) -> None:
        self.notebook, self.known = notebook, known
        self.disputed = {name for name, row in known.observations.items() if row.get("disputes")}
        self.page = Page()
        self.cited: dict[str, None] = {}
        self.anchors: set[str] = set()

    def read(self) -> Page:
        """Walk the cells once, in order."""
        page = self.page
        for cell in self.notebook.cells:
            tags = set(cell.metadata.get("tags", []))
            if HIDDEN not in tags:
                page.blocks += self._cell_blocks(cell, tags)
        known = self.known
        page.edition = known.edition
        page.observations = {
            name: known.observations[name] for name in self.cited if name in known.observations
        }
        named = {str(row.get("source")) for row in page.observations.values()}
        for block in _walk(page.blocks):
            named |= set(SOURCE_LINK.findall(block.html))
            page.figures += len(FIGURE.findall(block.html))
        for exhibit in page.exhibits:
            parts = "".join(getattr(exhibit, name) for name in bundles.MARKUP)
            named |= set(SOURCE_LINK.findall(parts))
            page.figures += len(FIGURE.findall(parts))
        page.sources = {name: row for name, row in known.sources.items() if name in named}
        return page

    def _cell_blocks(self, cell: NotebookNode, tags: set[str]) -> list[Block]:
        if cell.cell_type == "markdown":
            blocks = [Block("prose", html=self._prose(cell.source, listed="solution" not in tags))]
        elif cell.cell_type == "code":
            blocks = list(self._code_blocks(cell, tags))
        else:
            return []
        if "solution" in tags:
            return [Block("fold", label=tell("Solution"), blocks=blocks)]
        return [block for block in blocks if block.kind != "prose" or block.html.strip()]

    def _code_blocks(self, cell: NotebookNode, tags: set[str]) -> Iterator[Block]:
        if cell.source.strip():
            shown = bool(tags & {"exercise", "solution"})
            self.page.has_code = self.page.has_code or not shown
            label = next((LABELS[tag] for tag in LABELS if tag in tags), mark("Code"))
            yield Block("code", html=highlight(cell.source), label=translate(label), open=shown)
        if tags & SILENT:
            return
        for bundle in bundles.of_cell(cell):
            self.cited |= dict.fromkeys(bundles.cited(bundle))
            self.page.findings += bundle.get(bundles.FINDINGS, {}).get("findings", [])
            if bundles.EXHIBIT in bundle:
                yield Block("exhibit", exhibit=self._exhibit(bundle[bundles.EXHIBIT]))
            elif spec := bundles.chart(bundle):
                yield Block("exhibit", exhibit=self._exhibit(self._plain_chart(spec)))
            elif bundles.HTML in bundle:
                yield Block("html", html=contest(bundle[bundles.HTML], self.disputed))
            elif bundle.get(bundles.PLAIN, "").strip():
                yield Block("text", html=bundles.ANSI.sub("", bundle[bundles.PLAIN]))

    def _plain_chart(self, spec: dict[str, Any]) -> dict[str, Any]:
        """A chart that says of itself only what Vega-Lite has words for."""
        title, words = spec.get("title"), str(spec.get("description") or "")
        shown = title.get("text", "") if isinstance(title, dict) else title or words
        name = f"chart-{len(self.page.exhibits) + 1}"
        return {"id": name, "title": str(shown or tell("Chart")), "alt": words, "spec": spec}

    def _exhibit(self, content: dict[str, Any]) -> Exhibit:
        name = str(content.get("id", ""))
        if not bundles.SAFE_ID.fullmatch(name):
            raise ValueError(
                f"the exhibit id {name!r} cannot name a file: letters, digits, - and _"
            )
        if any(exhibit.id == name for exhibit in self.page.exhibits):
            raise ValueError(f"two exhibits have the id {name!r}")
        spec = content.get("spec")
        exhibit = Exhibit(
            number=len(self.page.exhibits) + 1,
            id=name,
            title=str(content.get("title", "")),
            subtitle=str(content.get("subtitle") or ""),
            alt=str(content.get("alt") or content.get("title", "")),
            spec=json_for_script(spec) if spec else "",
            csv=str(content.get("csv") or ""),
            **{name: contest(content.get(name) or "", self.disputed) for name in bundles.MARKUP},
        )
        self.page.exhibits.append(exhibit)
        return exhibit

    def _prose(self, source: str, listed: bool) -> str:
        """Render Markdown in the page's language; take the first h1 as the title.

        Anchors, and what a paragraph is, come from the English text, so that they are the same
        in all languages.
        """
        words, left = translate_markdown(source)
        self.page.untranslated += left
        english, shown = markdown(source), markdown(words)
        anchors = iter([match[2] for match in HEADING.finditer(english)])
        kinds = iter([match and match[1] for match in _leads(english)])

        def enter_heading(match: re.Match[str]) -> str:
            level, inner = int(match[1]), match[3]
            anchor = next(anchors, match[2])
            text = plain_text(inner)
            if level == 1 and not self.page.title:
                self.page.title = text
                return ""
            # A second h1 would be a second title.
            level = max(level, 2)
            while anchor in self.anchors:
                anchor += "-again"
            self.anchors.add(anchor)
            if listed and level in (2, 3):
                self.page.contents.append(Heading(level, anchor, text))
            return f'<h{level} id="{anchor}">{inner}</h{level}>'

        def enter_paragraph(match: re.Match[str]) -> str:
            kind = next(kinds, None)
            return f'<p class="{KINDS.get(kind, "aside")}">' if kind else match[0]

        return PARAGRAPH.sub(enter_paragraph, HEADING.sub(enter_heading, shown))


def mark_disputes(page: Page, disputes: Iterable[dict[str, Any]]) -> None:
    """Mark the figures of a page that disputes are about; each has `id` and `observations`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for dispute in disputes:
        told = {"id": dispute["id"], "sentence": dispute["sentence"]["plain"]}
        for name in dispute["observations"]:
            if name in page.observations:
                found.setdefault(name, []).append(told)
    for name, told in found.items():
        page.observations[name]["disputes"] = told
    names = set(found)
    for block in _walk(page.blocks):
        if block.kind == "html":
            block.html = contest(block.html, names)
        elif block.exhibit:
            parts = {part: getattr(block.exhibit, part) for part in bundles.MARKUP}
            marked = {part: contest(markup, names) for part, markup in parts.items()}
            block.exhibit = replace(block.exhibit, **marked)
    page.exhibits = [block.exhibit for block in _walk(page.blocks) if block.exhibit]


def contest(markup: str, disputed: set[str]) -> str:
    """Mark the figures that rest on a disputed one; the mark has words, too."""
    if not disputed:
        return markup
    word = html.escape(tell("disputed"))
    sign = f'<span class="mark"><span class="unseen"> ({word})</span></span>'

    def enter(match: re.Match[str]) -> str:
        opening, rest, names, formula, closing = match.groups()
        if disputed.isdisjoint(names.split()) or COUNTING.match(formula or ""):
            return match[0]
        return f"{opening} disputed{rest}{sign}{closing}"

    return NAMING.sub(enter, markup)


def unpack(result: bytes) -> tuple[Page, str]:
    """The page and the executed notebook's text that a job's result holds."""
    notebook, _, page = result.partition(b"\n")
    return page_from_dict(json.loads(page)), notebook.decode() + "\n"


def page_from_dict(values: dict[str, Any]) -> Page:
    """The page whose `vars`, nested, are given; the inverse of `json.dumps(default=vars)`."""
    page = Page(**values)
    page.blocks = [_block(block) for block in values["blocks"]]
    page.contents = [Heading(**heading) for heading in values["contents"]]
    page.exhibits = [block.exhibit for block in _walk(page.blocks) if block.exhibit]
    return page


def _block(values: dict[str, Any]) -> Block:
    block = Block(**values)
    block.exhibit = Exhibit(**values["exhibit"]) if values["exhibit"] else None
    block.blocks = [_block(inner) for inner in values["blocks"]]
    return block


@cache
def markdown(source: str) -> str:
    """Markdown as HTML; kept, since the editions of a notebook share their words."""
    # Imported where notebooks are run: laying a site out needs none of nbconvert.
    from nbconvert.filters.markdown import markdown2html

    return markdown2html(source)


@cache
def highlight(source: str) -> str:
    """Code as HTML with its syntax marked; kept as Markdown is."""
    from nbconvert.filters import Highlight2HTML

    return Highlight2HTML(pygments_lexer="python3")(source)


def plain_text(markup: str) -> str:
    """The words of a stretch of HTML."""
    return html.unescape(TAG.sub("", markup)).strip()


def json_for_script(value: Any) -> str:
    """JSON that cannot end the script element it stands in, and that a browser can read.

    >>> json_for_script({"a": float("nan"), "b": "</script>"})
    '{"a":null,"b":"\\\\u003c/script>"}'
    """
    options = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    try:
        text = json.dumps(value, **options)
    except ValueError:
        # Python's reader takes NaN for a number; no browser does.
        text = json.dumps(json.loads(json.dumps(value), parse_constant=lambda _: None), **options)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _leads(english: str) -> Iterator[re.Match[str] | None]:
    """For each paragraph, whether it opens with a word that makes it more than prose."""
    for paragraph in PARAGRAPH.finditer(english):
        yield LEAD.match(english, paragraph.start())


def _walk(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _walk(block.blocks)
