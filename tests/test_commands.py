"""The real command on real dossiers, from the folder to what is printed, written and returned."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest
from dossiers import copied

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "local"
SCHEMA = json.loads((ROOT / "assembler/reporters/rapport.schema.json").read_text(encoding="utf-8"))
ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}

CANDIDATURE = {
    "bordereau-envoi.docx",
    "courrier-collectivite-communaute-de-communes-des-coevrons.docx",
    "courrier-prefet.docx",
    "courrier-service.docx",
    "trame-note.docx",
}
MARCHE = """
marche:
  accord_cadre: "AC-2023-01"
  numero: "2026-053-01"
  date_consultation: 2026-06-08
  date_limite_questions: 2026-06-26T12:00
  date_limite_offres: 2026-07-10T12:00
  titulaires_consultes: [Groupement Exemple]
  criteres: [{intitule: Valeur technique, ponderation: "60"}, {intitule: Prix, ponderation: "40"}]
  cpv: ["71410000"]
  taux_tva: "20"
  livrables: [note_cadrage, carnet_suivi, rapport_final, feuille_route]
"""
ENGLISH = ("Traceback", "Error", "Usage:", "[required]", "Invalid", "No such", "not found", "denied")

Done = subprocess.CompletedProcess[str]


def run(*arguments: object) -> Done:
    """Run the command as a person does; whatever happens, no traceback and no English."""
    command = [sys.executable, "-m", "assembler.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=ENV, check=False, encoding="utf-8")
    assert [word for word in ENGLISH if word in done.stdout + done.stderr] == []
    return done


def unfolded(text: str) -> str:
    """Return a text on one line, with ordinary spaces."""
    return " ".join(text.replace("\u00a0", " ").split())


def told(done: Done) -> str:
    """Return what was printed, unfolded."""
    return unfolded(done.stdout + done.stderr)


def dossier(folder: Path, name: str = "complet") -> Path:
    """Return a copy of a shipped dossier, to work on, without what the command made of it before."""
    return copied(FIXTURES / name, folder / Path(name).name)


def fingerprints(folder: Path, *, output: bool = False) -> dict[str, str]:
    """Return the hashes of the files of a dossier, those of ``sortie/`` apart."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and ("sortie" in file.relative_to(folder).parts) is output
    }


