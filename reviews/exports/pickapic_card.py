"""The dataset card of a Pick-a-Pic export: what a hub and a person need to know to load it."""

from collections.abc import Mapping

from generation.snapshotfiles import SnapshotFiles

_TEXT = """
# {name}

Preferences of expert reviewers between generated product pictures, frozen by Canvas Review from the snapshot
`{name}` with sha256 `{sha256}` and written as `{key}`. Every row pairs two candidates of one request, made from the
same product photo. `manifest.json` lists every file with its sha256 and row count.

## Loading

```python
from datasets import load_dataset

dataset = load_dataset("path/to/this/folder", split="train")
```

The Diffusion-DPO scripts of diffusers read the folder as it is:

```bash
accelerate launch train_diffusion_dpo.py \\
  --dataset_name=path/to/this/folder --dataset_split_name=train --no_hflip
```

Give `--no_hflip`: the script for Stable Diffusion 1.x flips the two pictures of a pair independently, which would teach
the model that a mirrored product is as good. Without `--dataset_split_name` the scripts train on `validation`.

## Splits

{splits}

All pictures of one product lie in one split. `validation_unique` and `test_unique` hold one pair per prompt.

## Columns

- `jpg_0`, `jpg_1`: the two pictures, encoded (WebP, PNG or JPEG), of one size and without transparency.
- `label_0`, `label_1`: 1.0 for the preferred one, 0.0 for the other. The preferred one stands on either side at random.
- `caption`: the prompt. `num_example_per_prompt`: rows of this split with the same prompt.
- `image_0_uid`, `image_1_uid`, `best_image_uid`, `model_0`, `model_1`: the candidates and the models that made them.
- `ranking_id`: the decision. `user_id`: the reviewer, under a pseudonym. `created_at`: when they decided (UTC).
- `source`, `mask`: the product photo, and where the product is (white), encoded.
- `product`, `request`, `variant`: where the pair comes from.
- `rule`: how it follows from the decision; `confidence`: the share of the reviewers who saw both and hold it.
- `approved_*`, `codes_*`, `verdicts_*`: the outcome of each candidate, its defect codes and the number of verdicts.
- `reason_*`, `propensity_*`: why it was shown, and with what probability (weigh by its inverse).
- `score_*`, `score_version_*`, `score_version_sha256_*`: what the reward model said of it at the time.
- `generator_sha256_*`: the weights that painted it; null for a candidate made elsewhere, of whose model only the name
  is known. `guideline_version`: the reviewers' instructions, where versioned.

Left out: requests with an unsuitable photo, candidates on which the reviewers were split, "cannot judge", decisions
that were undone, and preferences that another reviewer contradicts.
"""


def describe(snapshot: SnapshotFiles, key: str, splits: Mapping[str, Mapping[str, int]]) -> str:
    """Return README.md: `splits` holds num_examples, num_bytes and file_bytes of each."""
    lines = ["---", f"pretty_name: {snapshot.manifest['name']}", "tags:", "- preference", "- canvas-review", "configs:"]
    lines += ["- config_name: default", "  data_files:"]
    for split in splits:
        lines += [f"  - split: {split}", f"    path: data/{split}-*.parquet"]
    lines += ["dataset_info:", "  splits:"]
    for split, about in splits.items():
        lines += [
            f"  - name: {split}",
            f"    num_bytes: {about['num_bytes']}",
            f"    num_examples: {about['num_examples']}",
        ]
    lines += [
        f"  download_size: {sum(about['file_bytes'] for about in splits.values())}",
        f"  dataset_size: {sum(about['num_bytes'] for about in splits.values())}",
        "---",
    ]
    table = ["| split | pairs | bytes |", "|---|---|---|"]
    table += [f"| {split} | {about['num_examples']} | {about['file_bytes']} |" for split, about in splits.items()]
    name, sha256 = snapshot.manifest["name"], snapshot.sha256
    return "\n".join(lines) + "\n" + _TEXT.format(name=name, sha256=sha256, key=key, splits="\n".join(table))
