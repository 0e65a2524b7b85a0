"""A sweep that is killed goes on: the command of the terminal, and a worker of a cluster."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import energynet
from energynet.results.tables import NAMES
from tests.sweep.sweeps import VARY, same_tables

MODEL = Path(energynet.__file__).parent / "starter" / "models" / "six-node.yaml"


def command(path: Path) -> list[str]:
    vary = [word for text in VARY for word in ("--vary", text)]
    code = "from energynet.cli.main import main; main()"
    return [sys.executable, "-c", code, "sweep", str(MODEL), *vary, "--tables", "all", "--out", str(path), "--json", "--jobs", "1"]


def test_a_killed_command_goes_on_and_ends_with_the_same_tables(model, swept, tmp_path):
    """SIGKILL at a random moment once the first part is begun, so within a part or between two; then the same sweep again."""
    path = tmp_path / "killed"
    running = subprocess.Popen(command(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and not (path / "base").is_dir():
        time.sleep(0.002)
    time.sleep(random.Random(os.getpid()).uniform(0.0, 0.5))
    running.kill()
    running.wait()
    there = len(list(path.glob("scenarios/part-*.parquet")))
    done = model.sweep(VARY).write(path, tables=NAMES)
    assert done.solved_now == 12 - 4 * there
    same_tables(swept[0], path)


def test_a_cluster_of_which_a_worker_is_killed(model, swept, tmp_path):
    distributed = pytest.importorskip("distributed")
    killed = []

    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50) as cluster:
        pids = [worker.process.pid for worker in cluster.workers.values()]

        def kill(done, total, failed):
            if done and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        done = model.sweep(VARY).write(tmp_path / "c", tables=NAMES, scheduler=cluster.scheduler_address, progress=kill)
    assert killed
    assert done.counts == {"optimal": 12}
    same_tables(swept[0], tmp_path / "c")