def documents(output: Path, step: str) -> set[str]:
    return {file.name for file in (output / step).iterdir()}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_by_hand(path: Path) -> bytes:
    """Change a Word file as a person does, and return its bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            new.writestr(item, old.read(item))
        new.writestr("customXml/main.xml", "<main/>")
    path.write_bytes(out.getvalue())
    return out.getvalue()


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder.parent))
    return target


def report(*arguments: object) -> dict[str, object]:
    """Return the JSON report of ``controler``, once it has passed the shipped schema."""
    done = run("controler", *arguments, "--rapport", "json")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert done.stderr == ""
    return dict(found)


# --- the everyday command --------------------------------------------------------------------


def test_the_everyday_command_checks_then_produces_and_leaves_the_pieces_alone(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    before = fingerprints(folder)
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "=> AUCUN POINT BLOQUANT RELEVÉ" in told(done)
    assert documents(folder / "sortie", "candidature") == CANDIDATURE
    assert fingerprints(folder) == before


def test_a_second_run_rewrites_nothing_and_judges_the_same(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    first = run(folder)
    before = fingerprints(folder, output=True)
    # Files, not folders: the lock of the second run comes and goes in its own.
    times = {file: file.stat().st_mtime_ns for file in (folder / "sortie").rglob("*") if file.is_file()}
    second = run(folder)
    assert fingerprints(folder, output=True) == before
    assert {file: file.stat().st_mtime_ns for file in times} == times
    assert told(second) == told(first).replace(": écrit", ": inchangé")


def test_the_same_dossier_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for place in ("ici", "là-bas"):
        folder = dossier(tmp_path / place)
        assert run("produire", folder, "--date-edition", "2026-03-20").returncode == 0
        made.append(
            {
                name: one
                for name, one in fingerprints(folder, output=True).items()
                if "journal.jsonl" not in name
            }
        )
    assert made[0] == made[1]


def test_a_dossier_without_a_fiche_is_told_by_its_pieces(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "sans-fiche")
    by_itself, asked = report(folder), report(folder, "--format", "local")
    assert by_itself == asked
    assert by_itself["verdict"] == "conforme"
    done = run(folder)
    assert done.returncode == 0
    assert "Atelier local, étape « Candidature »" in told(done)
    made = documents(folder / "sortie", "candidature")
    assert {"bordereau-envoi.docx", "trame-note.docx"} <= made
    # Who signs is known from the fiche alone: those letters are said not to apply, with the field to fill.
    assert "courrier-prefet : sans objet" in told(done)


def test_the_prefilled_fiche_can_be_saved_as_it_is(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "sans-fiche")
    run("produire", folder)
    shutil.copy(folder / "sortie/candidature/fiche-preremplie.yaml", folder / "dossier.yaml")
    found = report(folder)
    said = [one["regle"] for one in found["constats"]]  # type: ignore[attr-defined]
    assert {one for one in said if one.startswith("GEN-FIC")} == {"GEN-FIC-006"}  # what only people know
    assert found["verdict"] == "conforme"


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    done = run("produire", folder, "--apercu")
    assert done.returncode == 0
    assert told(done).count("serait produit") == len(CANDIDATURE)
    assert not (folder / "sortie").exists()


# --- copies in other file formats ------------------------------------------------------------


def test_a_copy_is_given_beside_its_document_by_the_everyday_command_too(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    for command in ("", "produire"):
        done = run(
            *([command] if command else []), folder, "--documents", "bordereau-envoi", "--aussi", "pdf"
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert f"Copies dans {unfolded(str(folder / 'sortie'))}" in told(done)
        assert documents(folder / "sortie", "candidature") == {"bordereau-envoi.docx", "bordereau-envoi.pdf"}
    assert "candidature/bordereau-envoi.pdf : inchangé" in told(done)


def test_an_unknown_file_format_is_a_usage_error_that_lists_the_others(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    done = run("produire", folder, "--aussi", "pdf,doc")
    assert (done.returncode, done.stdout) == (2, "")
    assert "« doc » n’existe pas. Formats : pdf, odt, ods." in unfolded(done.stderr)
    assert not (folder / "sortie").exists()


def test_without_libreoffice_the_documents_are_written_and_the_lack_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENV, "PATH", str(tmp_path))
    folder = dossier(tmp_path)
    done = run("produire", folder, "--aussi", "pdf")
    assert done.returncode == 4
    assert documents(folder / "sortie", "candidature") == CANDIDATURE
    assert unfolded(done.stderr) == (
        "- copies (pdf) : pas faites (LibreOffice n’est pas installé : demandez-le, ou ouvrez le document, "
        "puis « Fichier > Exporter » ou « Enregistrer sous »)"
    )
    assert "Copies" not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX systems")
def test_the_conversion_is_announced_on_a_terminal(tmp_path: Path) -> None:
    import pty

    folder = dossier(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "assembler.cli", "produire", str(folder), "--aussi", "pdf"]
    with os.fdopen(theirs, "wb") as stderr:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, env=ENV, check=False)
    with os.fdopen(ours, "rb") as screen:
        said = screen.read1(1000).decode("utf-8")
    assert (done.returncode, said.strip()) == (0, "Conversion par LibreOffice…")


# --- what a person changed -------------------------------------------------------------------


def test_a_document_edited_by_hand_is_kept_and_the_new_version_goes_beside(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    run("produire", folder)
    letters = folder / "sortie" / "candidature"
    edited = edit_by_hand(letters / "courrier-prefet.docx")

    same = run("produire", folder)
    assert same.returncode == 0
    assert "courrier-prefet.docx : modifié à la main, gardé" in told(same)
    assert documents(folder / "sortie", "candidature") == CANDIDATURE

    change(folder / "dossier.yaml", "prenom: Alex", "prenom: Alix")
    changed = run("produire", folder)
    assert changed.returncode == 0
    assert "courrier-prefet (proposition 2).docx" in told(changed)
    assert (letters / "courrier-prefet.docx").read_bytes() == edited

    again = run("produire", folder)
    assert again.returncode == 0
    assert documents(folder / "sortie", "candidature") == CANDIDATURE | {
        "courrier-prefet (proposition 2).docx"
    }


def test_replacing_keeps_the_edited_document_in_the_archives(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    run("produire", folder, "--documents", "courrier-prefet")
    letter = folder / "sortie" / "candidature" / "courrier-prefet.docx"
    fresh = letter.read_bytes()
    edited = edit_by_hand(letter)
    assert run("produire", folder, "--documents", "courrier-prefet", "--remplacer").returncode == 0
    assert letter.read_bytes() == fresh
    (kept,) = (folder / "sortie" / "archives").rglob("courrier-prefet.docx")
    assert kept.read_bytes() == edited


# --- the steps after the candidature ---------------------------------------------------------


def test_the_desk_gets_its_fiche_and_its_request(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "defauts/courrier-prefet-absent")
    done = run("produire", folder, "--etape", "instruction")
    assert (done.returncode, done.stderr) == (0, "")
    assert documents(folder / "sortie", "instruction") == {
        "demande-complements.docx",
        "fiche-instruction.docx",
    }


def test_a_sound_dossier_calls_for_no_request(tmp_path: Path) -> None:
    done = run("produire", dossier(tmp_path), "--etape", "instruction")
    assert done.returncode == 0
    assert "demande-complements : sans objet" in told(done)


def with_marche(folder: Path) -> Path:
    fiche = folder / "dossier.yaml"
    fiche.write_text(fiche.read_text(encoding="utf-8") + MARCHE, encoding="utf-8")
    return folder


def test_the_shipped_dossier_at_its_launch_gets_its_contract(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "lancement")
    before = fingerprints(folder)
    done = run(folder, "--referentiels", FIXTURES)
    assert (done.returncode, done.stderr) == (0, "")
    assert documents(folder / "sortie", "lancement") >= {"cctp.docx", "points-a-relire.docx", "dpgf.xlsx"}
    assert fingerprints(folder) == before


def test_the_contract_is_produced_from_a_completed_fiche(tmp_path: Path) -> None:
    folder = with_marche(dossier(tmp_path))
    done = run("produire", folder, "--etape", "lancement")
    assert (done.returncode, done.stderr) == (0, "")
    assert documents(folder / "sortie", "lancement") >= {"cctp.docx", "points-a-relire.docx", "dpgf.xlsx"}


def test_a_contract_without_its_number_is_not_written_and_the_field_is_named(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    done = run("produire", folder, "--etape", "lancement", "--documents", "cctp")
    assert done.returncode == 4
    assert "cctp.docx : pas écrit" in unfolded(done.stderr)
    assert "numero" in done.stderr
    assert not (folder / "sortie" / "lancement" / "cctp.docx").exists()


def test_what_binds_is_refused_while_a_blocking_finding_stands(tmp_path: Path) -> None:
    folder = with_marche(dossier(tmp_path, "defauts/duree-dix-huit-mois"))
    done = run("produire", folder, "--etape", "lancement")
    assert done.returncode == 1
    assert "cctp : refusé" in unfolded(done.stderr)
    assert "--malgre" in done.stderr
    assert documents(folder / "sortie", "lancement") == {"points-a-relire.docx", "cadre-memoire.docx"}


def test_a_reason_overrides_the_refusal_and_is_recorded(tmp_path: Path) -> None:
    folder = with_marche(dossier(tmp_path, "defauts/duree-dix-huit-mois"))
    reason = "durée acceptée par le bureau le 3 juin"
    done = run("produire", folder, "--etape", "lancement", "--malgre", reason)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cctp.docx" in documents(folder / "sortie", "lancement")
    journal = (folder / "sortie/.assemble/journal.jsonl").read_text(encoding="utf-8")
    assert json.loads(journal.splitlines()[-1])["motif"] == reason


def test_a_blank_reason_overrides_nothing(tmp_path: Path) -> None:
    folder = with_marche(dossier(tmp_path, "defauts/duree-dix-huit-mois"))
    done = run("produire", folder, "--etape", "lancement", "--malgre", "  ")
    assert done.returncode in (1, 2)
    assert not (folder / "sortie" / "lancement" / "cctp.docx").exists()


# --- visas -----------------------------------------------------------------------------------


def state(folder: Path, rule: str) -> str:
    return next(str(one["etat"]) for one in report(folder)["regles"] if one["id"] == rule)  # type: ignore[attr-defined]


def test_a_visa_settles_what_only_the_eye_could_tell_and_lapses_with_the_piece(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "defauts/courrier-prefet-numerise")
    assert state(folder, "LO-SIG-002") == "a_voir"
    assert run("controler", folder).returncode == 3
    seen = run("viser", folder, "LO-SIG-002", "--par", "Camille Exemple", "--constat", "signé par la préfète")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert state(folder, "LO-SIG-002") == "vise"
    assert run("controler", folder).returncode == 0
    letter = folder / "courriers" / "Courrier de soutien préfète.pdf"
    letter.write_bytes(letter.read_bytes() + b"\n")
    assert state(folder, "LO-SIG-002") == "a_voir"


def test_a_visa_cannot_settle_a_finding(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "defauts/duree-dix-huit-mois")
    done = run("viser", folder, "LO-DUR-004", "--par", "Camille Exemple", "--constat", "vu")
    assert done.returncode == 2
    assert not (folder / "sortie").exists()


# --- the report ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["complet", "defauts/duree-dix-huit-mois", "defauts/deux-notes"])
def test_the_json_report_follows_its_schema_and_the_text_says_the_same(name: str) -> None:
    found = report(FIXTURES / name)
    text = run("controler", FIXTURES / name)
    for one in found["constats"]:  # type: ignore[attr-defined]
        assert one["regle"] in text.stdout
    assert max(map(len, text.stdout.splitlines())) <= 80


def test_the_json_report_of_an_empty_folder_follows_its_schema(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert (found["verdict"], found["constats"]) == (None, [])
    assert "vide" in str(found["erreur"])


def test_several_dossiers_are_reported_a_line_each_and_the_worst_decides(tmp_path: Path) -> None:
    done = run(
        "controler",
        FIXTURES / "complet",
        FIXTURES / "defauts/courrier-prefet-numerise",
        tmp_path / "absent",
        FIXTURES / "defauts/note-absente",
        "--rapport",
        "json",
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for one in found:
        jsonschema.validate(one, SCHEMA)
    assert [one["verdict"] for one in found] == ["conforme", "a_voir", None, "a_completer"]
    assert done.returncode == 1


def test_a_report_goes_into_a_file_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "rapport.json"
    done = run("controler", FIXTURES / "complet", "--rapport", "json", "--fichier", target)
    assert done.returncode == 0
    assert "AUCUN POINT BLOQUANT RELEVÉ" in told(done)
    assert told(done).endswith(f"Rapport écrit : {target}")
    jsonschema.validate(json.loads(target.read_text(encoding="utf-8")), SCHEMA)


def test_a_report_is_a_line_of_the_journal_of_a_dossier_where_something_was_made(tmp_path: Path) -> None:
    one, other = dossier(tmp_path / "a"), dossier(tmp_path / "b")
    (one / "sortie").mkdir()
    target = tmp_path / "rapport.html"
    assert run("controler", one, other, "--rapport", "html", "--fichier", target).returncode == 0
    (line,) = (one / "sortie/.assemble/journal.jsonl").read_text(encoding="utf-8").splitlines()
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert json.loads(line)["rapport"] == {"nom": "rapport.html", "sha256": digest}
    assert json.loads(line)["commande"] == "assemble controler"
    assert not (other / "sortie").exists()


# --- odd input -------------------------------------------------------------------------------


def test_a_zip_is_judged_as_the_folder_is_and_its_sortie_stands_beside(tmp_path: Path) -> None:
    folder = dossier(tmp_path / "dossiers")
    archive = zipped(folder, tmp_path / "complet.zip")
    before = archive.read_bytes()
    of_zip, of_folder = report(archive), report(folder)
    for found in (of_zip, of_folder):
        del found["dossier"]["chemin"]  # type: ignore[attr-defined]
    assert of_zip == of_folder
    assert run(archive).returncode == 0
    assert documents(tmp_path / "complet-sortie", "candidature") == CANDIDATURE
    assert archive.read_bytes() == before


def corrupt(how: str, sound: bytes) -> bytes:
    match how:
        case "tronqué":
            return sound[:5000]
        case "abîmé":  # the directory is sound, the bytes of a member are not
            return sound[:2000] + bytes(50) + sound[2050:]
        case "chiffré":  # the flag of a password, where each member is listed
            at = sound.index(b"PK\x01\x02") + 8
            return sound[:at] + bytes([sound[at] | 1]) + sound[at + 1 :]
        case "vide":
            return b""
    return b"PK pas un zip"


@pytest.mark.parametrize("how", ["autre chose", "vide", "tronqué", "abîmé", "chiffré"])
def test_a_corrupt_zip_is_one_sentence_and_exit_5(how: str, tmp_path: Path) -> None:
    archive = tmp_path / "envoi.zip"
    archive.write_bytes(corrupt(how, zipped(dossier(tmp_path), archive).read_bytes()))
    done = run(archive)
    assert done.returncode == 5
    why = "demande un mot de passe" if how == "chiffré" else "ne s’ouvre pas"
    assert told(done).startswith(f"Rien à contrôler : « envoi.zip » {why}")
    assert "Word" not in told(done)  # the advice is for a zip, not for a piece
    assert not (tmp_path / "envoi-sortie").exists()


@pytest.mark.parametrize("name", ["absent", "vide", "fichier.docx"])
def test_where_there_is_no_dossier_the_command_says_so_with_exit_5(name: str, tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "fichier.docx").write_bytes(b"x")
    done = run(tmp_path / name)
    assert (done.returncode, done.stderr) == (5, "")
    assert told(done).startswith("Rien à contrôler : ")
    assert list((tmp_path / "vide").iterdir()) == []


def test_a_folder_of_nothing_known_asks_for_the_format(tmp_path: Path) -> None:
    (tmp_path / "courses.txt").write_text("pain", encoding="utf-8")
    done = run("controler", tmp_path)
    assert done.returncode == 5
    assert "--format (flash, local, thematique)" in told(done)


def test_a_text_named_docx_is_named_for_what_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    (folder / "Note d'opportunité.docx").write_text("bonjour", encoding="utf-8")
    found = report(folder)
    assert "GEN-PIE-003" in {one["regle"] for one in found["constats"] if one["etat"] == "non_conforme"}  # type: ignore[attr-defined]
    assert run("controler", folder).returncode == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("format: [local", "ligne"),
        ("format: local\n\tetape: candidature", "ligne"),
        ("format: local\nformat: local", "ligne"),
        ("", "vide"),
        ("bonjour", "champ"),
        ("format: local\x00", "caractère invisible"),
        ("a: &a [*a]", "ligne"),
    ],
)
def test_a_broken_fiche_is_one_finding_with_its_place(line: str, said: str, tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    (folder / "dossier.yaml").write_text(line, encoding="utf-8")
    done = run("controler", folder)
    assert done.returncode == 1
    assert "GEN-FIC-001" in done.stdout
    assert said in told(done).partition("GEN-FIC-001")[2].partition("→")[0]


def test_two_fiches_are_one_finding_that_names_both(tmp_path: Path) -> None:
    folder = dossier(tmp_path, "defauts/deux-fiches")
    done = run("controler", folder)
    assert done.returncode == 1
    assert "(dossier.yaml et dossier.yml)" in told(done)


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes in folders nor such names")
def test_pipes_links_and_strange_names_neither_stop_nor_fool_the_command(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    os.mkfifo(folder / "tube")
    (folder / "lien.docx").symlink_to(tmp_path / "ailleurs.docx")
    (folder / "boucle").symlink_to(folder)
    (folder / "liste\nd’invités.txt").write_text("x", encoding="utf-8")
    (folder / "\x1b[31mrouge.txt").write_text("x", encoding="utf-8")
    (folder / os.fsdecode(b"latin-\xe9t\xe9.txt")).write_text("x", encoding="utf-8")
    before = fingerprints(folder)
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    for name in ("tube", "lien.docx", "boucle"):
        assert f"laissé de côté : {name}" in told(done)
    assert "liste d’invités.txt : Un nom ne contient ni" in told(done)
    found = report(folder)
    assert found["verdict"] == "conforme"
    assert fingerprints(folder) == before


def test_a_mistyped_command_is_not_taken_for_a_dossier(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    done = run("contrôler", folder)
    assert done.returncode == 2
    assert "controler" in done.stderr
    assert not (folder / "sortie").exists()


def test_several_dossiers_never_share_one_output_folder(tmp_path: Path) -> None:
    one, other = dossier(tmp_path / "a"), dossier(tmp_path / "b")
    done = run("produire", one, other, "--sortie", tmp_path / "commun")
    assert done.returncode == 2
    assert "--sortie" in done.stderr
    assert not (tmp_path / "commun").exists()


def test_the_dossier_itself_is_no_output_folder(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    before = fingerprints(folder)
    done = run("produire", folder, "--sortie", folder)
    assert (done.returncode, fingerprints(folder)) == (2, before)
    assert "--sortie" in done.stderr


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever may write anywhere is refused nothing"
)
def test_no_right_to_write_is_exit_4_and_says_where_else(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    folder.chmod(0o555)
    try:
        done = run("produire", folder)
    finally:
        folder.chmod(0o755)
    assert done.returncode == 4
    assert "--sortie" in done.stderr


def test_a_file_that_stands_where_the_output_goes_is_exit_4(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    (folder / "sortie").write_text("pas un dossier", encoding="utf-8")
    done = run("produire", folder)
    assert done.returncode == 4
    assert "tient sa place" in unfolded(done.stderr)


@pytest.mark.parametrize(
    "command",
    ["", "controler", "produire", "viser", "formats", "plugins", "regles", "expliquer"],
)
def test_no_help_holds_a_word_of_english(command: str) -> None:
    done = run(*([command] if command else []), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage : ")


def test_a_wrong_option_never_names_a_hidden_command(tmp_path: Path) -> None:
    done = run("-h")
    assert done.returncode == 2
    assert "tout --help" not in done.stderr


def test_a_workbook_of_findings_asks_for_its_file(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    refused = run("controler", folder, "--rapport", "xlsx")
    assert refused.returncode == 2
    assert "--fichier" in refused.stderr
    assert "interne" not in refused.stderr
    written = run("controler", folder, "--rapport", "xlsx", "--fichier", tmp_path / "constats.xlsx")
    assert written.returncode == 0
    assert (tmp_path / "constats.xlsx").read_bytes()[:2] == b"PK"
