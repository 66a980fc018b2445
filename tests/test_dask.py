"""Several machines: the same checks on a Dask cluster, one of whose processes is killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dossiers import several
from lots import options, put

from assembler.batch import run
from assembler.batch.entry import Result, Task, check_one

distributed = pytest.importorskip("distributed", reason="the extra « dask » is not installed")

# A killed process breaks connections under the feet of distributed, which leaves them to the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def cluster(tmp_path: Path) -> Any:
    import dask

    # The processes that check start another, which reads: daemons may not.
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        distributed.LocalCluster(
            n_workers=2,
            processes=True,
            threads_per_worker=1,
            dashboard_address=":0",
            local_directory=str(tmp_path / "dask"),
        ) as made,
    ):
        made.wait_for_workers(2, timeout=120)
        yield made


def register(folder: Path) -> list[bytes]:
    return [(folder / f"registre.{kind}").read_bytes() for kind in ("xlsx", "html")]


def test_a_cluster_that_loses_a_process_gives_the_register_of_one_machine(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    parent = several(tmp_path / "p", 8)
    put(parent, rien="defauts/courrier-collectivite-absent", court="defauts/duree-dix-huit-mois")
    (parent / "vide").mkdir(exist_ok=True)
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    killed: list[int] = []

    def progress(done: int, _total: int) -> None:
        if done == 2:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    asked = {"executor": f"dask={cluster.scheduler_address}", "everything": True}
    there = run(parent, options(output=tmp_path / "there", **asked), progress=progress)
    alone = run(parent, options(output=tmp_path / "alone", everything=True, processes=1))
    assert killed == [victim]
    assert there.codes == alone.codes
    assert register(tmp_path / "there") == register(tmp_path / "alone")


def test_a_cluster_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assembler.errors import UsageError

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("assembler.batch.executors._CONNECTION", "1s")
    parent = several(tmp_path / "p", 1)
    with pytest.raises(UsageError, match="ne répond pas"):
        run(parent, options(executor="dask=tcp://127.0.0.1:9"))


def test_another_machine_is_given_whole_paths_and_never_says_that_a_dossier_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    several(tmp_path / "p", 2)
    handed: list[Task] = []

    def elsewhere(tasks: Any, _pool: Any) -> Iterator[tuple[Task, Result]]:
        for task in tasks:
            handed.append(task)
            given = replace(task, path=f"{task.path}-ailleurs") if len(handed) == 2 else task
            with contextlib.chdir(tmp_path.parent):
                result = check_one(given)
            yield task, result

    monkeypatch.setattr("assembler.batch.running.each", elsewhere)
    monkeypatch.chdir(tmp_path)
    reports: list[bytes] = []
    asked = options(executor="dask=tcp://127.0.0.1:9", output=tmp_path / "registre")
    done = run(Path("p"), asked, reported=reports.append)
    assert [Path(one.path).is_absolute() for one in handed] == [True, True]
    assert [row.kind for row in done.rows] == ["conforme", "illisible"]
    assert "doit y être au même chemin" in str(done.rows[1].values["remarque"])
    assert [json.loads(one)["dossier"]["chemin"].startswith("p") for one in reports] == [True, True]
