"""What the API takes and gives of products."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from generation.models import Picture, Product, ProductRevision


class PictureSerializer(serializers.ModelSerializer[Picture]):
    thumb_url = serializers.SerializerMethodField()
    fit_url = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ("sha256", "width", "height", "thumb_url", "fit_url")

    def get_thumb_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.thumb_name])

    def get_fit_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.fit_name])


class RevisionSerializer(serializers.ModelSerializer[ProductRevision]):
    photo = PictureSerializer()
    mask = PictureSerializer(allow_null=True)

    class Meta:
        model = ProductRevision
        fields = ("id", "number", "photo", "mask", "mask_coverage", "created_at")


class ProductSerializer(serializers.ModelSerializer[Product]):
    revisions = RevisionSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = ("id", "title", "category", "external_id", "created_at", "revisions")


class NewProductSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`. Without a mask file the photo's own alpha channel is taken; a photo with neither waits
    for a revision that brings a mask."""

    title = serializers.CharField(max_length=200)
    category = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    photo = serializers.FileField()
    mask = serializers.FileField(required=False, default=None)


class NewRevisionSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: a better photo, or a better mask for the newest photo, of a product already here."""

    photo = serializers.FileField(required=False, default=None)
    mask = serializers.FileField(required=False, default=None)
