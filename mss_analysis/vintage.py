"""Reading the evidence base as it was known on a day."""

import hashlib
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from mss_analysis.bounds import Rules, read_rules, require_numbers, resolve
from mss_analysis.dates import end_of, start_of
from mss_analysis.distinct import each, encode, is_in, look_up, replace, to_numbers
from mss_analysis.evidence import CORPORA, STATEMENTS, Evidence, ParameterError
from mss_analysis.language import LANGUAGES, learn, speak
from mss_analysis.schema import EvidenceError, Table, locate_data, read_schema
from mss_analysis.tablefile import is_text, parse, read_blocks

GRADES = tuple("ABCDEF")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATES = ("period_start", "period_end", "as_of")


def load(
    as_of: str = "latest",
    corpus: str = "full",
    language: str = "en",
    data: Path | str | None = None,
    rules: Rules | None = None,
    min_grade: str = "F",
) -> Evidence:
    """Read the evidence base as it was known on a day.

    Parameters
    ----------
    as_of
        ISO date, or ``latest``: the newest publication date in the data, never the clock. A
        document with a partial publication date counts as known at the end of that month or year,
        one without any only at ``latest``, for which a year alone is no date.
    corpus
        ``seed`` (the documents the project started from) or ``full``.
    language
        Language of labels and sentences: ``en``, ``fr`` or ``ht``; spoken from then on.
    data
        Folder of the tables; by default the one that comes with the library.
    rules
        Bounds for each wording; by default those of ``qualifiers.csv``.
    min_grade
        Admiralty grade, ``A`` (best) to ``F`` (all): documents of a lesser grade are left out.

    Raises
    ------
    ParameterError
        When a parameter has an impossible value.
    EvidenceError
        When a table is missing or can't be read.

    Examples
    --------
    >>> load("2024-07-01", corpus="seed").sources["source_id"].tolist()
    ['004_ecda221a58dc764e']

    """
    _choose("corpus", corpus, CORPORA)
    _choose("language", language, tuple(LANGUAGES))
    _choose("min_grade", min_grade, GRADES)
    folder = Path(data) if data else locate_data()
    schema = read_schema(folder)
    require_numbers(schema)
    with ThreadPoolExecutor(1) as aside:
        hashed = aside.submit(_fingerprint, folder, schema)
        tables = {name: read_table(folder, table, is_utf8=True) for name, table in schema.items()}
        fingerprint, is_utf8 = hashed.result()
        if not is_utf8:
            tables = {name: read_table(folder, table) for name, table in schema.items()}
        try:
            _correct(tables, schema)
            _read_numbers(tables, schema)
            day = _restrict(tables, schema, as_of, corpus, min_grade)
            _complete(tables, rules or read_rules(folder / schema["qualifiers"].path))
        except ParameterError:
            raise
        except (ValueError, KeyError, ArithmeticError) as error:
            words = str(error).partition("\n")[0].partition(",")[0]
            raise EvidenceError(
                f"The tables in {folder} can't be used ({words}); run `mss check`."
            ) from None
        speak(language)
        if language != "en":
            for table in tables.values():
                learn(language, _names(table, language))
        return Evidence(day, corpus, tables, fingerprint, min_grade, language)


def _names(table: pd.DataFrame, language: str) -> dict[str, str]:
    """Read what the things in a table are called in a language: English name -> its name.

    A column ``title_fr`` translates ``title``; ``name_fr`` translates the key.
    """
    found: dict[str, str] = {}
    for column in table.columns:
        stem, _, code = column.rpartition("_")
        if code == language and (stem == "name" or stem in table):
            english = table[stem] if stem in table else table.iloc[:, 0]
            pairs = zip(english.astype(str), table[column].astype(str), strict=True)
            found.update({words: translated for words, translated in pairs if translated})
    return found


def _correct(tables: dict[str, pd.DataFrame], schema: dict[str, Table]) -> None:
    """Read what the errata say in place of what the rows hold."""
    for name, errata in tables["corrections"].groupby("table", sort=False):
        frame = tables[name]
        ids = frame[schema[name].key[0]]
        ids = ids[is_in(ids, errata["row"])]
        for column, entries in errata.groupby("column", sort=False):
            # An erratum of an erratum comes later.
            values = dict(zip(entries["row"], entries["is"], strict=True))
            meant = ids[ids.isin(list(values))]
            frame[column] = replace(frame[column], meant.index, [values[row] for row in meant])


def _read_numbers(tables: dict[str, pd.DataFrame], schema: dict[str, Table]) -> None:
    """Turn written numbers into numbers, empty ones into NaN."""
    for name, table in schema.items():
        for column in table.numbers:
            try:
                tables[name][column] = to_numbers(tables[name][column])
            except ValueError as error:
                words = f"{table.path} can't be read ({error}); run `mss check`."
                raise EvidenceError(words) from None


