"""What exports add to the check of stored files, and the whole check: generation cannot know who else stores."""

from collections.abc import Iterator, Sequence

from generation.services import stored_files
from generation.services.stored_files import Trouble, each_row, stored_size
from reviews.models import SnapshotExport


def check_all(*, repair: bool) -> Iterator[Trouble]:
    """Everything that is wrong between rows and files, as it is found. Raises StorageAway."""
    yield from stored_files.check_pictures(repair=repair)
    yield from stored_files.check_snapshots()
    yield from check_exports()
    yield from stored_files.check_orphans((stored_files.known_names, known_export_names), repair=repair)


def check_exports() -> Iterator[Trouble]:
    """Finished exports with files that are gone."""
    for export in each_row(SnapshotExport.objects.filter(state=SnapshotExport.State.READY).select_related("snapshot")):
        for entry in export.files:
            if stored_size(entry["storage"]) is None:
                yield Trouble("file_missing", entry["storage"], f"export {export}")


def known_export_names(names: Sequence[str]) -> set[str]:
    """`names` that exports give. Exports are few, so all are asked, one at a time."""
    wanted = {name for name in names if name.startswith("exports/")}
    if not wanted:
        return set()
    return {
        entry["storage"]
        for export in each_row(SnapshotExport.objects.exclude(files=[]))
        for entry in export.files
        if entry["storage"] in wanted
    }
