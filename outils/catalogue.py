"""The pages that are written from the engine itself: ``python -m outils.catalogue``.

One page per format with all its rules, and the reference of the hooks with what they hand over.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assembler import contributions, hookspecs
from assembler.contributions import FAMILIES, Format, Rule
from assembler.manager import Plugins

__all__ = ["main", "pages"]

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_MADE = "<!-- Écrit par « python -m outils.catalogue » : ne pas modifier ici. -->"
_OTHERS = "Autres"


def pages(plugins: Plugins) -> dict[str, str]:
    """Return every page, by its path in ``docs/``; what other people's plugins hand over is left out."""
    all_formats = plugins.formats()
    ours = {status.nom for status in plugins.statuses if status.origine == "assembler"}
    formats = [
        replace(one, rules=tuple(rule for rule in one.rules if plugins.owner(rule) in ours))
        for one in all_formats.values()
        if plugins.owner(one) in ours
    ]
    made = {f"regles/{one.id}.md": _rules(one) for one in formats}
    return {"regles/index.md": _index(formats), **made, "hooks.md": _hooks()}


def _index(formats: list[Format]) -> str:
    lines = [
        "# Les règles",
        "",
        "Toutes les règles, avec leur gravité, leurs dates, leur raison, leur correction et leur source.",
        "Celles qu’un texte du programme ne dit pas s’appellent « règles techniques de l’outil ».",
        "",
        "| format | règles | dont bloquantes |",
        "|---|---|---|",
    ]
    for one in formats:
        blocking = sum(rule.gravite.value == "bloquant" for rule in one.rules)
        lines.append(f"| [{one.title}]({one.id}.md) | {len(one.rules)} | {blocking} |")
    return _page(lines)


def _rules(one: Format) -> str:
    steps = {step.id: step.title for step in one.steps}
    after = {rule.remplace: rule.id for rule in one.rules if rule.remplace}
    by_family: dict[str, list[Rule]] = {}
    for rule in one.rules:
        by_family.setdefault(FAMILIES.get(rule.id.split("-")[1], _OTHERS), []).append(rule)
    lines = [
        f"# {one.title} : les règles",
        "",
        f"{len(one.rules)} règles. « GEN » : commune à tous les formats.",
    ]
    for family, rules in by_family.items():
        lines += ["", f"## {family}"]
        for rule in rules:
            lines += ["", f"### {rule.id}", "", *_rule(rule, steps, after)]
    return _page(lines)


def _rule(rule: Rule, steps: dict[str, str], after: dict[str | None, str]) -> Iterator[str]:
    yield f"**{_text(rule.titre)}**"
    yield ""
    yield f"- {' ; '.join(_about(rule, steps))}."
    if rule.remplace:
        yield f"- Remplace {_link(rule.remplace)}."
    if rule.id in after:
        yield f"- Remplacée par {_link(after[rule.id])}."
    yield f"- Pourquoi : {_text(rule.pourquoi)}"
    yield f"- Comment corriger : {_text(rule.correction)}"
    if rule.courrier:
        yield f"- Dans le courrier : « {_text(rule.courrier)} »"
    source = _text(rule.reference.texte)
    if rule.reference.url:
        source = f"[{source}]({rule.reference.url})"
    quoted = f" : « {_text(rule.reference.citation)} »" if rule.reference.citation else ""
    yield f"- Source : {source}{quoted}"


def _about(rule: Rule, steps: dict[str, str]) -> Iterator[str]:
    label = rule.gravite.label
    yield label[:1].upper() + label[1:]
    yield "texte public" if rule.nature == "programme" else "règle technique de l’outil"
    if rule.du or rule.au:
        start = (
            f"du {rule.du:%d/%m/%Y}"
            if rule.du and rule.au
            else f"depuis le {rule.du:%d/%m/%Y}"
            if rule.du
            else ""
        )
        yield f"{start}{f' au {rule.au:%d/%m/%Y}' if rule.au else ''}".strip()
    if rule.etape:
        until = f", jusqu’à « {steps.get(rule.jusqu_a, rule.jusqu_a)} »" if rule.jusqu_a else ""
        yield f"à partir de l’étape « {steps.get(rule.etape, rule.etape)} »{until}"


def _link(rule_id: str) -> str:
    return f"[{rule_id}](#{rule_id.lower()})"


def _text(text: str) -> str:
    """Keep on one line, and as it is written, a text that may hold marks of Markdown."""
    told = " ".join(text.split()).replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r"([\\*_\[\]<>])", r"\\\1", told)


# --- hooks -----------------------------------------------------------------------------------


def _hooks() -> str:
    lines = [
        "# Les hooks",
        "",
        "Ce qu’un plugin peut apporter au moteur. Les textes sont ceux du code, en anglais ;",
        "[Un format en une heure](plugin.md) les emploie pas à pas.",
    ]
    for name, hook in vars(hookspecs.Hooks).items():
        if name.startswith("assembler_"):
            lines += [
                "",
                f"## {name}",
                "",
                "```python",
                f"def {name}{_signature(hook)}",
                "```",
                "",
                *_doc(hook),
            ]
    lines += ["", "## Ce qu’ils rendent"]
    for kind in _classes():
        fields = list(_fields(kind))
        if fields:
            lines += ["", f"### {kind.name}", "", *_doc(getattr(contributions, kind.name)), ""]
            lines += ["| field | type | default | |", "|---|---|---|---|", *fields]
    return _page(lines)


def _signature(hook: object) -> str:
    signature = inspect.signature(hook)  # type: ignore[arg-type]
    kept = [one for one in signature.parameters.values() if one.name != "self"]
    return str(signature.replace(parameters=kept)).replace("'", "")


def _doc(value: object) -> Iterator[str]:
    """Return a docstring as Markdown: roles and double backquotes are Sphinx's, sections are Google's."""
    text = re.sub(r":\w+:`~?([\w.]+)`", r"`\1`", inspect.getdoc(value) or "").replace("``", "`")
    code = False
    for line in text.splitlines():
        if line == "Example::":
            yield from ("Example:", "")
            yield "```python"
            code = True
        elif code and line and not line.startswith(" "):
            yield from ("```", "", line)
            code = False
        elif not (code and not line):
            heading = not code and re.fullmatch(r"(\w+):", line)
            yield from (f"**{line}**", "") if heading else (line[4:] if code else _item(line),)
    if code:
        yield "```"


def _item(line: str) -> str:
    return re.sub(r"^    (\w+): ", r"- `\1`: ", line).strip()


def _classes() -> Iterator[ast.ClassDef]:
    tree = ast.parse(inspect.getsource(contributions))
    named = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    yield from (node for node in named if node.name in contributions.__all__)


def _fields(kind: ast.ClassDef) -> Iterator[str]:
    """Yield a row for each field, with the text that stands under it."""
    for node, below in zip(kind.body, [*kind.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        told = (
            below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
        )
        told = " ".join(str(told).split()).replace("``", "`")
        default = f"`{ast.unparse(node.value)}`" if node.value else ""
        cells = (f"`{node.target.id}`", f"`{ast.unparse(node.annotation)}`", default, told)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _page(lines: list[str]) -> str:
    title, *rest = lines
    text = "\n".join([title, "", _MADE, *rest]) + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


def main() -> None:
    """Write every page."""
    for name, text in pages(Plugins()).items():
        file = _DOCS / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
