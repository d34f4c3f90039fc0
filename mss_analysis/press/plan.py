"""The edition list: which notebooks become which reports, with which parameters."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.press.memory import keep, recall

SLUG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
SITE_TEXTS = ("title", "subtitle", "description", "language", "front", "licence")
SITE_KEYS = {*SITE_TEXTS, "citation", "sections"}
EDITION_KEYS = {
    *("slug", "notebook", "title", "summary", "group"),
    *("parameters", "vintages", "languages"),
}
LANGUAGE = re.compile(r"[a-z]{2,3}")
RESERVED = {"assets", "contradictions", "documents", "manifest.json", "register"}
LATEST = "latest"
KEYS = {"site", "inputs", "editions", "glossary", "judge", "register", "variables", "warm"}
FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


class PressError(Exception):
    """The press cannot start: one problem a line, each a sentence for people."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the problems as a list, for those who want to count them."""
        super().__init__("\n".join(problems))
        self.problems = problems


class Edition(NamedTuple):
    """One report to make: a notebook and the parameters that it gets."""

    slug: str
    notebook: Path
    title: str
    summary: str = ""
    group: str = ""
    parameters: dict[str, Any] = {}  # noqa: RUF012 (never changed)

    @property
    def as_of(self) -> str:
        """The vintage asked for: an ISO date, or `latest`."""
        return str(self.parameters.get("as_of", LATEST))

    @property
    def vintage(self) -> tuple[tuple[str, str], ...]:
        """What reports must share to be read side by side: every edition-wide parameter."""
        shared = {"as_of": LATEST} | self.parameters
        return tuple((key, str(shared.get(key, ""))) for key in ("as_of", "corpus", "language"))


class Register(NamedTuple):
    """A function that describes every source and dispute, `module:name`, and its parameters.

    It is called with `languages`, and with the vintage before the newest as `since`.
    """

    function: str
    parameters: dict[str, Any] = {}  # noqa: RUF012 (never changed)


class Plan(NamedTuple):
    """A site to build: its words, its editions in order, the files they rest on.

    `warm` names modules that notebooks import, so that they can be imported once for all;
    `judge`, as module:name, is a function that knows which parameters cannot go together;
    `glossary` is a table of terms, see `mss_analysis.press.glossary`; `variables` of the
    environment tell notebooks where an input lies, should it be sent to another machine.
    """

    site: dict[str, Any]
    editions: list[Edition]
    inputs: list[Path]
    warm: tuple[str, ...] = ()
    register: Register | None = None
    judge: str = ""
    glossary: Path | None = None
    variables: tuple[tuple[str, Path], ...] = ()

    @property
    def languages(self) -> list[str]:
        """The languages of the editions, the site's own first."""
        own = self.site["language"]
        return list(dict.fromkeys([own, *(self.language_of(e) for e in self.editions)]))

    def language_of(self, edition: Edition) -> str:
        """The language of an edition, by default the site's own."""
        return str(edition.parameters.get("language") or self.site["language"])

    def select(self, names: list[str] | tuple[str, ...]) -> list[Edition]:
        """Editions whose slug, or whose notebook's name, is among `names` (none: all).

        Raises PressError for a name that no edition answers to.
        """
        if not names:
            return list(self.editions)
        unknown = [
            f"No edition is called {name!r}; there are {', '.join(e.slug for e in self.editions)}."
            for name in names
            if not any(name in (e.slug, e.notebook.stem) for e in self.editions)
        ]
        if unknown:
            raise PressError(unknown)
        return [e for e in self.editions if e.slug in names or e.notebook.stem in names]

    def with_parameters(self, names: tuple[str, ...], parameters: dict[str, Any]) -> Plan:
        """The plan of the named editions alone, with other values for some parameters.

        A slug means that report alone, though its notebook may have the same name.
        """
        slugs = {edition.slug for edition in self.editions}
        return self._of(
            edition._replace(parameters=edition.parameters | parameters)
            for edition in self.select(names)
            if edition.slug in names or edition.notebook.stem not in slugs
        )

    def as_recorded(self, recorded: dict[str, dict[str, Any]]) -> Plan:
        """The plan of recorded editions alone: slugs, each with the parameters it had then."""
        return self._of(
            edition._replace(parameters=recorded[edition.slug])
            for edition in self.select([*recorded])
            if edition.slug in recorded
        )

    def _of(self, editions: Iterable[Edition]) -> Plan:
        found = list(editions)
        is_there = any(edition.slug == self.site["front"] for edition in found)
        front = self.site["front"] if is_there else ""
        return self._replace(editions=found, site=self.site | {"front": front})

    def fingerprint(self) -> str:
        """SHA-256 over the names and bytes of the input files, in sorted order."""
        digest = hashlib.sha256()
        for name, path in self.input_files():
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def input_files(self) -> list[tuple[str, Path]]:
        """Names as the fingerprint sees them, with their files; hidden files stay out."""
        files = []
        for root in self.inputs:
            found = [root] if root.is_file() else [p for p in root.rglob("*") if p.is_file()]
            for path in found:
                name = path.relative_to(root.parent)
                if not any(part.startswith((".", "__")) for part in name.parts):
                    files.append((name.as_posix(), path))
        return sorted(files)


