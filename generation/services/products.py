"""Products come in: a photo and a mask, checked, rebuilt from their pixels, and never changed again."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from generation.contracts import Image, Mask
from generation.contracts import gettext_noop as _
from generation.imaging.uploads import UploadRejected, read_mask, read_photo
from generation.models import Picture, Product, ProductRevision
from generation.services.derivatives import load_image, save_pictures, write_mask, write_picture
from generation.services.wording import clean_line


class ProductRefused(Exception):
    """`code` is stable, `field` names what is wrong, `message` is a translatable sentence."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Words:
    """What a product is called, cleaned and short enough."""

    title: str
    category: str
    external_id: str


Also = Callable[[ProductRevision], None]
"""What must be written in the transaction that stores a revision, or not at all."""


def create_product(
    team: Team, user: User, *, title: str, category: str, external_id: str, photo_bytes: bytes, photo_type: str | None,
    mask_bytes: bytes | None, mask_type: str | None, once: Once | None = None,
) -> Product:  # fmt: skip
    """Store a product with its first revision. Without `mask_bytes` the photo's alpha channel draws the mask.

    A photo with neither has no mask yet: nothing can be asked of it until a revision brings one. The types are media
    types as declared by the sender (None: not declared). Raises UploadRejected and ProductRefused.
    """
    words = check_words(title, category, external_id)
    if words.external_id and team.products.filter(external_id=words.external_id).exists():
        raise _taken()
    pictures = read_pictures(photo_bytes, photo_type, mask_bytes, mask_type)
    return store_product(team, user, words, *pictures, also=lambda revision: remember(once, revision.product_id))


def store_product(
    team: Team, user: User, words: Words, photo: Image, mask: Mask | None, *, also: Also | None = None
) -> Product:
    """Store what `check_words` and `read_pictures` returned. Raises ProductRefused, and what `also` raises."""
    pictures = _write(team, photo, mask)
    try:
        with transaction.atomic():
            product = Product.objects.create(team=team, created_by=user, **asdict(words))
            revision = _insert(product, user, 1, *pictures)
            if also:
                also(revision)
    except IntegrityError as error:
        raise _taken() from error
    return product


def add_revision(
    product: Product, user: User, *, photo_bytes: bytes | None = None, photo_type: str | None = None,
    mask_bytes: bytes | None = None, mask_type: str | None = None,
) -> ProductRevision:  # fmt: skip
    """Add a better photo (with or without a mask), or, without `photo_bytes`, a mask for the newest photo.

    Raises UploadRejected, and ProductRefused when nothing was sent.
    """
    if photo_bytes is None:
        if mask_bytes is None:
            raise ProductRefused("nothing_sent", "photo", _("Send a photo, a mask, or both."))
        newest = product.revisions.select_related("photo").latest("number")
        photo = load_image(newest.photo)
        return add_mask(newest, user, read_mask(mask_bytes, mask_type, (photo.shape[0], photo.shape[1])))
    return store_revision(product, user, *read_pictures(photo_bytes, photo_type, mask_bytes, mask_type))


def store_revision(
    product: Product, user: User, photo: Image, mask: Mask | None, *, also: Also | None = None
) -> ProductRevision:
    """Add a revision of what `read_pictures` returned. Raises what `also` raises."""
    pictures = _write(product.team, photo, mask)
    with transaction.atomic():
        revision = _add(product, user, *pictures)
        if also:
            also(revision)
    return revision


def add_mask(
    revision: ProductRevision, user: User, mask: Mask, *, once: Once | None = None, also: Also | None = None
) -> ProductRevision:
    """Add a revision with the photo of `revision` and `mask`, which is as large as that photo.

    Raises what `also` and idempotency.remember raise.
    """
    drawn = write_mask(revision.product.team, mask)
    with transaction.atomic():
        added = _add(revision.product, user, revision.photo, drawn, float(mask.mean()))
        if also:
            also(added)
        remember(once, added.pk)
    return added


def read_pictures(
    photo_bytes: bytes, photo_type: str | None, mask_bytes: bytes | None, mask_type: str | None
) -> tuple[Image, Mask | None]:
    """The photo and the mask beside it, or the one that it draws by itself. Raises UploadRejected."""
    photo, drawn = read_photo(photo_bytes, photo_type)
    if mask_bytes is not None:
        try:
            return photo, read_mask(mask_bytes, mask_type, (photo.shape[0], photo.shape[1]))
        except UploadRejected as refused:
            refused.of_mask = True
            raise
    return photo, drawn


def _write(team: Team, photo: Image, mask: Mask | None) -> tuple[Picture, Picture | None, float | None]:
    """Write the files of both; the rows are for the transaction that follows: a bucket that fails leaves none."""
    written = write_picture(team, photo, lossless=True)
    return (written, None, None) if mask is None else (written, write_mask(team, mask), float(mask.mean()))


def _add(product: Product, user: User, photo: Picture, mask: Picture | None, coverage: float | None) -> ProductRevision:
    """Called in a transaction; pictures that have no row yet get one."""
    Product.objects.select_for_update().get(pk=product.pk)  # two revisions at once must not take one number
    newest = product.revisions.order_by("-number").first()
    return _insert(product, user, newest.number + 1 if newest else 1, photo, mask, coverage)


def _insert(
    product: Product, user: User, number: int, photo: Picture, mask: Picture | None, coverage: float | None
) -> ProductRevision:
    save_pictures([picture for picture in (photo, mask) if picture is not None])
    return ProductRevision.objects.create(
        product=product,
        number=number,
        photo=photo,
        mask=mask,
        mask_coverage=coverage,
        created_by=user,
    )


def check_words(title: str, category: str, external_id: str) -> Words:
    """The words as they are stored. Raises ProductRefused."""
    title, category, external_id = (clean_line(text) for text in (title, category, external_id))
    if not title:
        raise ProductRefused("title_missing", "title", _("Give the product a title."))
    for field, text, longest in (("title", title, 200), ("category", category, 80), ("external_id", external_id, 120)):
        if len(text) > longest:
            raise ProductRefused("too_long", field, _("This text is too long."))
    return Words(title, category, external_id)


def _taken() -> ProductRefused:
    return ProductRefused(
        "external_id_taken", "external_id", _("There is a product with this external id. Add a revision to it instead.")
    )
