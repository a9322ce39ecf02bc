"""Keeps processes running: starts them by fork, starts them again when they die, stops them.

Forking from a parent that has loaded everything makes a new process in milliseconds and shares
the memory of the code. The parent itself opens no database and starts no thread, so there is
nothing that a fork could break.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

log = logging.getLogger(__name__)

STEADY_SECONDS = 1.0  # a process that lived this long did not die of starting
LONGEST_WAIT = 10.0
KILLED_WAIT = 0.02
GRACE_SECONDS = 10.0


@dataclass(slots=True)
class Slot:
    """One process that should always be there. ``work`` runs in it; its end is the process's."""

    name: str
    work: Callable[[], None]
    pid: int | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0


def _name_process(name: str) -> None:
    """What ``top`` and ``ps`` show; Linux only, and only for comfort."""
    comm = Path("/proc/self/comm")
    if comm.exists():
        comm.write_text(f"gs {name}", encoding="ascii")


@dataclass(slots=True)
class Supervisor:
    """Runs its slots until SIGTERM or SIGINT, then stops them gracefully."""

    slots: list[Slot]
    grace: float = GRACE_SECONDS
    _stopping: bool = False
    _wake: tuple[int, int] = field(default_factory=os.pipe)
    _life: tuple[int, int] = field(default_factory=os.pipe)

    def run(self) -> None:
        """Returns when every process has ended after a stop."""
        for end in self._wake:
            os.set_blocking(end, False)
        before = signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
        kept = {number: signal.signal(number, self._heard) for number in signals}
        try:
            while not self._stopping:
                self._reap()
                self._start_due()
                self._rest()
        finally:
            self._stop_all()
            signal.set_wakeup_fd(before)
            for number, handler in kept.items():
                signal.signal(number, handler)
            for end in (*self._wake, *self._life):
                os.close(end)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._stopping = True

    def _rest(self) -> None:
        """Sleep until a signal comes or a process is due to start again."""
        now = time.monotonic()
        waits = [max(0.0, slot.start_at - now) for slot in self.slots if slot.pid is None]
        select.select([self._wake[0]], [], [], min(waits, default=60.0))
        try:
            while os.read(self._wake[0], 512):
                pass
        except BlockingIOError:
            return

    def _start_due(self) -> None:
        now = time.monotonic()
        for slot in self.slots:
            if slot.pid is None and slot.start_at <= now:
                slot.started = now
                slot.pid = self._fork(slot)

    def _fork(self, slot: Slot) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be_child(slot)
        return pid

    def _be_child(self, slot: Slot) -> NoReturn:
        """The rest of a child's life. It must never return into the parent's code."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            for end in (*self._wake, self._life[1]):
                os.close(end)
            _name_process(slot.name)
            watch = threading.Thread(target=self._follow_parent, name="parent", daemon=True)
            watch.start()
            slot.work()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001  # the very end of the process: say why, then end
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _follow_parent(self) -> None:
        """End when the parent is gone: only it holds the other end of this pipe."""
        os.read(self._life[0], 1)
        # To the main thread itself: a signal to the process might be taken by this thread, and
        # then nothing wakes the main one.
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(self.grace)
        os._exit(1)

    def _reap(self) -> None:
        for slot in self.slots:
            if slot.pid is None:
                continue
            pid, status = os.waitpid(slot.pid, os.WNOHANG)
            if pid:
                self._note_death(slot, status)

    def _note_death(self, slot: Slot, status: int) -> None:
        now = time.monotonic()
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL:  # somebody's decision, not a fault of starting
            wait = KILLED_WAIT
        elif now - slot.started >= STEADY_SECONDS:
            slot.deaths, wait = 0, 0.0
        else:
            slot.deaths += 1
            wait = min(LONGEST_WAIT, 0.1 * 2 ** (slot.deaths - 1))
        slot.start_at = now + wait
        why = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        log.warning("%s %s ended (%s); starting it again", slot.name, slot.pid, why)
        slot.pid = None

    def _stop_all(self) -> None:
        self._signal_all(signal.SIGTERM)
        give_up = time.monotonic() + self.grace
        while any(slot.pid for slot in self.slots):
            for slot in self.slots:
                if slot.pid and os.waitpid(slot.pid, os.WNOHANG)[0]:
                    slot.pid = None
            if time.monotonic() > give_up:
                self._signal_all(signal.SIGKILL)
                give_up = float("inf")
            time.sleep(0.01)

    def _signal_all(self, number: signal.Signals) -> None:
        for slot in self.slots:
            if slot.pid:
                os.kill(slot.pid, number)
