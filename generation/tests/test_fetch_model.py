"""fetch_model brings plain weights at a pinned revision and proposes them once; a refusal leaves nothing behind."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from safetensors.numpy import save

from generation.modelfiles import folder_sha256
from generation.models import ModelVersion

pytestmark = pytest.mark.django_db

REVISION = "ab" * 20
WEIGHTS = save({"a": np.arange(4, dtype=np.float32)})
INDEX = json.dumps({"_class_name": "StableDiffusionInpaintPipeline", "unet": ["diffusers", "UNet2DConditionModel"]})
REPOSITORY = {
    "model_index.json": INDEX.encode(),
    "unet/config.json": b"{}",
    "unet/diffusion_pytorch_model.safetensors": WEIGHTS,
    "unet/diffusion_pytorch_model.fp16.safetensors": WEIGHTS,
    "unet/diffusion_pytorch_model.bin": b"\x80\x04.",
    "everything.safetensors": WEIGHTS,
    "modeling.py": b"raise SystemExit",
}


class _Hub(BaseHTTPRequestHandler):
    """As much of a hub as a download asks for: the list of a revision's files, and each file."""

    def __init__(self, files: dict[str, bytes], asked: list[str], *rest: object) -> None:
        self.files, self.asked = files, asked
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith(f"/api/models/some/model/tree/{REVISION}"):
            rows = [{"type": "file", "path": n, "size": len(c), "oid": n} for n, c in self.files.items()]
            self._answer(json.dumps(rows).encode(), "application/json")
        elif path.startswith(f"/some/model/resolve/{REVISION}/"):
            name = path.split(REVISION + "/", 1)[1]
            self.asked.append(name)
            self._answer(self.files[name], "application/octet-stream")
        else:
            self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hash(content)}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *parts: object) -> None:
        return None


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub on this machine; yields the names of the files it was asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Hub, REPOSITORY, asked))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
    )
    yield asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.safetensors"):
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(REPOSITORY[name])
    return tmp_path / "mine"


def test_a_folder_is_copied_pinned_and_proposed_once(folder: Path) -> None:
    call_command("fetch_model", str(folder), name="Our inpainter")
    call_command("fetch_model", str(folder), name="Our inpainter")
    version = ModelVersion.objects.get()
    assert (version.state, version.kind, version.name) == ("proposed", "generator", "Our inpainter")
    kept = Path(settings.MODELS_DIR) / version.folder
    assert version.sha256 == folder_sha256(kept) == folder_sha256(folder)
    assert [path.name for path in Path(settings.MODELS_DIR).iterdir()] == [version.folder]


def test_a_hub_id_brings_the_parts_of_the_pipeline_and_nothing_else(hub: list[str]) -> None:
    call_command("fetch_model", "some/model", revision=REVISION)
    kept = Path(settings.MODELS_DIR) / ModelVersion.objects.get().folder
    found = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    assert found == {"model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.safetensors"}
    assert set(hub) == found


def test_a_revision_that_the_hub_does_not_have_is_refused(hub: list[str]) -> None:
    _refused("some/model", "could not be brought", revision="cd" * 20)


@pytest.mark.parametrize("revision", ["", "main", "ab" * 19, "AB" * 20])
def test_a_hub_id_without_a_pinned_revision_is_refused(revision: str) -> None:
    _refused("some/model", "--revision", revision=revision)


@pytest.mark.parametrize("source", ["nowhere", "../some/model", "a/b/c", "https://hub.example/a/b", "-a/b"])
def test_what_is_neither_a_folder_nor_a_hub_id_is_refused(source: str) -> None:
    _refused(source, "neither a folder here nor a hub id", revision=REVISION)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("unet/model.bin", b"\x80\x04.", "pickled"),
        ("pipeline.py", b"print()", "code"),
        ("unet/other.safetensors", b"broken", "other.safetensors"),
        ("model_index.json", b'{"_class_name": ["mine", "Mine"]}', "model_index.json"),
    ],
)
def test_an_unsafe_folder_is_refused(folder: Path, name: str, content: bytes, sentence: str) -> None:
    (folder / name).write_bytes(content)
    _refused(str(folder), sentence)


def test_a_linked_file_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "linked.txt").symlink_to(tmp_path / "outside.txt")
    _refused(str(folder), "links")


def _refused(source: str, sentence: str, **options: str) -> None:
    arguments = [source, *(f"--{name}={value}" for name, value in options.items())]
    if source.startswith("-"):
        arguments = [*arguments[1:], "--", source]
    with pytest.raises(CommandError, match=sentence):
        call_command("fetch_model", *arguments)
    assert not ModelVersion.objects.exists()
    assert list(Path(settings.MODELS_DIR).iterdir()) == []
