"""The real command, killed or denied at its nth write; a program, driven line by line on its standard input.

What is read and what is rendered writes nothing in the dossier: it is done once and kept, so that two
hundred accidents take seconds. Each accident happens in a process of its own, forked for it.

A line is a JSON object: ``{"genre": …, "rang": n, "commandes": [[…], …]}``. The answer has the exit codes
of the commands that ended, the number of writes and what was printed; ``code`` 9 is a kill.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

REAL: dict[str, Any] = {
    name: getattr(os, name)
    for name in ("open", "write", "fdopen", "replace", "rename", "link", "unlink", "rmdir", "mkdir", "close")
}
REAL_OPEN = io.open
ERRORS = {"plein": errno.ENOSPC, "interdit": errno.EACCES}
FAILING = {"plein": {"crée", "écrit"}, "interdit": {"crée", "déplace", "enlève"}}


class Accident:
    """Counts the writes below a folder and strikes at one of them: a kill there, an error from there on."""

    def __init__(self, root: str, kind: str, rank: int) -> None:
        self.root, self.kind, self.rank = root, kind, rank
        self.count = 0
        self.files: set[int] = set()

    def concerns(self, path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and str(Path(path).absolute()).startswith(self.root)

    def moment(self, what: str) -> None:
        self.count += 1
        if self.kind == "tué" and self.count == self.rank:
            os._exit(9)
        if self.count >= self.rank and what in FAILING.get(self.kind, ()):
            raise OSError(ERRORS[self.kind], os.strerror(ERRORS[self.kind]))

    def install(self) -> None:
        os.open, os.write, os.fdopen, os.close = self.open, self.write, self.fdopen, self.close
        builtins.open = io.open = self.stream  # type: ignore[assignment]
        os.fsync = lambda _file: None  # a kill is no power cut
        for name in ("replace", "rename", "link"):
            setattr(os, name, self.counted(REAL[name], "déplace"))
        for name in ("unlink", "rmdir"):
            setattr(os, name, self.counted(REAL[name], "enlève"))
        os.mkdir = self.counted(REAL["mkdir"], "crée")

    def counted(self, real: Callable[..., Any], what: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **named: Any) -> Any:
            if self.concerns(path):
                self.moment(what)
            return real(path, *rest, **named)

        return call

    def open(self, path: Any, flags: int, *rest: Any, **named: Any) -> int:
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and self.concerns(path)
        if writes:
            self.moment("crée")
        file: int = REAL["open"](path, flags, *rest, **named)
        (self.files.add if writes else self.files.discard)(file)
        return file

    def close(self, file: int) -> None:
        self.files.discard(file)
        REAL["close"](file)

    def write(self, file: int, data: Any) -> int:
        if file not in self.files:
            return int(REAL["write"](file, data))
        half = bytes(data)[: len(data) // 2]
        REAL["write"](file, half)
        self.moment("écrit")
        return len(half) + int(REAL["write"](file, bytes(data)[len(half) :]))

    def fdopen(self, file: int, *rest: Any, **named: Any) -> Any:
        return Stream(self, file) if file in self.files else REAL["fdopen"](file, *rest, **named)

    def stream(self, path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        writes = set(mode) & set("wax") and self.concerns(path)
        if writes:
            self.moment("crée")
        opened = REAL_OPEN(path, mode, *rest, **named)
        if writes:
            self.moment("écrit")
        return opened


class Stream:
    """A file whose writes are made in two halves."""

    def __init__(self, accident: Accident, file: int) -> None:
        self.accident, self.file = accident, file

    def write(self, data: bytes) -> int:
        return self.accident.write(self.file, data)

    def flush(self) -> None: ...

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_error: object) -> None:
        self.accident.close(self.file)


def keep() -> None:
    """Keep the plugins, what was checked and what was rendered; nothing of it writes in the dossier."""
    from dataclasses import replace
    from functools import cache

    from assembler import pipeline
    from assembler.cli import asking

    checks, documents = pipeline.check_dossier, pipeline.document_of
    asking.plugins_of = cache(asking.plugins_of)
    checked: dict[str, Any] = {}
    rendered: dict[str, Any] = {}

    def check(path: Path, *given: Any) -> Any:
        if str(path) not in checked:
            one = checks(path, *given)
            checked[str(path)] = replace(one, fingerprint=cache(one.fingerprint))
        return checked[str(path)]

    def document(one: Any, template: Any, copy: Any, name: str, edition: Any, in_spite: Any) -> Any:
        key = f"{name} {edition}"
        if key not in rendered:
            rendered[key] = documents(one, template, copy, name, edition, in_spite)
        return rendered[key]

    pipeline.check_dossier, pipeline.document_of = check, document


def edit(file: Path, text: str) -> None:
    """Save a document anew, as a person does, and note it apart; not counted among the writes."""
    for place, mode in ((file, "w"), (Path(sys.argv[2]) / "modifié.txt", "a")):
        with REAL_OPEN(place, mode, encoding="utf-8") as stream:
            stream.write(text if mode == "w" else f"{text}\n")


def run(commands: list[list[str]]) -> list[int]:
    """Run commands, until one is killed; « modifier » is what a person does to a document that is there."""
    from assembler.cli import main

    codes = []
    for command in commands:
        if command[0] == "modifier":
            if Path(command[1]).exists():
                edit(Path(command[1]), command[2])
            continue
        try:
            main(command)
        except SystemExit as end:
            codes.append(int(end.code or 0))
    return codes


def apart(root: str, told: dict[str, Any], place: Path) -> dict[str, Any]:
    """Run commands in a process of their own; return how they ended."""
    said, done = place / "dit.txt", place / "fait.json"
    done.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(out, 1)
            os.dup2(out, 2)
            accident = Accident(root, told.get("genre", ""), told.get("rang", 0))
            accident.install()
            try:
                codes = run(told["commandes"])
            except BaseException:
                traceback.print_exc()
                codes = [70]
            sys.stdout.flush()
            sys.stderr.flush()
            with REAL_OPEN(done, "w", encoding="utf-8") as stream:
                json.dump({"codes": codes, "écritures": accident.count}, stream)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    ended = json.loads(done.read_text(encoding="utf-8")) if done.exists() else {"codes": []}
    return {**ended, "code": os.waitstatus_to_exitcode(status), "dit": said.read_text(encoding="utf-8")}


def main() -> None:
    """Serve: the arguments are the dossier and a place for what is printed."""
    dossier, place = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(Path(place) / "dit.txt", os.O_WRONLY | os.O_CREAT, 0o666), 1)
    keep()
    first = True
    for line in sys.stdin:
        told = json.loads(line)
        if first:  # what is kept is kept here, for all of them
            run([command for command in told["commandes"] if command[0] != "modifier"])
            first = False
            answer: dict[str, Any] = {}
        else:
            answer = apart(dossier, told, Path(place))
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
