"""Several machines: the same checks on a Dask cluster, one of whose processes is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from dossiers import several
from lots import options, put

from assembler.batch import run

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
