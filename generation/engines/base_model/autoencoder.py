"""The autoencoder: pictures of 256 x 256 to latents of 4 x 32 x 32 and back.

It does not start from nothing. Its first three channels carry red, green and blue straight through, the strided
convolutions are means of 2 x 2, and the waist is a whitening of colours by principal components: a blurred copy before
the first step, instead of a long search for colour.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

LATENTS = 4
FACTOR = 8
DEVIATION = 0.8
"""Of a latent after `fold`; the pipeline multiplies by the scaling factor, and the denoiser sees a deviation of 1."""

_WHITENED = 0.7
_COLOURS = 3


def build_autoencoder(channels: int) -> Any:
    """Return an untrained AutoencoderTiny; one width at every level is all that its checkpoints' format allows."""
    from diffusers import AutoencoderTiny

    return AutoencoderTiny(  # type: ignore[no-untyped-call]
        encoder_block_out_channels=(channels,) * 4,
        decoder_block_out_channels=(channels,) * 4,
        num_encoder_blocks=(0, 0, 1, 2),
        num_decoder_blocks=(3, 2, 1, 0),
        latent_channels=LATENTS,
        scaling_factor=1 / DEVIATION,
    )


def colour_statistics(images: npt.NDArray[np.uint8]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return mean (3) and covariance (3 x 3) of the colours, 0..1, of N x H x W x 3 bytes in cells of 8 x 8."""
    count, height, width, _ = images.shape
    cells = images.reshape(count, height // FACTOR, FACTOR, width // FACTOR, FACTOR, 3).mean(axis=(2, 4)) / 255
    colours = cells.reshape(-1, 3)
    return torch.from_numpy(colours.mean(axis=0)).float(), torch.from_numpy(np.cov(colours.T)).float()


@torch.no_grad()
def start_as_pass_through(autoencoder: Any, mean: torch.Tensor, covariance: torch.Tensor) -> None:
    """Set the weights so that latents are the whitened colours of 8 x 8 cells, and decoding gives them back blurred."""
    spread, axes = torch.linalg.eigh(covariance)
    whiten = ((axes / spread.clamp(min=1e-6).sqrt()).T * _WHITENED).flip(0)
    here, mean_of_two, blur = torch.zeros(3, 3), torch.zeros(3, 3), torch.tensor([1.0, 2.0, 1.0])
    here[1, 1], mean_of_two[1:, 1:] = 1, 0.25
    first, *strided, last = _convolutions(autoencoder.encoder)
    _pass_colours(first, here)
    for convolution in strided:
        _pass_colours(convolution, mean_of_two)
    _mix_colours(last, whiten, -whiten @ mean)
    last.bias[_COLOURS:] = 0
    first, *strided, last = _convolutions(autoencoder.decoder)
    _mix_colours(first, torch.linalg.inv(whiten), mean)
    for convolution in strided:
        _pass_colours(convolution, torch.outer(blur, blur) / 16)
    last.weight.zero_()
    last.bias.zero_()
    _pass_colours(last, here)
    last.weight[:, _COLOURS:].normal_(0, 0.003)
    for part in (autoencoder.encoder, autoencoder.decoder):
        _quiet_blocks(part)


@torch.no_grad()
def fold(autoencoder: Any, pictures: torch.Tensor) -> None:
    """Move and scale the latents of `pictures` (N x 3 x H x W, -1..1) to mean 0 and deviation 0.8, channel by channel.

    The first layer of the decoder takes it back, so that what is decoded stays nearly the same.
    """
    latents = autoencoder.encode(pictures).latents
    mean, scale = latents.mean((0, 2, 3)), DEVIATION / latents.std((0, 2, 3))
    last, first = _convolutions(autoencoder.encoder)[-1], _convolutions(autoencoder.decoder)[0]
    last.bias.copy_((last.bias - mean) * scale)
    last.weight.mul_(scale[:, None, None, None])
    first.bias.add_(first.weight.sum((2, 3)) @ mean)
    first.weight.div_(scale[None, :, None, None])


@torch.no_grad()
def reconstruction_psnr(autoencoder: Any, pictures: torch.Tensor) -> float:
    """Return the mean peak signal-to-noise ratio, in dB, of pictures (N x 3 x H x W, -1..1) after both ways."""
    back = autoencoder.decode(autoencoder.encode(pictures).latents).sample.clamp(-1, 1)
    errors = ((back - pictures) ** 2).mean((1, 2, 3))
    return float((10 * torch.log10(4 / errors)).mean())


def as_input(images: npt.NDArray[np.uint8]) -> torch.Tensor:
    """Return N x H x W x 3 bytes as N x 3 x H x W floats, -1..1."""
    planes = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float()
    return (planes / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def _convolutions(part: Any) -> Sequence[Any]:
    """Return the convolutions between the blocks of an encoder or decoder."""
    return [layer for layer in part.layers if isinstance(layer, nn.Conv2d)]


def _pass_colours(convolution: Any, kernel: torch.Tensor) -> None:
    convolution.weight[:_COLOURS] = 0
    for channel in range(_COLOURS):
        convolution.weight[channel, channel] = kernel
    if convolution.bias is not None:
        convolution.bias[:_COLOURS] = 0


def _mix_colours(convolution: Any, matrix: torch.Tensor, offset: torch.Tensor) -> None:
    convolution.weight[:_COLOURS] = 0
    convolution.weight[:_COLOURS, :_COLOURS, 1, 1] = matrix
    convolution.bias[:_COLOURS] = offset


def _quiet_blocks(part: Any) -> None:
    """Let the residual blocks leave the colours alone at first, and say little elsewhere."""
    for layer in part.layers:
        if hasattr(layer, "fuse"):
            end = layer.conv[-1]
            end.weight.mul_(0.1)
            end.weight[:_COLOURS] = 0
            end.bias.zero_()
