"""Store the notebooks' results anew: run this on purpose, when a figure has changed for a reason.

make stored
git diff tests/stored      # read every changed figure before you commit it
"""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "tests" / "stored"
# Kept: the plain text of every output and the findings. Left out: renderings of the same figures.
RENDERINGS = (
    "text/html",
    "application/vnd.mss.exhibit+json",
    "application/vnd.mss.provenance+json",
)


def store(notebook: Path, target: Path) -> None:
    """Execute a notebook and keep its results without their renderings."""
    document = nbformat.read(notebook, as_version=4)
    NotebookClient(document, timeout=120, kernel_name="python3").execute()
    for cell in document.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            for rendering in RENDERINGS:
                output.get("data", {}).pop(rendering, None)
    document.metadata["language_info"] = {"name": "python"}
    nbformat.write(document, target)


if __name__ == "__main__":
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        store(path, STORED / path.name)
        print(f"stored {path.stem}")