def read_plan(path: Path, memory: Path | None = None) -> Plan:
    """Read an edition list; paths in it are relative to the list itself.

    `memory` is a folder in which parsed lists are kept: where nothing changed, importing a
    parser would take as long as all the rest.
    Raises PressError naming every problem of the file at once. A missing notebook is not
    one of them: it fails its own editions, and the others are still built.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PressError([f"{path} cannot be read: {error.strerror}."]) from error
    except ValueError as error:
        raise PressError([f"{path} is not UTF-8 text."]) from error
    if content := recall(memory, text):
        return _check(path, content)
    from mss_analysis.press.yamlfile import parse

    content = parse(path, text)
    plan = _check(path, content)
    keep(memory, text, content)
    return plan


def _check(path: Path, content: Any) -> Plan:
    """The plan that the list's content describes."""
    if not isinstance(content, dict):
        raise PressError([f"{path} must hold `site`, `inputs` and `editions`."])

    problems: list[str] = []
    for key in sorted(set(content) - KEYS, key=str):
        problems.append(f"{path.name} has an unknown key {key!r}.")
    base = path.resolve().parent
    site = _read_site(content.get("site"), problems)
    inputs = _read_inputs(content.get("inputs"), base, problems)
    glossary = content.get("glossary")
    if glossary is not None and not (isinstance(glossary, str) and (base / glossary).is_file()):
        problems.append("`glossary` must name a file, a table of terms.")
    warm = content.get("warm", [])
    if not isinstance(warm, list) or not all(isinstance(name, str) for name in warm):
        problems.append("`warm` must be a list of names of modules.")
    register = _read_register(content.get("register"), problems)
    judge = content.get("judge", "")
    if not isinstance(judge, str) or (judge and not FUNCTION.fullmatch(judge)):
        problems.append("`judge` must name a function, as module:name.")
    variables = content.get("variables", {})
    if not isinstance(variables, dict) or not all(isinstance(v, str) for v in variables.values()):
        problems.append("`variables` must be a table of names, each with the path of an input.")
        variables = {}
    editions = list(_read_editions(content.get("editions"), base, problems))
    for slug, count in Counter(e.slug for e in editions).items():
        if count > 1:
            problems.append(f"{count} editions share the slug {slug!r}.")
    if site.get("front") and not any(site["front"] == e.slug for e in editions):
        problems.append(f"site: front names {site['front']!r}, which is no edition's slug.")
    if problems:
        raise PressError([f"{path.name}: {p}" if path.name not in p else p for p in problems])
    terms = (base / glossary).resolve() if glossary else None
    found = tuple((str(name), (base / path).resolve()) for name, path in variables.items())
    return Plan(site, editions, inputs, tuple(warm), register, judge, terms, found)


