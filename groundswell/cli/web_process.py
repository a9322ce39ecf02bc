"""One web process: granian's WSGI worker in this very process, on a socket it is given.

Granian's own main process does not start killed workers again in time (DESIGN section 4), so
``serve`` forks each worker itself (supervisor.py). The parent keeps every listening socket open:
a killed process loses the requests it was answering, and none that wait.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from granian import net
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

BACKLOG = 2048
THREAD_IDLES_SECONDS = 600  # a thread keeps its database connection


class PortIsTaken(OSError):
    """Something listens there already, or this process may not."""


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """``count`` listening sockets on one address, one for each process.

    On Linux the kernel spreads connections over them; elsewhere it is one socket that all share.
    Raises PortIsTaken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_linux = sys.platform == "linux"
    try:
        # Without the sharing option first, or a second server would silently share the port.
        probe = _bound(family, host, port, is_shared=False)
        port = probe.getsockname()[1]
        if not is_linux:
            probe.listen(BACKLOG)
            return [probe] * count
        probe.close()
        sockets = [_bound(family, host, port, is_shared=True) for _ in range(count)]
    except (OSError, OverflowError) as error:
        raise PortIsTaken(f"{host}:{port}: {error}") from error
    for one in sockets:
        one.listen(BACKLOG)
    return sockets


def _bound(family: int, host: str, port: int, *, is_shared: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
    except (OSError, OverflowError):
        made.close()
        raise
    made.setblocking(False)  # as granian's runtime expects
    return made


class _OneProcess(MPServer):
    """Granian's server, reduced to its worker: no further process, no socket of its own."""

    def __init__(self, listener: socket.socket, threads: int) -> None:
        self._listener = listener
        super().__init__(
            target="groundswell",
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=threads,
            blocking_threads_idle_timeout=THREAD_IDLES_SECONDS,
            backpressure=BACKLOG,
            websockets=False,
            log_level=LogLevels.warning,
        )

    def _init_shared_socket(self) -> None:
        mine: Any = self  # granian's own attributes carry no useful types
        mine._ssp = mine._sso = None
        mine._sfd = self._listener.fileno()
        holder: Any = net.SocketHolder  # type: ignore[attr-defined]  # its stub lags behind
        mine._shd = holder(mine._sfd, False, BACKLOG)  # descriptor, no unix socket, backlog

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> NoReturn:
        """A stop before the worker listens to signals itself: nothing is under way yet."""
        raise SystemExit(0)

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> NoReturn:
        self._spawn_worker(0, spawn_target, target_loader).inner.run()
        raise SystemExit(0)


def serve(listener: socket.socket, application: Callable[..., Any], *, threads: int) -> None:
    """Answer requests on ``listener`` until SIGTERM; answers under way are finished."""
    _OneProcess(listener, threads).serve(target_loader=lambda: application, wrap_loader=False)
