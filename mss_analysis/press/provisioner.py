"""A provisioner of Jupyter kernels that are forked from a warm parent: `mss-warm`.

A kernelspec asks for it by `"metadata": {"kernel_provisioner": {"provisioner_name": "mss-warm"}}`;
`JUPYTER_DEFAULT_PROVISIONER_NAME=mss-warm` asks for it where no kernelspec says otherwise. What
cannot be forked is started as ever: another interpreter, other settings of Python's own, or any
kernel at all where the system cannot fork.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from mss_analysis.press import pool
from mss_analysis.press.job import LostError
from mss_analysis.press.parent import AS_KERNEL, Child, Parent

LAUNCHER = "ipykernel_launcher"


class WarmProvisioner(LocalProvisioner):
    """Kernels of this interpreter, forked; where that cannot be, started as processes."""

    warm = List(Unicode(), help="Modules to import once, before any kernel.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start it; see `LocalProvisioner`."""
        # The first one waits until the parent is warm; whoever asks may have others to serve.
        forked = await asyncio.to_thread(self._fork, cmd, kwargs)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel with all that it started, while it lives."""
        # Its number is free for others as soon as its parent has buried it.
        if await self.poll() is None:
            await super().send_signal(signum)

    def _fork(self, cmd: list[str], options: dict[str, Any]) -> ForkedKernel | None:
        arguments = _arguments(cmd)
        environment = options.get("env") or os.environ
        redirected = {"stdin", "stdout", "stderr"} & options.keys()
        if not hasattr(os, "fork") or arguments is None or redirected:
            return None
        with suppress(LostError, OSError, EOFError):
            parent = pool.parent(tuple(self.warm))
            if _agree(parent, environment):
                where = os.path.abspath(options.get("cwd") or os.getcwd())
                order = {"argv": [LAUNCHER, *arguments], "env": {**environment}, "cwd": where}
                return ForkedKernel(parent.fork(), order)
        return None


class ForkedKernel:
    """A kernel that a warm parent forked, with the ways of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, child: Child, order: dict[str, Any]) -> None:
        """Tell the child what kernel to be."""
        self._child = child
        self.pid = int(child.line.recv_bytes())
        child.line.send_bytes(AS_KERNEL + b" " + json.dumps(order).encode())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code; None while it lives."""
        if self.returncode is None and wait([self._child.ended], 0):
            self._bury()
        return self.returncode

    def wait(self) -> int | None:
        """Wait until it has ended; returns the exit code."""
        if self.returncode is None:
            self._bury()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _bury(self) -> None:
        # A parent that died took it along.
        self.returncode = int(self._child.buried() or -signal.SIGKILL)
        self._child.close()


def _arguments(command: list[str]) -> list[str] | None:
    """The launcher's arguments, if the command starts it in this very interpreter."""
    if LAUNCHER not in command or command[0] != sys.executable:
        return None
    place = command.index(LAUNCHER)
    *options, module = command[1:place]
    plain = module == "-m" and all(option.startswith("-X") for option in options)
    return command[place + 1 :] if plain else None


def _agree(parent: Parent, environment: Mapping[str, str]) -> bool:
    """Whether a parent was started with what Python reads of an environment as it starts."""
    asked = {name: value for name, value in environment.items() if name.startswith("PYTHON")}
    return asked.items() <= parent.environment.items()
