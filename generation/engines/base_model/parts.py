"""The five parts of a pipeline: made anew, or taken from a model folder to be trained further."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from generation.contracts import EngineError, ModelFiles
from generation.engines.base_model.autoencoder import LATENTS
from generation.engines.base_model.plan import DenoiserPlan
from generation.engines.base_model.schedule import build_scheduler
from generation.engines.base_model.tokenizer import LONGEST
from generation.modelfiles import verify_folder

_LATENT_SIDE = 32
_SEES = 2 * LATENTS + 1
"""Channels that the denoiser sees: the noisy latents, the mask, and the latents of the masked picture."""


@dataclass(frozen=True)
class Parts:
    autoencoder: Any
    tokenizer: Any
    text_encoder: Any
    denoiser: Any
    scheduler: Any


def new_parts(plan: DenoiserPlan, seed: int, autoencoder: Any, tokenizer: Any) -> Parts:
    """Return parts around a trained autoencoder whose text encoder and denoiser have learnt nothing."""
    torch.manual_seed(seed)  # the layers draw their first weights from torch's own generator
    return Parts(
        autoencoder, tokenizer, _text_encoder(plan, tokenizer), _denoiser(plan), build_scheduler()
    )  # fmt: skip


def parts_of(files: ModelFiles) -> Parts:
    """Return the parts of a folder, in single precision. Raises EngineError for a model of another build."""
    verify_folder(files)
    from diffusers import StableDiffusionInpaintPipeline

    try:
        pipeline: Any = StableDiffusionInpaintPipeline.from_pretrained(  # type: ignore[no-untyped-call]
            str(files.folder), local_files_only=True, use_safetensors=True, safety_checker=None, dtype=torch.float32
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise EngineError(f"{files.folder}: this model cannot be trained further: {error}", permanent=True) from error
    parts = Parts(pipeline.vae, pipeline.tokenizer, pipeline.text_encoder, pipeline.unet, pipeline.scheduler)
    _refuse_another_build(parts, files.folder)
    return parts


def _refuse_another_build(parts: Parts, folder: Path) -> None:
    denoiser = parts.denoiser.config
    fits = (
        denoiser.in_channels == _SEES
        and denoiser.sample_size == _LATENT_SIDE
        and type(parts.autoencoder).__name__ == "AutoencoderTiny"
        and parts.scheduler.config.prediction_type == "v_prediction"
        and parts.text_encoder.config.max_position_embeddings == LONGEST
    )
    if not fits:
        raise EngineError(
            f"{folder}: only models that this command made can be trained further "
            "(256 pixels, AutoencoderTiny, v-prediction, 32 tokens).",
            permanent=True,
        )


def _text_encoder(plan: DenoiserPlan, tokenizer: Any) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=plan.width,
            intermediate_size=2 * plan.width,
            num_hidden_layers=plan.text_layers,
            num_attention_heads=4,
            max_position_embeddings=LONGEST,
            projection_dim=plan.width,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def _denoiser(plan: DenoiserPlan) -> Any:
    from diffusers import UNet2DConditionModel

    deeper = len(plan.channels) - 1
    denoiser: Any = UNet2DConditionModel(  # type: ignore[no-untyped-call]
        sample_size=_LATENT_SIDE,
        in_channels=_SEES,
        out_channels=LATENTS,
        block_out_channels=plan.channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * deeper,
        up_block_types=("CrossAttnUpBlock2D",) * deeper + ("UpBlock2D",),
        cross_attention_dim=plan.width,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    _begin_with_nothing(denoiser)
    return denoiser


@torch.no_grad()
def _begin_with_nothing(denoiser: Any) -> None:
    """Zero the last layer of every branch, so that each block first hands on what it was given."""
    ends = [denoiser.conv_out]
    for module in denoiser.modules():
        kind = type(module).__name__
        if kind == "ResnetBlock2D":
            ends.append(module.conv2)
        elif kind == "Transformer2DModel":
            ends.append(module.proj_out)
    for end in ends:
        end.weight.zero_()
        end.bias.zero_()
