"""Uploads and calls that the tests of the API share."""

import io
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from accounts.models import User

PRODUCTS = "/api/v1/products/"
SIDE = 96


def _png(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> bytes:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def photo(grey: int = 180, *, cut_out: bool = False) -> SimpleUploadedFile:
    """A PNG of SIDE x SIDE; cut out, only its middle is opaque."""
    pixels = np.full((SIDE, SIDE, 4 if cut_out else 3), grey, np.uint8)
    pixels[24:72, 24:72, :3] = (200, 40, 40)
    if cut_out:
        pixels[..., 3] = 0
        pixels[24:72, 24:72, 3] = 255
    return SimpleUploadedFile("photo.png", _png(pixels), "image/png")


def mask(side: int = SIDE, *, inset: int = 24) -> SimpleUploadedFile:
    pixels = np.zeros((side, side), np.uint8)
    pixels[inset:-inset, inset:-inset] = 255
    return SimpleUploadedFile("mask.png", _png(pixels), "image/png")


def api(user: User) -> Client:
    """A client whose server errors are answers, as they are for everybody else."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def post_product(client: Client, *, key: str = "", **fields: Any) -> Any:
    form = {"title": "Mug", "photo": photo(), "mask": mask()} | fields
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(PRODUCTS, {name: value for name, value in form.items() if value is not None}, headers=headers)


def fields_of(problem: Any) -> dict[str, str]:
    """Field -> code of a problem's errors."""
    return {error["field"]: error["code"] for error in problem.json()["errors"]}
