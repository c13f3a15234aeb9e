"""Where files are kept, as an entry of STORAGES: a folder, or a bucket when `S3_BUCKET` names one."""

from pathlib import Path
from typing import Any

import environ


def file_backend(env: environ.Env, folder: Path) -> dict[str, Any]:
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "canvas_review.file_storage.WholeFileStorage",
            "OPTIONS": {"location": str(folder), "base_url": None},
        }
    return {
        "BACKEND": "canvas_review.bucket_storage.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "timeout": env.float("S3_TIMEOUT", default=5.0),
            "file_overwrite": False,
            "default_acl": None,
        },
    }
