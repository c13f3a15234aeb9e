"""Start-up checks fail on names that lead nowhere, and never load a tensor library."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from generation import checks
from generation.registries import GUARDS
from generation.variants import VARIANTS, Limit

VARIANT = VARIANTS["background_enhancement"]


def ids(errors: object) -> list[str]:
    return [error.id for error in errors]  # type: ignore[attr-defined]


def test_the_house_is_in_order() -> None:
    assert checks.check_registries() == []
    assert checks.check_variants() == []


@pytest.mark.parametrize(
    "path",
    [
        "generation.engines.guards.seam.Nothing",
        "generation.engines.guards.nothing.Seam",
        "generation.nothing.x.Seam",
        "",
    ],
)
def test_a_key_that_leads_nowhere_is_found(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(GUARDS, "seam", ("Seam", path))
    assert ids(checks.check_registries()) == ["generation.E001"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"guards": (*VARIANT.guards, "nobody")}, "generation.E002"),
        ({"defect_codes": ("nothing",)}, "generation.E003"),
        ({"limits": (Limit("nothing", "", "at_most", 1.0, blocks=True, reason=""),)}, "generation.E004"),
        ({"guards": ("seam",)}, "generation.E004"),
    ],
)
def test_a_variant_that_names_what_does_not_exist_is_found(change: dict[str, Any], expected: str) -> None:
    assert set(ids(checks.variant_errors(replace(VARIANT, **change)))) == {expected}


def test_checking_loads_no_tensor_library() -> None:
    program = (
        "import django, sys; django.setup();"
        "from generation import checks; assert not checks.check_registries() + checks.check_variants();"
        "assert not {'torch', 'diffusers', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize(
    ("segmenter", "model", "code"),
    [
        ("", "", None),
        ("grabcut", "", None),
        ("transformers", "folder", None),
        ("transformers", "", "generation.E006"),
        ("magic", "folder", "generation.E005"),
    ],
)
def test_a_segmenter_that_cannot_work_stops_the_start(segmenter: str, model: str, code: str | None) -> None:
    with override_settings(SEGMENTER=segmenter, SEGMENTER_MODEL=model):
        assert ids(checks.check_segmenter()) == ([code] if code else [])
