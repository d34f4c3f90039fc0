"""Our engine gives what an ordinary kernel gives; nothing passes from one report to the next."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from workshop import code, text, until, write_notebook

from mss_analysis.press import pool
from mss_analysis.press.execute import clean
from mss_analysis.press.job import Job
from mss_analysis.press.page import unpack

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ENTRY = "mss_fork"
# What a cell may do, one line a cell; all of it is compared with an ordinary kernel.
CELLS = r"""
x = 1; x
print("a"); import sys; print("b", file=sys.stderr); print("c")
!echo hi
import os, subprocess; subprocess.run(["echo", "sub"]).returncode
from IPython.display import clear_output, display, update_display
handle = display("one", display_id="shown"); print("between")
handle.update("two")
print("gone"); clear_output(wait=True); print("stays")
import asyncio
await asyncio.sleep(0.01)
asyncio.get_running_loop().is_running()
%%bash\necho bashed
__name__, In[1], Out[1], _
import pandas as pd; pd.DataFrame({"a": [1, 2]})
display({"application/json": {"t": (1, 2)}}, raw=True)
f?
%who
%no_such_magic
class A:\n  def _repr_html_(self): return "<b>h</b>"\n  def __repr__(self): return "A"
A()
import pickle; type(pickle.loads(pickle.dumps(A()))) is A
import threading; t = threading.Thread(target=lambda: print("thread")); t.start(); t.join()
for name in ("TERM", "MPLBACKEND", "PAGER", "FORCE_COLOR"): print(name, os.environ[name])
input("?")
def fail():\n    raise KeyError("k")\nfail()
x = (
"""


def run(path, engine, **options):
    return papermill.execute_notebook(
        path, None, engine_name=engine, progress_bar=False, cwd=str(path.parent), **options
    )


def run_all(jobs, workers=1):
    with pool.Pool(workers=workers) as executor:
        return list(executor.run_all(jobs))


def outputs(notebook):
    """Outputs of each code cell as the press keeps them, with the last line of tracebacks."""
    found = []
    for cell in clean(notebook).cells:
        if cell.cell_type == "code":
            kept = [dict(output) for output in cell.outputs]
            for output in kept:
                if "traceback" in output:
                    output["traceback"] = output["traceback"][-1:]
            found.append((cell.execution_count, kept))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_those_of_an_ordinary_kernel(path):
    """For every notebook of the project, cell by cell."""
    assert outputs(run(path, ENTRY)) == outputs(run(path, None))


def test_whatever_a_cell_does_it_does_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(papermill.execute, "raise_for_execution_errors", lambda *_: None)
    # Under pytest, ipykernel does not watch the descriptors that subprocesses print to.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    lines = [line.replace(r"\n", "\n") for line in CELLS.strip().splitlines()]
    path = write_notebook(tmp_path / "all.ipynb", [code(s, "raises-exception") for s in lines])
    ours, theirs = run(path, ENTRY), run(path, None)
    for cell, a, b in zip(lines, outputs(ours), outputs(theirs), strict=True):
        assert a == b, cell


def test_papermill_runs_it_by_hand(tmp_path):
    path = write_notebook(tmp_path / "in.ipynb", [code("n = 1", "parameters"), code("n + 1")])
    command = [sys.executable, "-m", "papermill", "--engine", ENTRY, "-p", "n", "4"]
    subprocess.run([*command, path, tmp_path / "out.ipynb"], check=True, capture_output=True)
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert executed.cells[-1].outputs[0].data["text/plain"] == "5"
    nbformat.validate(executed)


def test_nothing_outlives_a_papermill_that_was_killed(tmp_path):
    spin = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: time.sleep(1)"
    path = write_notebook(tmp_path / "in.ipynb", [code(spin)])
    command = [sys.executable, "-m", "papermill", "--engine", ENTRY, path, tmp_path / "out.ipynb"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    told = tmp_path / "pid"
    assert until(lambda: told.exists() and told.read_text())
    process.kill()
    process.wait()
    cells = Path(f"/proc/{told.read_text()}")
    assert until(lambda: not cells.exists() or "Z (zombie)" in (cells / "status").read_text())


def test_errors_dead_and_slow_kernels_are_those_of_papermill(tmp_path):
    failing = write_notebook(tmp_path / "f.ipynb", [code("1 / 0"), code("print('never')")])
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        run(failing, ENTRY)
    dying = write_notebook(tmp_path / "d.ipynb", [code("import os; os._exit(3)")])
    with pytest.raises(Exception, match="Kernel died"):
        run(dying, ENTRY)
    slow = write_notebook(tmp_path / "s.ipynb", [code("import time\ntime.sleep(60)")])
    with pytest.raises(Exception, match="timed out"):
        run(slow, ENTRY, execution_timeout=1)


def test_a_full_kernel_for_those_that_ask():
    source = nbformat.v4.new_notebook(
        cells=[text("# T"), code("get_ipython().kernel.shell_streams is not None")],
        metadata={"mss": {"kernel": "full"}},
    )
    job = Job("full", "full.ipynb", nbformat.writes(source), os.getcwd(), {}, 60)
    (outcome,) = run_all([job])
    assert "True" in unpack(outcome.result)[1]


LEAKS = {
    "builtins": ("import builtins; builtins.leak = 1", "hasattr(builtins, 'leak')"),
    "env": ("import os; os.environ['LEAK'] = '1'", "'LEAK' in os.environ"),
    "cwd": ("os.chdir('/')", "os.getcwd() == '/'"),
    "path": ("import sys; sys.path.append('leak')", "'leak' in sys.path"),
    "module": ("sys.modules['leak'] = sys", "'leak' in sys.modules"),
    "pandas": (
        "import pandas as pd; pd.options.display.max_rows = 7",
        "pd.options.display.max_rows == 7",
    ),
    "patch": ("pd.DataFrame.sum = None", "pd.DataFrame.sum is None"),
    "altair": ("import altair as alt; alt.theme.enable('dark')", "alt.theme.active == 'dark'"),
    "renderer": ("alt.renderers.enable('svg')", "alt.renderers.active == 'svg'"),
    "seed": ("import random; random.seed(1)", "random.Random(1).random() == random.random()"),
    "numpy": (
        "import numpy as np; np.random.seed(1)",
        "np.random.RandomState(1).random() == np.random.random()",
    ),
    "name": ("leaked = 1", "'leaked' in globals()"),
    "file": ("import tempfile; tempfile.tempdir = '/leak'", "tempfile.gettempdir() == '/leak'"),
    "thread": (
        "import threading, time\n"
        "threading.Thread(target=lambda: time.sleep(60), daemon=True, name='leak').start()",
        "any(t.name == 'leak' for t in threading.enumerate())",
    ),
    "input": (
        "import warnings; warnings.simplefilter('error')",
        "warnings.filters[0][0] == 'error'",
    ),
    "count": ("1", "len(In) > 40"),
}


def test_nothing_leaks_from_one_report_to_the_next(tmp_path):
    """Each trap is set in one report, and looked for in those that come after it."""
    imports = "import builtins, os, random, sys, tempfile, threading, warnings\n"
    imports += "import altair as alt, numpy as np, pandas as pd"
    setting = [code(imports), *(code(trap) for trap, _ in LEAKS.values())]
    looking = [code(imports)] + [
        code(f"print({name!r}, {seen})") for name, (_, seen) in LEAKS.items()
    ]
    jobs = []
    for number in range(3):
        for name, cells in (("set", setting), ("look", looking)):
            source = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
            jobs.append(
                Job(f"{name}-{number}", "l.ipynb", source, str(tmp_path), {}, 60, ("altair",))
            )
    outcomes = run_all(jobs)
    assert [outcome.failures for outcome in outcomes] == [()] * len(jobs)
    for outcome in outcomes:
        if outcome.slug.startswith("look"):
            found = re.findall(r'"text":"(\w+) (True|False)', unpack(outcome.result)[1])
            assert dict(found) == dict.fromkeys(LEAKS, "False")


def test_two_reports_draw_different_numbers(tmp_path):
    source = nbformat.writes(
        nbformat.v4.new_notebook(
            cells=[code("import random, numpy as np\nrandom.random(), np.random.random()")]
        )
    )
    jobs = [Job(f"r{n}", "r.ipynb", source, str(tmp_path), {}, 60, ("numpy",)) for n in range(2)]
    first, second = run_all(jobs)
    assert first.result != second.result


def test_modules_are_warm_and_one_that_starts_threads_is_not(tmp_path, monkeypatch):
    """A fork copies one thread only, so a parent that has more starts again without the list."""
    (tmp_path / "spins.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=lambda: time.sleep(99), daemon=True).start()\n"
    )
    source = nbformat.writes(
        nbformat.v4.new_notebook(cells=[code("import sys; print('colorsys' in sys.modules)")])
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for warm, seen in ((("colorsys",), "True"), (("colorsys", "spins"), "False")):
        (outcome,) = run_all([Job("w", "w.ipynb", source, str(tmp_path), {}, 60, warm)])
        assert f'"text":"{seen}' in unpack(outcome.result)[1]


def test_the_light_notebooks_of_the_benchmark_pass_the_gate():
    paths = sorted((ROOT / "benchmarks" / "notebooks").glob("*.ipynb"))
    jobs = [Job(p.stem, p.name, p.read_text(), str(p.parent), {}, 60) for p in paths]
    assert [outcome.failures for outcome in run_all(jobs, 2)] == [()] * 4


def test_what_a_notebook_starts_has_nothing_to_read(tmp_path):
    """It could take the place of the next job otherwise."""
    read = code("import subprocess; subprocess.run(['cat'], timeout=20).returncode")
    source = nbformat.writes(nbformat.v4.new_notebook(cells=[read]))
    jobs = [Job(f"r{n}", "r.ipynb", source, str(tmp_path), {}, 60) for n in range(3)]
    assert [outcome.failures for outcome in run_all(jobs, 3)] == [()] * 3


def test_words_and_code_of_notebooks_are_marked_up_once(tmp_path):
    """In the warm parent, for all editions; cells without tags are usual."""
    from mss_analysis.press import page, warmth

    path = write_notebook(tmp_path / "n.ipynb", [text("Some *rare* words"), code("rare = 1")])
    warmth.warm([str(path)])
    before = page.markdown.cache_info().misses, page.highlight.cache_info().misses
    page.markdown("Some *rare* words")
    page.highlight("rare = 1")
    assert (page.markdown.cache_info().misses, page.highlight.cache_info().misses) == before


def test_no_process_is_left_behind(tmp_path):
    marker = str(tmp_path / "left")
    spawn = f"import subprocess; subprocess.Popen(['sleep', '987.5', {marker!r}][:2])\nimport os\n"
    ends = {"well": "1", "dead": "os._exit(9)", "slow": "import time; time.sleep(99)"}
    jobs = [
        Job(
            name,
            "x.ipynb",
            nbformat.writes(nbformat.v4.new_notebook(cells=[code(spawn + end)])),
            str(tmp_path),
            {},
            2,
        )
        for name, end in ends.items()
    ]
    outcomes = {outcome.slug: outcome for outcome in run_all(jobs, 3)}
    assert not outcomes["well"].failures
    assert outcomes["dead"].failures[0].error == "the kernel died"
    assert "longer than 2 s" in outcomes["slow"].failures[0].error
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "sleep 987.5" not in listing.stdout
    assert "press.zygote" not in listing.stdout


def test_charts_are_the_same_with_the_table_kept():
    """The memo on Altair's private table changes no specification."""
    program = """
import json, sys
import altair as alt, pandas as pd
from mss_analysis.press import charting
if sys.argv[1] == "memo":
    assert charting.memoise()
days = pd.to_datetime(["2024-01-01", "2024-02-01"])
frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "d": days})
base = alt.Chart(frame).encode(x="d:T", y=alt.Y("a:Q").title("A"), color="b:N", tooltip=["a", "b"])
chart = (base.mark_line() + base.mark_point()).facet("b:N").resolve_scale(y="independent")
brush = alt.selection_interval(encodings=["x"])
other = base.mark_bar().add_params(brush).transform_filter(brush)
class Own(alt.Chart):
    pass
own = Own(frame).mark_tick().encode(x=alt.X("a").title("A"), color=alt.Color("b").legend(None))
several = alt.hconcat(base.mark_bar(), base.mark_area())
for each in (chart, other, base.mark_rule(), several, own):
    print(json.dumps(each.to_dict(), sort_keys=True))
"""
    specs = [
        subprocess.run(
            [sys.executable, "-c", program, how], capture_output=True, text=True, check=True
        ).stdout
        for how in ("memo", "plain")
    ]
    assert specs[0] == specs[1]
    assert len(specs[0]) > 1000