def _read_site(content: Any, problems: list[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        problems.append("`site` is missing, or is not a table of keys.")
        return {}
    problems += [f"site: unknown key {key!r}." for key in content if key not in SITE_KEYS]
    problems += [
        f"site: `{key}` must be text."
        for key in SITE_TEXTS
        if not isinstance(content.get(key, ""), str)
    ]
    if not content.get("title"):
        problems.append("site: `title` is missing.")
    if not isinstance(content.get("citation", {}), dict):
        problems.append("site: `citation` must be a table of keys (authors, title, year, url).")
    sections = content.get("sections", [])
    if not isinstance(sections, list) or not all(
        isinstance(section, dict)
        and {"title", "text"} <= set(section) <= {"title", "text", "edition"}
        and all(isinstance(value, str) for value in section.values())
        for section in sections
    ):
        problems.append("site: each of `sections` needs a `title` and a `text`, both text.")
    defaults = dict.fromkeys(SITE_TEXTS, "") | {"language": "en", "citation": {}, "sections": []}
    return defaults | content


def _read_register(content: Any, problems: list[str]) -> Register | None:
    if content is None:
        return None
    found = content if isinstance(content, dict) else {}
    function, parameters = found.get("function"), found.get("parameters", {})
    if (
        set(found) - {"function", "parameters"}
        or not isinstance(function, str)
        or not FUNCTION.fullmatch(function)
        or not isinstance(parameters, dict)
    ):
        problems.append("`register` needs a `function`, as module:name, and maybe `parameters`.")
        return None
    return Register(function, {str(key): plain(value) for key, value in parameters.items()})


def _read_inputs(content: Any, base: Path, problems: list[str]) -> list[Path]:
    if content is None:
        return []
    if not isinstance(content, list) or not all(isinstance(item, str) for item in content):
        problems.append("`inputs` must be a list of paths.")
        return []
    paths = [(base / item).resolve() for item in content]
    problems += [
        f"inputs: {item} does not exist."
        for item, path in zip(content, paths, strict=True)
        if not path.exists()
    ]
    return paths


def _read_editions(content: Any, base: Path, problems: list[str]) -> Iterator[Edition]:
    if not isinstance(content, list) or not content:
        problems.append("`editions` is missing, or is not a list.")
        return
    for number, entry in enumerate(content, start=1):
        found = _entry_problems(entry)
        problems += [f"edition {number}: {problem}" for problem in found]
        if not found:
            yield from _expand(entry, base)


def _entry_problems(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return ["it is not a table of keys."]
    found = [f"unknown key {key!r}." for key in entry if key not in EDITION_KEYS]
    found += [
        f"`{key}` is missing, or is not text."
        for key in ("notebook", "title")
        if not isinstance(entry.get(key), str)
    ]
    found += [
        f"`{key}` must be text."
        for key in ("summary", "group")
        if not isinstance(entry.get(key, ""), str)
    ]
    parameters = entry.get("parameters", {})
    if not isinstance(parameters, dict) or not all(
        isinstance(key, str) and key.isidentifier() for key in parameters
    ):
        found.append("`parameters` must be a table whose keys are Python names.")
    vintages = entry.get("vintages", [])
    if not isinstance(vintages, list) or not all(_is_vintage(v) for v in vintages):
        found.append("`vintages` must be a list of ISO dates, or `latest`.")
    languages = entry.get("languages", [])
    if not isinstance(languages, list) or not all(
        isinstance(code, str) and LANGUAGE.fullmatch(code) for code in languages
    ):
        found.append("`languages` must be a list of language codes, such as fr.")
    slug = entry.get("slug", Path(str(entry.get("notebook"))).stem.lower().replace("_", "-"))
    if not isinstance(slug, str) or not SLUG.fullmatch(slug) or is_reserved(slug):
        found.append(f"the slug {slug!r} does not fit: small letters, digits and single hyphens.")
    return found


def is_reserved(slug: str) -> bool:
    """Whether the site has a file or a folder of its own by this name."""
    return slug in RESERVED or slug.endswith(".html")


def _is_vintage(value: Any) -> bool:
    if isinstance(value, datetime.date):
        return True
    try:
        return value == LATEST or bool(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _expand(entry: dict[str, Any], base: Path) -> Iterator[Edition]:
    """One edition per vintage, and one of the first vintage for each further language.

    Without `vintages` and `languages` the parameters stand as they are.
    """
    notebook = (base / entry["notebook"]).resolve()
    slug = entry.get("slug", notebook.stem.lower().replace("_", "-"))
    parameters = {key: plain(value) for key, value in entry.get("parameters", {}).items()}
    vintages = [plain(v) for v in entry.get("vintages", [])] or [None]
    kinds = [(vintage, "") for vintage in vintages]
    kinds += [(vintages[0], language) for language in entry.get("languages", [])]
    for vintage, language in kinds:
        parts = [slug, "" if vintage in (None, LATEST) else vintage, language]
        more = {"as_of": vintage, "language": language}
        yield Edition(
            slug="-".join(filter(None, parts)),
            notebook=notebook,
            title=entry["title"],
            summary=entry.get("summary", ""),
            group=entry.get("group", ""),
            parameters=parameters | {key: value for key, value in more.items() if value},
        )


def plain(value: Any) -> Any:
    """YAML reads an unquoted date as a date; notebooks take ISO text."""
    return value.isoformat() if isinstance(value, datetime.date) else value
