"""Files are counted while they stream in: what is too large is refused before it fills a disk."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MAX_FILE_BYTES = 20 * 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that store. Raises RequestDataTooBig (413) at the first byte too many."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_FILE_BYTES:
            raise RequestDataTooBig(f"A file may have {MAX_FILE_BYTES // 1024**2} MB. Save a smaller one.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the next handler keeps the file
