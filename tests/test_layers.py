from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "assembler"

# From the ground up; a module imports only what stands below it, or beside it in its own group.
LAYERS = (
    {"assembler", "deadline", "errors", "files", "memory", "office", "patterns", "strictness", "waiting"},
    {"model", "text", "french"},
    {"contributions"},
    {"hookspecs"},
    {"yamltext", "fiche", "fieldfiles", "fichexlsx", "validator", "judging", "rulefiles", "readers"},
    {"extraction"},
    {"recognition"},
    {"vetting"},
    {"manager"},
    {"fingerprints"},
    {"folder", "sources", "worker", "intake", "checking", "rendering", "reporters", "writing", "visas"}
    | {"atomic", "locking", "openfiles", "reportfile"}
    | {
        "choosing",
        "copies",
        "detached",
        "fichefile",
        "journal",
        "kept",
        "scans",
        "seals",
        "referencefiles",
        "settings",
    },
    {"documents", "pipeline"},
    {
        "annotation",
        "batch",
        "doctor",
        "endorsing",
        "listing",
        "newfiles",
        "owntemplates",
        "sealing",
        "starting",
    }
    | {"speaking", "usage", "watching"},
    {"testing"},
    {"scaffolding"},
    {"cli", "__main__"},
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def module_of(file: Path) -> str:
    parts = file.relative_to(ENGINE).parts
    return "assembler" if parts == ("__init__.py",) else parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom) and node.module == "assembler":
            names = [f"assembler.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name for name in names if name.startswith("assembler")}
    return found


@pytest.mark.parametrize("file", sorted(ENGINE.rglob("*.py")), ids=lambda file: str(file.relative_to(ENGINE)))
def test_a_module_imports_only_what_stands_below_it(file: Path) -> None:
    own = RANK[module_of(file)]
    for name in imports(file):
        assert name.startswith("assembler"), name
        assert not name.startswith(("assembler_plugins", "assembler_rules")), "the engine knows no format"
        below = name.split(".")[1] if "." in name else "assembler"
        below = below if below in RANK else "assembler"
        assert RANK[below] <= own, f"{file.name} imports {name}"


WORDS = (
    *("dgaln", "ddt", "dreal", "opportunit", "atelier local", "atelier flash", "atelier des territoires"),
    *("session thématique", "thematique", "flash", "courrier_prefet"),
)


@pytest.mark.parametrize("file", sorted(ENGINE.rglob("*.py")), ids=lambda file: str(file.relative_to(ENGINE)))
def test_the_engine_holds_no_word_of_any_format(file: Path) -> None:
    # Docstrings may give examples; what runs may not know a format.
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [
        node.value.lower()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    assert [(word, text) for text in texts for word in WORDS if word in text] == []
