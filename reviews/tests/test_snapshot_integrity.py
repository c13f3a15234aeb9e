"""A snapshot never changes, its hash says what is in it, and what it froze stays decided."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from accounts.tests.factories import Cast, make_cast
from generation.models import DatasetSnapshot
from generation.snapshotfiles import CANDIDATES, MANIFEST, PAIRS, SnapshotDamaged
from reviews.models import Decision, Outcome, Retraction, Slot, SnapshotDecision
from reviews.services import judged, snapshots
from reviews.services.decisions import undo as take_back
from reviews.services.judged import JudgedRequest
from reviews.services.refusals import AlreadyExported
from reviews.services.snapshots import SnapshotUnsettled, freeze_snapshot, open_snapshot
from reviews.tests.judged_world import Bundle, World


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def freeze(world: World, name: str = "mugs") -> DatasetSnapshot:
    return freeze_snapshot(world.cast.team, world.cast.ml_engineer, name=name)


def undo(decision: Decision) -> None:
    """What an undo leaves behind in the rows, without asking whether it may."""
    Retraction.objects.create(decision=decision, reviewer=decision.reviewer)
    item = decision.slot.item
    item.outcomes.all().delete()
    item.state = "open"
    item.save()


def test_the_same_decisions_give_the_same_hash_and_more_give_another(world: World) -> None:
    world.add_judged(3)
    first, second, other = freeze(world), freeze(world), freeze(world, "cups")
    assert (first.version, second.version, other.version) == (1, 2, 1)
    assert first.sha256 == second.sha256 != other.sha256
    assert first.files != second.files
    world.add_judged(1)
    assert freeze(world).sha256 != first.sha256


def test_pages_do_not_show_in_the_content(world: World) -> None:
    revision = world.add_revision()
    for _ in range(3):
        world.judge(world.add_request(revision), Bundle(world.cast.reviewer, [True, ["floating"]]))
    world.add_judged(4)
    whole = freeze(world).sha256
    with patch.object(judged, "PAGE", 2), patch.object(snapshots, "_CHUNK", 2):
        paged = freeze(world)
    assert paged.sha256 == whole
    assert SnapshotDecision.objects.filter(snapshot=paged).count() == 7
    assert len(list(open_snapshot(paged).sources())) == 5


def test_the_manifest_names_every_file_with_its_hash(world: World) -> None:
    world.add_judged(3)
    snapshot = freeze(world)
    contents = {name: default_storage.open(stored).read() for name, stored in snapshot.files.items()}
    assert hashlib.sha256(contents[MANIFEST]).hexdigest() == snapshot.sha256
    files = open_snapshot(snapshot).manifest["files"]
    assert set(files) == set(contents) - {MANIFEST}
    for name, entry in files.items():
        assert entry["sha256"] == hashlib.sha256(contents[name]).hexdigest()
        assert (entry["bytes"], entry["rows"]) == (len(contents[name]), contents[name].count(b"\n"))
    assert files[PAIRS]["rows"] == sum(snapshot.counts["pairs"].values()) == 3


@pytest.mark.parametrize("name", [MANIFEST, CANDIDATES])
def test_a_changed_file_is_noticed(world: World, name: str) -> None:
    world.add_judged(1)
    snapshot = freeze(world)
    path = default_storage.path(snapshot.files[name])
    with open(path, "r+b") as stream:  # noqa: PTH123 - a storage path is a string
        content = stream.read()
        stream.seek(0)
        stream.write(content.replace(b"wooden", b"golden").replace(b"mugs", b"cups"))
    with pytest.raises(SnapshotDamaged):
        list(open_snapshot(snapshot).groups())


def test_rows_cannot_be_changed_or_removed(world: World) -> None:
    world.add_judged(1)
    snapshot = freeze(world)
    for change in (
        lambda: DatasetSnapshot.objects.filter(pk=snapshot.pk).update(name="other"),
        lambda: DatasetSnapshot.objects.filter(pk=snapshot.pk).delete(),
        lambda: SnapshotDecision.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_an_undo_during_the_writing_is_written_again(world: World) -> None:
    first, second = world.add_judged(2)
    changed: list[Decision] = []

    def undoing(*args: object) -> Iterator[JudgedRequest]:
        yield from judged.judged_requests(*args)  # type: ignore[arg-type]
        if not changed:
            changed.append(Decision.objects.get(slot__item__request=first))
            undo(changed[0])

    with patch.object(snapshots, "judged_requests", undoing):
        snapshot = freeze(world)
    assert {row.request for row in open_snapshot(snapshot).candidates()} == {str(second.handle)}
    assert not SnapshotDecision.objects.filter(decision__in=changed).exists()
    assert len(list_files("snapshots")) == 4, "the files of the first try are gone"


def test_a_floor_that_never_rests_is_told_so(world: World) -> None:
    requests = world.add_judged(5)

    def undoing(*args: object) -> Iterator[JudgedRequest]:
        yield from judged.judged_requests(*args)  # type: ignore[arg-type]
        undo(Decision.objects.get(slot__item__request=requests.pop()))

    with patch.object(snapshots, "judged_requests", undoing), pytest.raises(SnapshotUnsettled):
        freeze(world)
    assert list_files("snapshots") == []


def test_outcomes_made_anew_count_as_a_change(world: World) -> None:
    (request,) = world.add_judged(1)
    tries: list[int] = []

    def reopening(*args: object) -> Iterator[JudgedRequest]:
        yield from judged.judged_requests(*args)  # type: ignore[arg-type]
        if not tries:
            Outcome.objects.filter(item__request=request).delete()
            item = request.review_items.get()
            for candidate in request.candidates.all():
                Outcome.objects.create(item=item, candidate=candidate, state="rejected")
        tries.append(1)

    with patch.object(snapshots, "judged_requests", reopening):
        snapshot = freeze(world)
    assert len(tries) == 2
    assert [row.approved for row in open_snapshot(snapshot).candidates()] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_an_undo_waits_for_the_freeze_and_then_finds_the_decision_frozen() -> None:
    world = World(make_cast())
    (request,) = world.add_judged(1)
    slot = Slot.objects.get(item__request=request)
    seen: list[bool] = []

    def take_slot() -> None:
        with transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(turn_at=Now())
            seen.append(SnapshotDecision.objects.filter(decision__slot=slot).exists())
        connection.close()

    undoing = threading.Thread(target=take_slot)
    bulk_create = SnapshotDecision.objects.bulk_create

    def slow(rows: object) -> object:
        undoing.start()
        undoing.join(timeout=0.5)
        assert undoing.is_alive(), "the undo got past the lock"
        return bulk_create(rows)  # type: ignore[arg-type]

    with patch.object(SnapshotDecision.objects, "bulk_create", slow):
        freeze(world)
    undoing.join()
    assert seen == [True]


def test_a_frozen_decision_cannot_be_taken_back_and_another_can(world: World) -> None:
    frozen, free = world.add_judged(2)
    decision = Decision.objects.get(slot__item__request=frozen)
    until = decision.created_at + timedelta(microseconds=1)
    freeze_snapshot(world.cast.team, world.cast.ml_engineer, name="mugs", filters={"until": until})
    with pytest.raises(AlreadyExported):
        take_back(world.cast.reviewer, decision)
    assert not Retraction.objects.exists()
    take_back(world.cast.reviewer, Decision.objects.get(slot__item__request=free))
    assert Retraction.objects.count() == 1


def list_files(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    return [
        name for inner in default_storage.listdir(folder)[0] for name in default_storage.listdir(f"{folder}/{inner}")[1]
    ]
