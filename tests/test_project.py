"""The project agrees with itself: environments, codebook, versions, data package, room walls."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from frictionless import Package

import mss_analysis
from mss_analysis.codebook import renew

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "mss_analysis"


def read_project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_environment_lists_what_pyproject_lists():
    project = read_project()
    wanted = {*project["dependencies"]}
    for extra in project["optional-dependencies"].values():
        wanted.update(extra)
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = {entry for entry in environment["dependencies"] if isinstance(entry, str)}
    assert listed - {"pip", f"python{project['requires-python']}"} == wanted


def test_lock_pins_every_dependency():
    project = read_project()
    pinned = {
        line.split("==")[0].split("[")[0]
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    for requirement in sum(project["optional-dependencies"].values(), project["dependencies"]):
        assert requirement.split(">=")[0] in pinned


def test_version_is_stated_once_and_the_same():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    editions = yaml.safe_load((ROOT / "reports" / "editions.yml").read_text(encoding="utf-8"))
    cited = editions["site"]["citation"]["version"]
    assert read_project()["version"] == mss_analysis.__version__ == citation["version"] == cited


def test_codebook_describes_the_tables_as_they_are():
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert renew(text, ROOT / "data") == text, "run `make codebook`"


def test_data_package_is_valid():
    report = Package(str(ROOT / "data" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "rowNumber", "fieldName", "note"])


def test_analysis_never_imports_the_press():
    edges = {LIBRARY / "cli.py"}
    for path in set(LIBRARY.rglob("*.py")) - edges:
        if "press" not in path.relative_to(LIBRARY).parts:
            assert not any(name.startswith("mss_analysis.press") for name in imports_of(path)), path


def test_press_knows_nothing_of_the_analysis():
    # How words and dates are said in a language belongs to neither; it does not speak of Haiti.
    shared = ("mss_analysis.press", "mss_analysis.language", "mss_analysis.dates")
    for path in (LIBRARY / "press").rglob("*.py"):
        for name in imports_of(path):
            assert not name.startswith("mss_analysis") or name.startswith(shared), (path, name)


@pytest.mark.parametrize(
    "module", ["papermill", "networkx", "num2words", "nbconvert", "scipy", "statsmodels"]
)
def test_importing_the_library_stays_light(module):
    command = f"import sys, mss_analysis; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
