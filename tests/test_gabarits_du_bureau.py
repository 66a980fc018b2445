"""A desk's own templates: found by name, examined before use, never looked for inside a dossier."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
import pytest
from dossiers import copied
from fautes_gabarit import FAUTES, planted
from test_gabarit import flat, ran, shipped

from assembler.manager import Plugins
from assembler.owntemplates import OwnTemplates
from assembler.readers.docx import read
from assembler.settings import SETTINGS

FIXTURES = Path(__file__).parents[1] / "fixtures"
ID = "courrier-prefet"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return copied(FIXTURES / "local" / "complet", tmp_path / "dossiers" / "coevrons")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "bureau"
    folder.mkdir()
    (folder / f"{ID}.docx").write_bytes(mine())
    return folder


def mine() -> bytes:
    """The shipped template, with a sentence of the desk's own."""
    document = docx.Document(io.BytesIO(shipped(ID)))
    document.add_paragraph("Une phrase du bureau pour {{ porteurs }}.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_dotx(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"document.main", b"template.main")
            new.writestr(name, data)
    return out.getvalue()


def said(dossier: Path, ident: str = ID) -> str:
    return flat(read((dossier / "sortie" / "candidature" / f"{ident}.docx").read_bytes()).text)


def test_a_document_is_made_from_the_desk_s_template_and_the_report_says_so(
    dossier: Path, templates: Path
) -> None:
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert (done.exit_code, f"{ID}.docx : écrit (gabarit du bureau)" in flat(done.output)) == (0, True)
    assert "Une phrase du bureau pour la communauté de communes" in said(dossier)


def test_the_others_are_made_from_the_shipped_templates(dossier: Path, templates: Path) -> None:
    done = ran(dossier, "--gabarits", templates)
    assert flat(done.output).count("gabarit du bureau") == 1
    assert "Une phrase du bureau" not in said(dossier, "courrier-service")


def test_the_folder_may_be_a_setting(dossier: Path, templates: Path) -> None:
    (dossier.parent / SETTINGS).write_text(f"gabarits = '{templates}'\n", encoding="utf-8")
    ran("produire", dossier, "--documents", ID)
    assert "Une phrase du bureau" in said(dossier)


def test_the_folder_of_a_format_comes_first(dossier: Path, templates: Path) -> None:
    own = templates / "local"
    own.mkdir()
    (own / f"{ID}.docx").write_bytes(shipped(ID))
    ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert "Une phrase du bureau" not in said(dossier)


def test_a_word_model_does_as_well(dossier: Path, templates: Path) -> None:
    (templates / f"{ID}.docx").unlink()
    (templates / f"{ID}.dotx").write_bytes(as_dotx(mine()))
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert (done.exit_code, "Une phrase du bureau" in said(dossier)) == (0, True)
    assert read((dossier / "sortie" / "candidature" / f"{ID}.docx").read_bytes()).nature == "docx"


def test_a_template_at_fault_is_not_used_and_the_others_go_on(dossier: Path, templates: Path) -> None:
    (templates / f"{ID}.docx").write_bytes(planted(shipped(ID), FAUTES[0]))
    done = ran("produire", dossier, "--gabarits", templates)
    told = flat(done.output)
    assert done.exit_code == 4
    assert f"{ID}.docx : pas écrit" in told or f"{ID} : pas écrit" in told
    assert "vouliez-vous dire « perimetre »" in told
    assert "« assemble gabarit" in told
    assert not (dossier / "sortie" / "candidature" / f"{ID}.docx").exists()
    assert (dossier / "sortie" / "candidature" / "courrier-service.docx").exists()


@pytest.mark.parametrize("content", [b"", b"bonjour"])
def test_a_template_that_is_no_word_file_is_told(dossier: Path, templates: Path, content: bytes) -> None:
    (templates / f"{ID}.docx").write_bytes(content)
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert (done.exit_code, "Gabarit du bureau" in flat(done.output)) == (4, True)


def test_two_templates_of_one_document_are_refused(dossier: Path, templates: Path) -> None:
    (templates / f"{ID}.dotx").write_bytes(as_dotx(mine()))
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert (done.exit_code, "gardez-en un" in flat(done.output)) == (4, True)


def test_a_file_that_is_the_template_of_no_document_is_told(dossier: Path, templates: Path) -> None:
    (templates / "courrier-préfet.docx").write_bytes(mine())
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert "« courrier-préfet.docx » n’est le gabarit d’aucun document" in flat(done.output)


def test_a_text_that_is_no_word_file_is_the_template_of_no_document(dossier: Path, tmp_path: Path) -> None:
    own = OwnTemplates(Plugins(), tmp_path, dt.date(2026, 3, 12))
    (tmp_path / f"{ID}.odt").write_bytes(b"odt")
    own._folders[dossier] = tmp_path
    assert own.unused() == [f"{ID}.odt"]


@pytest.mark.parametrize("where", ["gabarits", "modèles/word"])
def test_a_folder_of_templates_inside_the_dossier_is_refused(dossier: Path, where: str) -> None:
    inside = dossier / where
    inside.mkdir(parents=True)
    (inside / f"{ID}.docx").write_bytes(mine())
    done = ran("produire", dossier, "--documents", ID, "--gabarits", inside)
    assert (done.exit_code, "dans le dossier contrôlé" in flat(done.output)) == (2, True)
    assert not (dossier / "sortie").exists()


def test_templates_and_settings_that_a_dossier_brings_along_are_not_looked_at(dossier: Path) -> None:
    inside = dossier / "gabarits"
    inside.mkdir()
    (inside / f"{ID}.docx").write_bytes(mine())
    (dossier / SETTINGS).write_text('gabarits = "gabarits"\n', encoding="utf-8")
    ran("produire", dossier, "--documents", ID)
    assert "Une phrase du bureau" not in said(dossier)


def test_a_folder_that_does_not_exist_is_a_mistaken_command(dossier: Path, tmp_path: Path) -> None:
    done = ran("produire", dossier, "--documents", ID, "--gabarits", tmp_path / "rien")
    assert (done.exit_code, "n’est pas un dossier" in flat(done.output)) == (2, True)
    (dossier.parent / SETTINGS).write_text('gabarits = "rien"\n', encoding="utf-8")
    assert ran("produire", dossier, "--documents", ID).exit_code == 2


def test_the_bordereau_of_a_sealed_dossier_follows_the_desk_s_template(
    dossier: Path, templates: Path
) -> None:
    (templates / f"{ID}.docx").unlink()
    document = docx.Document(io.BytesIO(shipped("bordereau-envoi")))
    document.add_paragraph("Une phrase du bureau.")
    document.save(str(templates / "bordereau-envoi.docx"))
    done = ran("sceller", dossier, "--gabarits", templates)
    assert done.exit_code == 0
    (sealed,) = dossier.glob("sortie/**/*.zip")
    with zipfile.ZipFile(sealed) as package:
        name = next(one for one in package.namelist() if one.endswith("bordereau-envoi.docx"))
        assert "Une phrase du bureau." in read(package.read(name)).text


def test_the_image_of_a_bloc_marque_tells_its_title_to_who_cannot_see_it(
    dossier: Path, templates: Path
) -> None:
    from PIL import Image

    image = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(image, "PNG")
    document = docx.Document(io.BytesIO(shipped(ID)))
    first = document.paragraphs[0]
    assert "expediteur.bloc_marque" in first.text
    for run in first.runs[1:]:
        first._p.remove(run._r)
    first.runs[0].text = ""
    image.seek(0)
    first.runs[0].add_picture(image)
    (named,) = (one for one in first._p.iter() if one.tag.endswith("}docPr"))
    named.set("descr", "{{ expediteur.bloc_marque }}")
    document.save(str(templates / f"{ID}.docx"))
    done = ran("produire", dossier, "--documents", ID, "--gabarits", templates)
    assert done.exit_code == 0, done.output
    made = docx.Document(str(dossier / "sortie" / "candidature" / f"{ID}.docx"))
    (shown,) = (one for one in made.paragraphs[0]._p.iter() if one.tag.endswith("}docPr"))
    assert flat(shown.get("descr")) == "Préfète de la Mayenne"
