"""Files are counted while they stream in: what is too large is refused before it fills a disk."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.rules import rule_for

MAX_FILE_BYTES = 20 * 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that store. Raises RequestDataTooBig (413) at the first byte too many."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.received = 0
        self.limit = _limit(self.request) if self.request else MAX_FILE_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            told = _("A file may have %(size)s MB here. Send a smaller one.") % {"size": self.limit // 1024**2}
            raise RequestDataTooBig(told)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the next handler keeps the file


def _limit(request: HttpRequest) -> int:
    """Bytes that a file may have on this route. A form is read before anybody asks who sends it: so ask here."""
    match = request.resolver_match
    large = settings.LARGE_UPLOADS.get(match.view_name) if match else None
    rule = rule_for(match) if match and large else None
    if large is None or rule is None or not rule.allows(getattr(request, "user", None), request.method or "GET"):
        return MAX_FILE_BYTES
    return max(int(large), MAX_FILE_BYTES)
