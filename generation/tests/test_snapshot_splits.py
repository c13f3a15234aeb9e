"""Splits follow the product alone."""

from hypothesis import given
from hypothesis import strategies as st

from generation.snapshotfiles import SPLITS, assign_splits

products = st.sets(st.integers(1, 10**6).map(lambda number: f"product-{number}"), min_size=1, max_size=60)


@given(products)
def test_every_product_has_one_split_and_none_is_empty(keys: set[str]) -> None:
    splits = assign_splits(keys)
    assert set(splits) == keys
    assert set(splits.values()) <= set(SPLITS)
    assert set(SPLITS[: len(keys)]) <= set(splits.values())
    assert splits == assign_splits(sorted(keys, reverse=True))


@given(products, st.data())
def test_products_with_pairs_fill_the_splits(keys: set[str], data: st.DataObject) -> None:
    paired = data.draw(st.sets(st.sampled_from(sorted(keys)), min_size=1))
    splits = assign_splits(keys, paired)
    assert set(SPLITS[: len(paired)]) <= {splits[product] for product in paired}
    alone = assign_splits(keys, keys)
    moved = [product for product in keys - paired if splits[product] != alone[product]]
    assert len(moved) <= len(SPLITS)


def test_a_product_keeps_its_split_when_others_join() -> None:
    few, many = ({f"product-{number}" for number in range(1, count)} for count in (200, 2000))
    before, after = assign_splits(few), assign_splits(many)
    assert all(after[product] == split for product, split in before.items())
    shares = [sum(split == name for split in after.values()) / len(after) for name in SPLITS]
    assert 0.77 < shares[0] < 0.83 and 0.08 < shares[1] < 0.12
