"""The formats a snapshot can be rendered in, by versioned key: (label, dotted path). No imports."""

EXPORT_FORMATS: dict[str, tuple[str, str]] = {
    "pickapic-parquet/1": (
        "Pick-a-Pic parquet (Diffusers Diffusion-DPO, PickScore, MaPO, ORPO)",
        "reviews.exports.pickapic_parquet.PickapicParquet",
    ),
}
