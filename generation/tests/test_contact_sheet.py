"""`manage.py contact_sheet`: a row for each product, its photo, its canvas and the candidates, without a database."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image as PillowImage

from generation.engines.sheets import CELL


def test_the_shipped_specialist_fills_a_sheet(tmp_path: Path) -> None:
    out, said = tmp_path / "sheet.webp", StringIO()
    call_command("contact_sheet", "outpainting", "--out", str(out), "--products", "1", "--candidates", "1", stdout=said)
    width, height = PillowImage.open(out).size
    assert 3 * CELL <= width < 4 * CELL
    assert 0 < height < 2 * CELL
    assert "painted 1 of 1" in said.getvalue()


@pytest.mark.parametrize("wrong", ["--products", "--candidates"])
def test_a_sheet_of_nothing_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("contact_sheet", "outpainting", "--out", str(tmp_path / "sheet.webp"), wrong, "0")
    assert not list(tmp_path.iterdir())
