"""The tags of a template, in order: what each prints or commands, and whether it may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import jinja2
from jinja2 import nodes

from assembler.doctor.blocks import Blocks
from assembler.doctor.expressions import Expressions, article
from assembler.doctor.reading import Paragraph, Tag
from assembler.doctor.scope import Scope, straightened
from assembler.doctor.values import BARE, KINDS, Value, value_of
from assembler.rendering.environment import Environment
from assembler.rendering.faults import syntax
from assembler.rendering.markup import text_of, w

__all__ = ["Tags"]

_LEFT_OUT = re.compile(r"^\s*sans\s*:?\s*(.+)$", re.DOTALL)
_FILL = frozenset(("a_completer", "default", "d"))
"""Filters that print something in the stead of what is missing."""
_TABLE = frozenset(("colspan", "cellbg", "vm", "hm"))
_FORBIDDEN = frozenset(("include", "import", "from", "extends", "block", "endblock"))
_NEEDED = {"p": "dans son paragraphe", "tr": "dans sa ligne de tableau", "tc": "dans sa cellule"}


class Tags:
    """Reads the tags of the parts of a template, one after the other.

    Args:
        root: the values of the document; empty when nothing is known of them.
        elsewhere: which other document gives a dotted name, in French, or None.
        tell: told of each fault: its kind, the French sentence, the paragraph.

    Attributes:
        always: dotted names printed whatever the dossier.
        bare: dotted names printed as if they were never missing, with the tag and its place.
        guarded: dotted names printed only when they are given, or with something to print in their stead.
        left_out: dotted names that the template says it leaves out on purpose.
    """

    def __init__(
        self,
        root: Value,
        elsewhere: Callable[[str], str | None],
        tell: Callable[[str, str, Paragraph], None],
    ) -> None:
        self.always: set[str] = set()
        self.bare: dict[str, tuple[str, Paragraph]] = {}
        self.guarded: set[str] = set()
        self.left_out: list[str] = []
        self._tested: list[set[str]] = []
        self._tell = tell
        self._environment = Environment()
        self._scope = Scope(root, [{}])
        self._expressions = Expressions(self._environment, self._scope, self._wrong, elsewhere)
        self._blocks = Blocks(self._place)
        self._here = Paragraph(text="", tags=(), rest="")
        self._tag = ""

    @property
    def used(self) -> frozenset[str]:
        """Dotted names met so far, printed or not."""
        return frozenset(self._expressions.used)

    def protect(self, tag: Tag) -> None:
        """Take note of the names that a tag tests with « is defined »: they may be missing anywhere."""
        if tag.kind == "#" or "defined" not in tag.body:
            return
        tree = self._parsed(_alone(tag), quiet=True)
        for test in tree.find_all(nodes.Test) if tree is not None else ():
            if test.name == "defined":
                quiet = self._quiet()
                quiet.follow(test)
                self._expressions.optional |= quiet.optional

    def read(self, paragraph: Paragraph) -> None:
        """Read the tags of a paragraph."""
        self._here = paragraph
        for tag in paragraph.tags:
            self._tag = tag.text
            self._read_tag(tag, paragraph)

    def finish(self) -> None:
        """Close a part: what it opened and set does not go on in the next."""
        self._blocks.finish()
        self._tested.clear()
        self._scope.frames[:] = [{}]

    def _wrong(self, kind: str, said: str) -> None:
        end = "" if said.endswith("?") else "."
        self._tell(kind, f"La balise « {self._tag} » {said}{end}", self._here)

    def _place(self, said: str, tag: Tag, paragraph: Paragraph) -> None:
        self._tell("bloc", f"La balise « {tag.text} » {said}.", paragraph)

    def _quiet(self) -> Expressions:
        return Expressions(self._environment, self._scope, lambda *_: None, lambda _: None)

    def _read_tag(self, tag: Tag, one: Paragraph) -> None:
        if tag.kind == "#":
            if found := _LEFT_OUT.match(straightened(tag.body)):
                self.left_out += [name.strip() for name in re.split(r"[,;]", found[1])]
            return
        if tag.torn:
            self._tell(
                "balise",
                f"La balise « {tag.text} » est coupée en deux par {tag.torn} : "
                "effacez-la et retapez-la d’un trait.",
                one,
            )
        if tag.prefix in _NEEDED:
            self._check_alone(tag, one)
        elif tag.prefix == "r":
            self._tell(
                "place",
                f"La balise « {tag.text} » commence par « r », qui n’est pas admis : écrivez-la sans.",
                one,
            )
        if tag.kind == "{":
            self._print(tag, one)
        else:
            self._command(tag, one)

    def _check_alone(self, tag: Tag, one: Paragraph) -> None:
        if tag.holder is None:
            told = {"tr": "une ligne de tableau", "tc": "une cellule"}.get(tag.prefix, "un paragraphe")
            self._tell("place", f"La balise « {tag.text} » ne se trouve pas dans {told}.", one)
            return
        around = _text_around(tag, one)
        if around != "".join(tag.text.split()):
            self._tell(
                "place",
                f"La balise « {tag.text} » doit être seule {_NEEDED[tag.prefix]} : le reste serait perdu.",
                one,
            )

    def _parsed(self, source: str, quiet: bool = False) -> nodes.Template | None:
        try:
            return self._environment.parse(source)
        except jinja2.TemplateSyntaxError as cause:
            if not quiet:
                told = syntax(cause, self._environment.filters)
                if told == "est mal écrite" and "« " in source:
                    told += " (les guillemets « » n’y ont pas cours : employez '…')"
                self._wrong("balise", told)
            return None

    def _print(self, tag: Tag, one: Paragraph) -> None:
        body = straightened(tag.body)
        if not body:
            self._wrong("balise", "est vide")
            return
        tree = self._parsed(f"{{{{ {body} }}}}")
        output = tree.body[0] if tree is not None and tree.body else None
        if not isinstance(output, nodes.Output) or not output.nodes:
            return
        found = self._expressions.follow(output.nodes[0])
        if not self._blocks.conditional:
            self.always |= self._printed(output.nodes[0])
        self._sort_out(output.nodes[0], one)
        if found is None or found.kinds <= BARE:
            return
        if "extrait" in found.kinds:
            self._excerpt(tag, one)
            return
        kinds = [kind for kind in KINDS if kind in found.kinds - BARE]
        if kinds:
            proposed = {
                "date": "| date_longue",
                "decimal": "| montant",
                "liste": "| enumerer, ou une boucle {%p for … %}",
                "groupe": "une de ses valeurs, après un point",
                "oui_non": "{% if … %} … {% endif %}",
            }[kinds[0]]
            self._wrong("type", f"imprime {article(KINDS[kinds[0]])} sans filtre : employez {proposed}")

    def _sort_out(self, node: nodes.Node, one: Paragraph) -> None:
        """Note whether what a tag prints is provided for when it is missing."""
        filled = False
        while isinstance(node, nodes.Filter) and node.node is not None:
            filled |= node.name in _FILL
            node = node.node
        path = self._path(node)
        if path is None or (one.node is not None and self._tag not in text_of(one.node)):
            return  # an alternative text has no place for a condition
        above = {path[: found.start()] for found in re.finditer(r"[.\[]", path)} | {path}
        if filled or any(above & tested for tested in self._tested):
            self.guarded.add(path)
        else:
            self.bare.setdefault(path, (self._tag, one))

    def _named(self, tree: nodes.Template | None) -> set[str]:
        """Return the names that a condition tests."""
        statement = tree.body[0] if tree is not None and tree.body else None
        if not isinstance(statement, nodes.If):
            return set()
        test = statement.test
        named = (test, *test.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)))
        return {path for one in named if (path := self._path(one))}

    def _printed(self, node: nodes.Node) -> set[str]:
        """Return the names that an expression prints, the groups that they stand in left out."""
        named = (node, *node.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)))
        printed = {path for one in named if (path := self._path(one))}
        return {one for one in printed if not any(other.startswith(f"{one}.") for other in printed)}

    def _path(self, node: nodes.Node) -> str | None:
        if not isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            return None
        found = self._quiet().follow(node)
        return found.path if found is not None and found.path else None

    def _excerpt(self, tag: Tag, one: Paragraph) -> None:
        if tag.prefix != "p":
            self._wrong(
                "type", f"pose un extrait de pièce : écrivez {{{{p {tag.body} }}}}, seule dans son paragraphe"
            )
        elif one.number is None:
            self._wrong("place", "pose un extrait de pièce, qui ne tient que dans le corps du texte")

    def _command(self, tag: Tag, one: Paragraph) -> None:
        body = straightened(tag.body)
        word = body.split(maxsplit=1)[0] if body else ""
        if word in _TABLE:
            if word in ("colspan", "cellbg"):
                self._follow_all(f"{{{{ {body[len(word) :].strip()} }}}}")
            return
        if word in _FORBIDDEN:
            self._wrong("droit", f"emploie « {word} » : un gabarit ne se réfère à aucun autre fichier")
            return
        if word in ("p", "tr", "tc") and len(body.split()) > 1:
            self._wrong("balise", f"est mal écrite : collez « {word} » à l’accolade, {{%{word} … %}}")
            return
        depth = self._blocks.read(word, tag, one)
        tree = self._parsed(_alone(tag))
        # a loop that cannot be read makes its name known all the same: its fault is told once
        unread = dict.fromkeys(re.findall(r"\w+", body.partition(" in ")[0])[1:]) if word == "for" else {}
        frame = self._enter(word, tree) if tree is not None else unread
        if depth > 0:
            self._scope.frames.append(frame)
            self._tested.append(self._named(tree))
        elif depth < 0:
            del self._scope.frames[depth:], self._tested[depth:]
        elif word == "elif" and self._tested:
            self._tested[-1] |= self._named(tree)

    def _follow_all(self, source: str) -> None:
        tree = self._parsed(source)
        for output in tree.find_all(nodes.Output) if tree is not None else ():
            for node in output.nodes:
                self._expressions.follow(node)

    def _enter(self, word: str, tree: nodes.Template) -> dict[str, Value | None]:
        """Follow the expressions of a command; return the names that it brings into its block."""
        statement = tree.body[0] if tree.body else None
        frame: dict[str, Value | None] = {}
        match statement:
            case nodes.For() if word == "for":
                given = self._expressions.follow(statement.iter)
                self._iterated(given)
                frame = {"loop": Value()}
                item = given.item if given is not None else None
                if given is not None and "groupe" in given.kinds and item is None:
                    item = value_of("…")
                for rank, target in enumerate(_targets(statement.target)):
                    frame[target] = item if rank == 0 and isinstance(statement.target, nodes.Name) else None
                if statement.test is not None:
                    self._scope.frames.append(frame)
                    self._expressions.follow(statement.test)
                    self._scope.frames.pop()
            case nodes.If() if word in ("if", "elif"):
                self._expressions.follow(statement.test)
                for other in statement.elif_:
                    self._expressions.follow(other.test)
            case nodes.Assign():
                given = self._expressions.follow(statement.node)
                self._set(statement.target, given)
            case nodes.With():
                for named, value in zip(statement.targets, statement.values, strict=True):
                    frame |= dict.fromkeys(_targets(named), self._expressions.follow(value))
            case nodes.Macro():
                frame = dict.fromkeys(one.name for one in statement.args)
                self._set(nodes.Name(statement.name, "store"), None)
            case nodes.FilterBlock():
                self._expressions.follow(statement.filter)
            case _:
                pass
        return frame

    def _iterated(self, given: Value | None) -> None:
        if given is None or not given.kinds or given.kinds & {"liste", "groupe"}:
            return
        self._wrong("type", f"parcourt ce qui n’est pas une liste ({given.told})")

    def _set(self, target: nodes.Node, given: Value | None) -> None:
        for name in _targets(target):
            self._scope.frames[0][name] = given


def _text_around(tag: Tag, one: Paragraph) -> str:
    """Return the text of the paragraph, row or cell that a tag takes the place of, spaces left out."""
    node = one.node
    if tag.prefix != "p":
        node = next(node.iterancestors(w(tag.prefix)), node)
    return "".join((one.text if tag.prefix == "p" else text_of(node)).split())


_OPENINGS = {
    "if": "if 1",
    "for": "for _ in []",
    "with": "with",
    "set": "set _",
    "macro": "macro _()",
    "call": "call _()",
    "filter": "filter trim",
    "autoescape": "autoescape true",
}
"""Each block, opened in the shortest way."""


def _alone(tag: Tag) -> str:
    """Return a tag closed or opened so that it can be parsed without the others."""
    body = straightened(tag.body)
    if tag.kind == "{":
        return f"{{{{ {body} }}}}"
    word = body.split(maxsplit=1)[0] if body else ""
    command, opened = f"{{% {body} %}}", word.removeprefix("end")
    if word in ("elif", "else"):
        return f"{{% if 1 %}}{command}{{% endif %}}"
    if word in _OPENINGS and not (word == "set" and "=" in body):
        return f"{command}{{% end{word} %}}"
    return f"{{% {_OPENINGS[opened]} %}}{command}" if word != opened and opened in _OPENINGS else command


def _targets(target: nodes.Node) -> Iterator[str]:
    if isinstance(target, nodes.Name):
        yield target.name
    elif isinstance(target, nodes.Tuple):
        for one in target.items:
            yield from _targets(one)
