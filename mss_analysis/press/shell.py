"""A kernel's shell without a kernel: cells run in this very process, and nothing is sent.

The shell is ipykernel's own `ZMQInteractiveShell`, so magics, displays, tracebacks and the
order of outputs are those of an ordinary kernel. Its session hands each message to nbclient's
own bookkeeping instead of a socket. A process runs one notebook in it and ends.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import io
import json
import os
import signal
import sys
import tempfile
from types import FrameType, SimpleNamespace
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.profiledir import ProfileDir
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

BEATS = 1.0


class _CellStoppedError(BaseException):
    """Raised in a cell whose time is over; not an Exception, which cells are apt to catch."""


class _Recorder(Session):
    """A session whose messages go to the notebook at hand."""

    shell: Shell | None = None

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **_: Any
    ) -> None:
        if self.shell is not None:
            is_message = isinstance(msg_or_type, dict)
            message = msg_or_type if is_message else self.msg(msg_or_type, content, parent)
            self.shell.receive(message["msg_type"], message["content"])


class _Stream(io.TextIOBase):
    """What a kernel puts in place of stdout and stderr."""

    encoding = "UTF-8"
    errors = None

    def __init__(self, name: str, number: int, shell: Shell) -> None:
        super().__init__()
        self.name, self._number, self._shell = name, number, shell

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            self._shell.receive("stream", {"name": self.name, "text": text})
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number


class Shell:
    """Runs the cells of one notebook in this process, which is spent afterwards."""

    def __init__(self) -> None:
        """Make the shell; costly, so a parent makes it before it forks."""
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        # A reader's own profile must not change a report, nor a report its history.
        self._folder = tempfile.TemporaryDirectory(prefix="mss-shell-")
        self._session = _Recorder(key=b"none")
        self._kernel = SimpleNamespace(eventloop=None, session=self._session, iopub_socket=None)
        self.shell = ZMQInteractiveShell.instance(
            config=Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}}),
            profile_dir=ProfileDir(location=self._folder.name),
            kernel=self._kernel,
            compiler_class=XCachingCompiler,
        )
        self.shell.extension_manager.load_extension("storemagic")
        for end in (self.shell.displayhook, self.shell.display_pub):
            end.session = self._session
            end.pub_socket = None
        self.shell.displayhook.topic = b"execute_result"
        self._folder.cleanup()

    def enter(self, notebook: NotebookNode, timeout: float | None = None) -> None:
        """Take over this process for a notebook; `timeout` is for one cell, in seconds."""
        self.timeout, self._late = timeout, False
        self.client = NotebookClient(notebook, record_timing=False)
        self.client.reset_execution_trackers()
        self._cell, self._index = None, 0
        self._session.shell = self
        # What subprocesses print goes by the descriptors; it is read after each cell.
        sys.stdout.flush()
        sys.stderr.flush()
        self._files = []
        for number in (1, 2):
            file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
            os.dup2(file.fileno(), number)
            self._files.append(file)
        sys.stdout = sys.__stdout__ = _Stream("stdout", 1, self)
        sys.stderr = sys.__stderr__ = _Stream("stderr", 2, self)
        builtins.input = _refuse_input
        getpass.getpass = _refuse_password
        if "" not in sys.path:
            sys.path.insert(0, "")
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def run(self, cell: NotebookNode, index: int) -> None:
        """Run one cell and fill in its outputs.

        Raises what nbclient raises: CellExecutionError for an error that the cell does not
        announce, CellTimeoutError, and DeadKernelError after `exit()`.
        """
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip():
            return
        if self.client.skip_cells_with_tag in tags:
            return
        if self.shell.exit_now:
            raise DeadKernelError("Kernel died")
        self._cell, self._index = cell, index
        cell["outputs"] = []
        self.client.clear_before_next_output = False
        self.receive("execute_input", {"execution_count": self.shell.execution_count})
        self._start_clock()
        try:
            result = self.loop.run_until_complete(self._execute(cell.source))
        except _CellStoppedError:
            result = None
        finally:
            self._stop_clock()
            self._collect()
        if self._late:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", int(self.timeout or 0), cell
            )
        if result is not None and not self._went_well(result) and "raises-exception" not in tags:
            raise self._error(cell, result)

    def receive(self, kind: str, content: dict[str, Any]) -> None:
        """Do with a message what a notebook's client does."""
        if self._cell is None:
            return
        self._collect()
        if "data" in content:
            # Messages are JSON on their way: what is displayed cannot change afterwards.
            content = json.loads(json.dumps(content, default=json_default))
        header = {"msg_type": kind}
        message = {"msg_type": kind, "header": header, "parent_header": {}, "content": content}
        if kind == "stream" and not self.client.clear_before_next_output:
            # A kernel's streams are gathered while nothing else is shown, each by itself.
            for output in reversed(self._cell.outputs):
                if output.output_type != "stream":
                    break
                if output.name == content["name"]:
                    output.text += content["text"]
                    return
        self.client.process_message(message, self._cell, self._index)

    async def _execute(self, code: str) -> Any:
        """Run code as ipykernel's `do_execute` does: inside a running loop."""
        shell, problem = self.shell, None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, problem = code, sys.exc_info()
        options = {"transformed_cell": transformed, "preprocessing_exc_tuple": problem}
        if not shell.should_run_async(code, **options):
            return shell.run_cell(code, store_history=True)
        result = None
        try:
            result = await shell.run_cell_async(code, store_history=True, **options)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _went_well(self, result: Any) -> bool:
        return result.success and not self.shell._last_traceback_during_displayhook

    def _error(self, cell: NotebookNode, result: Any) -> CellExecutionError:
        error = result.error_before_exec or result.error_in_exec
        return CellExecutionError(
            "\n".join(self.shell._last_traceback or []), type(error).__name__, str(error)
        )

    def _collect(self) -> None:
        """Take in what went to the descriptors past Python's streams."""
        for name, file in zip(("stdout", "stderr"), self._files, strict=True):
            if os.fstat(file.fileno()).st_size:
                file.seek(0)
                text = file.read().decode(errors="replace")
                file.seek(0)
                file.truncate()
                self.receive("stream", {"name": name, "text": text})

    def _start_clock(self) -> None:
        if self.timeout:
            signal.signal(signal.SIGALRM, self._stop_cell)
            # A cell that catches everything is stopped again until it gives up.
            signal.setitimer(signal.ITIMER_REAL, self.timeout, BEATS)

    def _stop_clock(self) -> None:
        if self.timeout:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _stop_cell(self, number: int, frame: FrameType | None) -> NoReturn:
        self._late = True
        raise _CellStoppedError


def _refuse_input(prompt: str = "") -> NoReturn:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def _refuse_password(prompt: str = "", stream: Any = None) -> NoReturn:
    raise StdinNotImplementedError(
        "getpass was called, but this frontend does not support input requests."
    )
