from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assembler.yamltext import MAX_DEPTH, YamlError, load


@pytest.mark.parametrize(
    "typed", ["01004", "2A004", "12E07", "non", "1.10", "12:30", "0612345678", "2026-03-12"]
)
def test_a_scalar_stays_the_text_that_was_typed(typed: str) -> None:
    assert load(f"code: {typed}\n".encode()).data == {"code": typed}


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_an_empty_value_is_none(empty: str) -> None:
    assert load(f"a: {empty}\n".encode()).data == {"a": None}


def test_a_quoted_null_is_text() -> None:
    assert load(b"a: 'null'").data == {"a": "null"}


def test_every_value_knows_its_line() -> None:
    document = load(b"a: 1\nb:\n  - c: 2\n    d: 3\n")
    assert document.lines == {"a": 1, "b": 2, "b.0": 3, "b.0.c": 3, "b.0.d": 4}


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"a: 1\na: 2\n", 2, "deux fois"),
        (b"a:\n\tb: 1\n", 2, "tabulation"),
        (b"a: b: c\n", 1, "guillemets"),
        (b"a: 1\nn: \xe9t\xe9\n", 2, "UTF-8"),
        (b"a: &x [*x]\n", 1, "elle-même"),
        (b"a: !!python/object:os.system x\n", 1, "guillemets"),
        (b"a: 'b\n", 1, "guillemet"),
        (b"a: {<<: {b: 1}}\n", 1, "<<"),
        (b"- a\nb: c\n", 2, "retrait|forme"),
    ],
)
def test_a_fault_is_told_in_french_with_its_line(content: bytes, line: int, word: str) -> None:
    with pytest.raises(YamlError, match=word) as caught:
        load(content)
    assert caught.value.line is None or abs(caught.value.line - line) <= 1
    assert not any(english in str(caught.value) for english in ("expected", "found", "mapping"))


def test_aliases_that_multiply_are_refused() -> None:
    lines = [b"a: &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [b"%c: &%c [%s]" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 10)) for i in range(8)]
    with pytest.raises(YamlError, match="multiplient"):
        load(b"\n".join(lines))


def test_depth_is_bounded() -> None:
    with pytest.raises(YamlError, match=str(MAX_DEPTH)):
        load(b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2))
    with pytest.raises(YamlError):  # libyaml 0.2.6 has a bound of its own and refuses this first
        load(b"[" * 5000)


@given(
    st.recursive(
        st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner), max_leaves=8
    )
)
def test_what_another_library_writes_is_read_back_as_text(data: object) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_style='"')
    assert load(text.encode()).data == data


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        load(content)
    except YamlError as error:
        told = str(error)
    else:
        told = "lu"
    assert told


def test_one_space_too_many_is_told_as_such() -> None:
    with pytest.raises(YamlError, match="retrait de cette ligne ne suit pas celui de la ligne du dessus"):
        load(b"A:\n  titre: x\n   nature: y\n")
