"""Who solves the parts of a sweep: this process, processes of this machine, or a cluster. Each gives the parts as they come."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from energynet.errors import SolverFailure
from energynet.sweep.engine import Setting
from energynet.sweep.part import Part, Written, solve_part

TRIES = 5  # breaks in a row without a part between them
SMALL = 20  # scenarios that are solved in about the time in which a process starts
WATCH = 0.5  # seconds between looks at whether the parent lives


def here(setting: Setting, parts: Sequence[Part]) -> Iterator[Written]:
    """One after the other in this process."""
    for part in parts:
        yield solve_part(setting, part)


def processes(setting: Setting, parts: Sequence[Part], jobs: int) -> Iterator[Written]:
    """In processes of their own. A killed one breaks the pool: it is made anew, and what was not done is given out again.

    Raises SolverFailure where that happens again and again.
    """
    left = {part.number: part for part in parts}
    breaks = 0
    while left:
        pool = ProcessPoolExecutor(min(jobs, len(left)), mp_context=get_context("spawn"), initializer=_begin)
        try:
            for written in _drained(pool, setting, list(left.values()), jobs):
                del left[written.number]
                breaks = 0
                yield written
        except BrokenProcessPool:
            breaks += 1
            if breaks > TRIES:
                message = f"processes were killed {breaks} times in a row; what was solved is kept. Fewer --jobs need less memory"
                raise SolverFailure(message) from None
        except BaseException:
            _end(pool)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _drained(pool: ProcessPoolExecutor, setting: Setting, parts: list[Part], jobs: int) -> Iterator[Written]:
    """Parts as they are done, a few given out ahead of need."""
    ahead, running = iter(parts), set[Future[Written]]()
    while True:
        for part in ahead:
            running.add(_submitted(pool, setting, part))
            if len(running) >= 2 * jobs:
                break
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def _submitted(pool: ProcessPoolExecutor, setting: Setting, part: Part) -> Future[Written]:
    """A part given to the pool. Raises BrokenProcessPool, also where the pool breaks while it starts a process (its pipes are closed)."""
    try:
        return pool.submit(solve_part, setting, part)
    except OSError as error:
        raise BrokenProcessPool(str(error)) from error


def _end(pool: ProcessPoolExecutor) -> None:
    """Stop the processes at once: what they are at is done again."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 # no public way to a process of a pool
        process.kill()


def _begin() -> None:
    """In a new process: an interrupt is the parent's to handle; and where the parent is gone there is nothing to live for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def cluster(setting: Setting, parts: Sequence[Part], address: str) -> Iterator[Written]:
    """On a Dask cluster. A part whose worker dies is solved by another. Raises SolverFailure where workers die again and again."""
    from distributed import Client, KilledWorker, as_completed

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.run_on_scheduler(_patient)
        left = {part.number: part for part in parts}
        given = {client.submit(solve_part, setting, part, pure=False): part for part in parts}
        waiting: Any = as_completed(list(given), loop=client.loop)  # type: ignore[no-untyped-call]
        tries = dict.fromkeys(left, 0)
        for future in waiting:
            part = given.pop(future)
            if future.status == "finished":
                yield future.result()
                continue
            error = future.exception()
            tries[part.number] += 1
            if not isinstance(error, KilledWorker) or tries[part.number] > TRIES:
                raise SolverFailure(f"the cluster did not solve part {part.number}: {error}")
            again = client.submit(solve_part, setting, part, pure=False)
            given[again] = part
            waiting.add(again)


def _patient(dask_scheduler: Any) -> None:  # noqa: ANN401
    """A task may outlive many workers: it is not the task that kills them."""
    dask_scheduler.allowed_failures = 100


def fitting_jobs(scenarios: int) -> int:
    """One process a core; a sweep of few scenarios is done before a second one has started."""
    return max(1, min(os.cpu_count() or 1, scenarios // SMALL))
