"""The reward model that runs anywhere: frozen EfficientNet features, plain numbers, and a small trained head."""

from collections.abc import Sequence

from generation.contracts import ModelFiles, RewardSubject
from generation.engines.rewards.backbone import load_backbone
from generation.engines.rewards.features import extract
from generation.engines.rewards.head import Head
from generation.engines.runtime import Runtime
from generation.modelfiles import verify_folder


class EfficientNetHead:
    """Implements `contracts.RewardModel`."""

    def __init__(self, files: ModelFiles, runtime: Runtime) -> None:
        """Read the head. Raises EngineError when the folder is unfit or belongs to other features."""
        verify_folder(files)
        self.head = Head.load(files.folder)
        self._runtime = runtime

    def score(self, subjects: Sequence[RewardSubject]) -> list[float]:
        """Return the calibrated probability, 0..1, that an expert approves each subject.

        A subject's score does not depend on the others in the call. Raises EngineError for arrays that do not fit.
        """
        if not subjects:
            return []
        self._runtime.torch_device()
        features = extract(subjects, load_backbone(self._runtime.device))
        return [float(probability) for probability in self.head.probabilities(features)]
