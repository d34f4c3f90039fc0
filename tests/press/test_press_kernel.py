"""Full kernels forked from the warm parent: they behave as ordinary ones, and none is left."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager

import nbformat
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from workshop import code, gone, processes_with, text, until

from mss_analysis.press import pool
from mss_analysis.press.job import Job
from mss_analysis.press.page import unpack
from mss_analysis.press.provisioner import ForkedKernel

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
PATIENCE = 60


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    """Kernels are forked where no kernelspec says otherwise; the parent ends with the test."""
    # Distributed sets it for its workers, and leaves it where it was started.
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", "mss-warm")
    yield
    pool.close()


@contextmanager
def kernel(**options):
    manager, client = start_new_kernel(kernel_name="python3", **options)
    try:
        yield manager, client
    finally:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def run(client, source, answer=None):
    """What a cell prints, and its reply."""
    said = []

    def hear(message):
        said.append(message["content"].get("text", ""))

    options = {"output_hook": hear, "timeout": PATIENCE}
    if answer is not None:
        options |= {"allow_stdin": True, "stdin_hook": lambda _: client.input(answer)}
    reply = client.execute_interactive(source, **options)
    return "".join(said).strip(), reply["content"]


def test_it_is_forked_and_has_what_an_ordinary_kernel_has(tmp_path):
    environment = os.environ | {"LAMP": "lit", "TZ": "America/Port-au-Prince"}
    with kernel(env=environment, cwd=str(tmp_path)) as (manager, client):
        assert isinstance(manager.provisioner.process, ForkedKernel)
        said, _ = run(
            client, "import os, time; print(os.getcwd(), os.environ['LAMP'], time.tzname)"
        )
        assert said.startswith(f"{tmp_path} lit")
        assert "UTC" not in said
        assert run(client, "import sys; print('pandas' in sys.modules, __name__)")[0] == (
            "True __main__"
        )
        # The library may be edited between two kernels, and must be read anew.
        assert run(client, "print([m for m in sys.modules if m.startswith('mss_')])")[0] == "[]"
        assert run(client, "print(None in sys.modules.values())")[0] == "False"
        assert run(client, "print(input('?'))", answer="a lamp")[0] == "a lamp"


def test_two_kernels_share_nothing():
    with kernel() as (_, one), kernel() as (_, other):
        run(one, "import builtins, numpy; builtins.leak = here = 1")
        assert run(other, "print('here' in globals(), hasattr(__builtins__, 'leak'))")[0] == (
            "False False"
        )
        draw = "import numpy, random; print(numpy.random.random(), random.random())"
        assert run(one, draw) != run(other, draw)


def test_an_interrupt_stops_a_cell_and_not_the_kernel():
    with kernel() as (manager, client):
        source = "import time\nprint('on')\nwhile True: time.sleep(0.05)"
        message = client.execute(source, stop_on_error=False)
        while client.get_iopub_msg(timeout=PATIENCE)["content"].get("text") != "on\n":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=PATIENCE)
        while reply["parent_header"]["msg_id"] != message:
            reply = client.get_shell_msg(timeout=PATIENCE)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert run(client, "print('still here')")[0] == "still here"


@pytest.mark.parametrize(
    ("end", "exit_code"), [("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", -signal.SIGKILL)]
)
def test_its_death_is_noticed_and_another_can_be_started(end, exit_code):
    with kernel() as (manager, client):
        process = manager.provisioner.process
        client.execute(f"import os\n{end}")
        assert until(lambda: not manager.is_alive())
        assert process.returncode == exit_code
        client.stop_channels()
        # At once: a request to shut down, sent to the dead kernel, would reach the new one.
        manager.restart_kernel(now=True)
        other = manager.client()
        other.start_channels()
        other.wait_for_ready(timeout=PATIENCE)
        assert run(other, "print('again')")[0] == "again"
        other.stop_channels()


def test_it_ends_as_interpreters_do(tmp_path):
    with kernel() as (manager, client):
        process = manager.provisioner.process
        farewell = tmp_path / "farewell"
        run(
            client,
            f"import atexit, pathlib\natexit.register(pathlib.Path({str(farewell)!r}).touch)",
        )
        manager.shutdown_kernel()
        assert farewell.exists()
        assert process.wait() == 0


def test_nothing_is_left_when_the_kernel_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("MSS_DRILL", str(tmp_path))
    with kernel() as (manager, client):
        run(client, "import subprocess; subprocess.Popen(['sleep', '900'])")
        assert any(b"sleep" in command for command in processes_with(f"MSS_DRILL={tmp_path}"))
        manager.shutdown_kernel(now=True)
    assert until(lambda: not any(b"sleep" in c for c in processes_with(f"MSS_DRILL={tmp_path}")))


def test_nothing_is_left_when_whoever_asked_is_killed(tmp_path):
    program = """
        import time
        from jupyter_client.manager import start_new_kernel
        manager, client = start_new_kernel(kernel_name="python3")
        print(type(manager.provisioner.process).__name__, flush=True)
        time.sleep(900)
    """
    asking = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"MSS_DRILL": str(tmp_path), "JUPYTER_DEFAULT_PROVISIONER_NAME": "mss-warm"},
    )
    assert asking.stdout.readline() == "ForkedKernel\n"
    assert len(processes_with(f"MSS_DRILL={tmp_path}")) == 3
    asking.kill()
    asking.communicate()
    assert gone(f"MSS_DRILL={tmp_path}")


def test_the_death_of_the_parent_is_the_kernels_death():
    with kernel() as (manager, _):
        process = manager.provisioner.process
        os.kill(pool.parent(())._process.pid, signal.SIGKILL)
        assert until(lambda: not manager.is_alive())
        assert process.returncode == -signal.SIGKILL
        assert until(lambda: not os.path.exists(f"/proc/{process.pid}"))


def plain(manager):
    return isinstance(manager.provisioner.process, subprocess.Popen)


def test_what_cannot_be_forked_is_started_as_ever(monkeypatch):
    with kernel(env=os.environ | {"PYTHONHASHSEED": "7"}) as (manager, client):
        assert plain(manager)
        assert run(client, "import os; print(os.environ['PYTHONHASHSEED'])")[0] == "7"
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv = ["/usr/bin/env", *manager.kernel_spec.argv]
    manager.start_kernel()
    assert plain(manager)
    manager.shutdown_kernel(now=True)
    monkeypatch.delattr(os, "fork")
    with kernel() as (manager, client):
        assert isinstance(manager.provisioner, LocalProvisioner)
        assert plain(manager)
        assert run(client, "print(1)")[0] == "1"


FULL = {"mss": {"kernel": "full"}}


def build(*notebooks, timeout=60.0):
    """Outcomes of notebooks, each its metadata and its cells."""
    jobs = []
    for metadata, *cells in notebooks:
        source = nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))
        slug = f"n-{len(jobs)}"
        jobs.append(Job(slug, "n.ipynb", source, os.getcwd(), {}, timeout, ("colorsys",)))
    with pool.Pool(workers=2) as executor:
        outcomes = {outcome.slug: outcome for outcome in executor.run_all(jobs)}
    return [outcomes[job.slug] for job in jobs]


def outputs(outcome):
    """What the press keeps of each code cell."""
    assert not outcome.failures, outcome.failures
    notebook = json.loads(unpack(outcome.result)[1])
    return [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


CELLS = (
    text("# Title"),
    code("import pandas as pd, sys\npd.Series(['a', 'b']).to_frame('c').set_index('c')"),
    code("print('said'); print('warned', file=sys.stderr)"),
    code("!echo below"),
    code("import altair; print(altair.renderers.active)"),
)
ASKS = "print(get_ipython().kernel.shell_stream is not None, 'colorsys' in sys.modules)"


def test_a_notebook_that_asks_for_it_is_built_in_one():
    """By the same warm parent, with the outputs that the shell without sockets gives."""
    full, usual = build((FULL, *CELLS, code(ASKS)), ({}, *CELLS))
    *found, last = outputs(full)
    assert last[0]["text"] == "True True\n"
    assert found == outputs(usual)
    assert found[-1][0]["text"] == "mss\n"


def test_such_a_notebook_fails_as_others_do(monkeypatch, tmp_path):
    monkeypatch.setenv("MSS_DRILL", str(tmp_path))
    ends = {
        "1 / 0": "ZeroDivisionError",
        "import os; os._exit(1)": "the kernel died",
        "while True: pass": "longer than 3 s",
        "import os; os.kill(os.getppid(), 9)": "died",
    }
    outcomes = build(*((FULL, code("1"), code(source)) for source in ends), timeout=3)
    for reason, outcome in zip(ends.values(), outcomes, strict=True):
        assert reason in outcome.failures[0].error
    assert gone(f"MSS_DRILL={tmp_path}")
