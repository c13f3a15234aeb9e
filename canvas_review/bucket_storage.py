"""Files in an S3-compatible bucket, with an end to every wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from accounts.files import Readable, StorageAway, StoredFile

_IN_MEMORY = 8 * 1024 * 1024
"""A file that is read as a whole goes to a temporary file beyond this."""


@contextmanager
def _spoken_plainly(name: str) -> Iterator[None]:
    """Turn what the client raises into FileNotFoundError and StorageAway, which callers know."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(name) from error
        raise StorageAway(f"The bucket refused: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageAway(f"The bucket is away: {error}") from error


class BucketStorage(S3Storage):
    """As Django's storage of files, plus `accounts.files.FileStore`.

    `timeout`: seconds to wait for a connection, and for each answer; a call is tried twice.
    """

    def __init__(self, *, timeout: float = 5.0, **settings: Any) -> None:
        settings["client_config"] = Config(
            connect_timeout=timeout,
            read_timeout=timeout,
            retries={"mode": "standard", "total_max_attempts": 2},
            # Checksums in the trailer are newer than most servers that speak S3.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**settings)

    def exists(self, name: str) -> bool:
        with _spoken_plainly(name):
            found: bool = super().exists(name)
        return found

    def size(self, name: str) -> int:
        with _spoken_plainly(name):
            size: int = super().size(name)
        return size

    def delete(self, name: str) -> None:
        with _spoken_plainly(name):
            super().delete(name)

    def get_modified_time(self, name: str) -> Any:
        with _spoken_plainly(name):
            return super().get_modified_time(name)

    def open_range(self, name: str, first: int, last: int) -> Readable:
        with _spoken_plainly(name):
            body: Readable = self._object(name).get(Range=f"bytes={first}-{last}")["Body"]
        return body

    def refresh(self, name: str) -> None:
        # Onto itself, which is allowed as long as something about it is said anew.
        with _spoken_plainly(name):
            self._object(name).copy_from(
                CopySource={"Bucket": self.bucket_name, "Key": self._normalize_name(name)},
                MetadataDirective="REPLACE",
                **self._get_write_parameters(name),
            )

    def walk(self) -> Iterator[StoredFile]:
        with _spoken_plainly(self.bucket_name):
            for entry in self.bucket.objects.all():
                yield StoredFile(entry.key, entry.size, entry.last_modified)

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Read the whole file before anybody sees it, so that a bucket that breaks off does so here."""
        if mode != "rb":
            raise ValueError("Stored files are read, never written to.")
        spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (its reader closes it)
        try:
            with _spoken_plainly(name):
                self._object(name).download_fileobj(spool, Config=self.transfer_config)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return File(spool, name)

    def _save(self, name: str, content: Any) -> str:
        try:
            with _spoken_plainly(name):
                stored: str = super()._save(name, content)
        except FileNotFoundError as error:
            raise StorageAway(f"There is no bucket {self.bucket_name}.") from error
        return stored

    def _object(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(name))
