"""The codebook for people: the tables' columns, written into ``data/README.md`` from the schema."""

from pathlib import Path

from mss_analysis.schema import locate_data, read_schema, write_codebook

START, END = "<!-- columns: start -->", "<!-- columns: end -->"


def renew(text: str, data: Path) -> str:
    """Replace the part between the marks by the columns as ``datapackage.json`` describes them."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{write_codebook(read_schema(data))}\n{END}{after}"


if __name__ == "__main__":
    folder = locate_data()
    readme = folder / "README.md"
    readme.write_text(renew(readme.read_text(encoding="utf-8"), folder), encoding="utf-8")
