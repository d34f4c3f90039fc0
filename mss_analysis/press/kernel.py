"""A full kernel in a forked child: sockets, widgets, `input()`, and nothing to import first."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from typing import Any, NoReturn

from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell

OURS = __name__.partition(".")[0]


def live(order: dict[str, Any], shell: ZMQInteractiveShell) -> NoReturn:
    """Be the kernel that `order` describes, until it is shut down, and end as interpreters do.

    The order is what `subprocess.Popen` would be told: `argv` from the launcher's name on,
    `env`, `cwd`. `shell` is the one that the warm parent keeps for jobs; it steps aside.
    """
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    for number in (signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit.unregister(shell.atexit_operations)
    ZMQInteractiveShell.clear_instance()
    _forget()
    sys.argv = order["argv"]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(sys.argv[1:])
    app.start()
    sys.exit()


def _forget() -> None:
    """Take out of the modules what an ordinary kernel would not find there as it is.

    Our own library may have been edited since the parent imported it; and the parent blocks a
    slow import that a notebook may want.
    """
    for name in list(sys.modules):
        if sys.modules[name] is None or name.partition(".")[0] == OURS:
            del sys.modules[name]