def _restrict(
    tables: dict[str, pd.DataFrame],
    schema: dict[str, Table],
    as_of: str,
    corpus: str,
    min_grade: str,
) -> date:
    """Keep what was known on the day, and give that day."""
    sources = tables["sources"]
    (published,) = encode(sources["published"])
    sources["known"] = each(end_of, published)
    grades = tables["source_types"].set_index("type")["grade"]
    sources["grade"] = sources["type"].map(grades).fillna("F")
    if corpus == "seed":
        sources = sources[sources["corpus"] == "seed"]
    # A document of which only the year is known would put the newest day into the future.
    dated = each(lambda days: days.str.len() > 4, published)
    day = _parse_day(as_of, sources.loc[dated, "known"].max())
    is_known = sources["known"] <= pd.Timestamp(day)
    if as_of == "latest":
        is_known |= ~dated
    is_known &= sources["grade"] <= min_grade
    sources = tables["sources"] = _keep(sources, is_known)
    for name, table in schema.items():
        if any(reference.table == "sources" for reference in table.references):
            stated = is_in(tables[name]["source_id"], sources["source_id"])
            tables[name] = _keep(tables[name], stated)
    errata, ids = tables["corrections"], tables["observations"]["observation_id"]
    # To look for a few ids among a million takes as long as to look for all of them.
    ids = ids[is_in(ids, pd.concat([errata["row"], tables["identities"]["observation_id"]]))]
    _keep_known_terms(tables, ids)
    others = [tables[name][key] for name, key in STATEMENTS.items() if name != "observations"]
    known = [is_in(errata["row"], column) for column in (sources["source_id"], ids, *others)]
    tables["corrections"] = _keep(errata, np.logical_or.reduce(known))
    return day


def _keep(frame: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """Keep some rows; to copy a large table in order to drop none takes long."""
    return frame.reset_index(drop=True) if wanted.all() else frame[wanted].reset_index(drop=True)


def _complete(tables: dict[str, pd.DataFrame], rules: Rules) -> None:
    """Fill bounds from wording, and turn written dates into dates."""
    observations, events = tables["observations"], tables["events"]
    # Bounds and dates are reckoned side by side.
    with ThreadPoolExecutor(1) as aside:
        resolved = aside.submit(resolve, observations, rules)
        written = (observations[column] for column in (*_DATES, "attributed_to"))
        *days, counted_by = encode(*written)
        days = dict(zip(_DATES, (each(_parse_days, cells) for cells in days), strict=True))
        bounds = resolved.result()
    for column, cells in {**bounds, **days}.items():
        observations[column] = cells
    origins = tables["origins"]
    observations["origin"] = look_up(counted_by, origins["origin"], origins["counts_with"], "")
    events["start"] = start_of(events["date"])
    events["end"] = end_of(events["date_end"].where(events["date_end"] != "", events["date"]))


def _parse_days(cells: pd.Series) -> pd.Series:
    return pd.to_datetime(cells.where(cells != ""), format="%Y-%m-%d")


def read_table(folder: Path, table: Table, is_utf8: bool = False) -> pd.DataFrame:
    """Read one table as text; ``is_utf8`` spares the test whether it is UTF-8.

    Raises
    ------
    EvidenceError
        When the file is missing or is not the table described.

    """
    path = folder / table.path
    try:
        try:
            return parse(path, table.columns, is_utf8)
        except (ValueError, KeyError):
            # The slower parser knows line breaks in cells, and a better sentence for the rest.
            frame = pd.read_csv(
                path, dtype="str", keep_default_na=False, usecols=table.columns, encoding="utf-8"
            )
    except FileNotFoundError:
        raise EvidenceError(f"{table.path} is missing in {folder}.") from None
    except (ValueError, OSError) as error:
        raise EvidenceError(
            f"{table.path} can't be read ({str(error).splitlines()[0]}); run `mss check`."
        ) from None
    return frame[table.columns]


def _choose(parameter: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise ParameterError(f"{parameter} must be one of {', '.join(choices)}, not {value!r}.")


def _parse_day(as_of: str, newest: pd.Timestamp) -> date:
    if as_of == "latest":
        if pd.isna(newest):
            raise EvidenceError("No source has a publication date, so there is no latest vintage.")
        return newest.date()
    try:
        # ISO 8601 knows other spellings (20241130, weeks) that a reader may misread.
        return datetime.strptime(_DAY.fullmatch(str(as_of))[0], "%Y-%m-%d").date()
    except (TypeError, ValueError):
        raise ParameterError(
            f"as_of must be an ISO date such as 2024-11-30, or 'latest', not {as_of!r}."
        ) from None


def _keep_known_terms(tables: dict[str, pd.DataFrame], ids: pd.Series) -> None:
    """Drop relations and risks that no known document bears on."""
    identities, passages = tables["identities"], tables["evidence"]
    known = is_in(identities["observation_id"], ids)
    # A relation one of whose terms isn't known yet can't be tested at that vintage, unless it
    # says that several figures are the same: then any two of them will do.
    terms = known.groupby(identities["identity_id"])
    is_testable = terms.transform("all") | (
        (identities["kind"] == "same") & (terms.transform("sum") > 1)
    )
    tables["identities"] = identities[known & is_testable].reset_index(drop=True)
    raised = tables["risks"]["risk_id"].isin(passages["risk_id"])
    tables["risks"] = tables["risks"][raised].reset_index(drop=True)


def _fingerprint(folder: Path, schema: dict[str, Table]) -> tuple[str, bool]:
    """Hash the tables, and tell whether all of them are UTF-8."""
    digest, is_utf8 = hashlib.sha256(), True
    for table in schema.values():
        digest.update(table.path.encode() + b"\0")
        for block in read_blocks(folder / table.path):
            digest.update(block)
            is_utf8 = is_utf8 and is_text(block)
        digest.update(b"\0")
    return digest.hexdigest(), is_utf8
