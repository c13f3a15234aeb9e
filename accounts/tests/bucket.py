"""A real S3 server for tests, spoken to over HTTP, that can be told to fail, to be slow, and to stop."""

import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.request import Request, urlopen

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """`calls` is the log."""


class BucketServer:
    """`calls` lists what was asked, as (method, key). Each server has a bucket of its own."""

    def __init__(self) -> None:
        self.name = f"bucket-{uuid.uuid4().hex[:12]}"
        self.calls: list[tuple[str, str]] = []
        self._fails_after: int | None = None
        self._answers = threading.Event()
        self._answers.set()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        make_bucket = Request(f"{self.address}/{self.name}", method="PUT")  # noqa: S310  (the address is our own)
        with urlopen(make_bucket, timeout=10):  # noqa: S310
            self.calls.clear()

    def environment(self) -> dict[str, str]:
        """The variables with which an installation uses this bucket."""
        return {
            "S3_BUCKET": self.name,
            "S3_ENDPOINT_URL": self.address,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "testing",
            "S3_SECRET_KEY": "testing",
            "S3_TIMEOUT": "1",
        }

    def written(self) -> list[str]:
        return [key for method, key in self.calls if method == "PUT"]

    def fail_after(self, writes: int) -> None:
        """Answer 503 to everything that comes after that many more writes."""
        self._fails_after = len(self.written()) + writes

    def recover(self) -> None:
        self._fails_after = None
        self._answers.set()

    def hang(self) -> None:
        """Take requests and answer none of them until `recover`."""
        self._answers.clear()

    def stop(self) -> None:
        self._answers.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _serve(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._answers.wait(20)
        if self._fails_after is not None and len(self.written()) >= self._fails_after:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        key = environ["PATH_INFO"].removeprefix(f"/{self.name}").lstrip("/")
        self.calls.append((environ["REQUEST_METHOD"], key))
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer
