"""The base model's tokenizer knows the words of prompts, and Muon makes every direction move alike."""

import numpy as np
import torch

from generation.engines.base_model.chance import Order, numbers, tensors
from generation.engines.base_model.muon import orthogonal
from generation.engines.base_model.scenes.captions import caption
from generation.engines.base_model.scenes.facts import draw_facts
from generation.engines.base_model.tokenizer import LONGEST, build_tokenizer, tokenize


def test_known_words_are_one_token_and_no_caption_is_cut_off() -> None:
    captions = [caption(draw_facts(seed)) for seed in range(300)]
    tokenizer = build_tokenizer(captions)
    words = "a mug on a wooden table , terracotta wall , plant , soft light"
    pieces = tokenizer.convert_ids_to_tokens(tokenizer(words.replace(" ,", ",")).input_ids)
    assert pieces[1:-1] == [f"{word}</w>" for word in words.split()]
    ids = tokenize(tokenizer, [*captions, "", "zzgrmbl" * 40])
    assert ids.shape == (302, LONGEST)
    assert (ids[:300, -1] == tokenizer.pad_token_id).all()
    assert build_tokenizer(captions).get_vocab() == tokenizer.get_vocab()


def test_orthogonal_keeps_directions_and_evens_out_their_strength() -> None:
    random = torch.Generator().manual_seed(1)
    for shape in ((8, 30), (30, 8)):
        matrix = torch.randn(shape, generator=random) * torch.logspace(0, -1.5, shape[1])
        left, strength, right = torch.linalg.svd(matrix, full_matrices=False)
        assert strength[0] > 5 * strength[-1]
        evened = torch.diag(left.T @ orthogonal(matrix) @ right.T)
        assert 0.6 < float(evened.min()) <= float(evened.max()) < 1.3


def test_random_numbers_depend_on_purpose_and_step_alone() -> None:
    assert numbers(1, "crops", 4).random() == numbers(1, "crops", 4).random() != numbers(1, "crops", 5).random()
    first = torch.rand(3, generator=tensors(1, "noise", 2))
    assert torch.equal(first, torch.rand(3, generator=tensors(1, "noise", 2)))
    whole = Order(1, 7).part(0, 21)
    assert (Order(1, 7).part(10, 5) == whole[10:15]).all()
    assert all(sorted(whole[at : at + 7]) == list(range(7)) for at in (0, 7, 14))
    assert not np.array_equal(whole[:7], whole[7:14])
