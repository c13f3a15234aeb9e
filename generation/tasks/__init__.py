"""Every task of generation, under the names that delivery.topics knows."""

from generation.tasks import imports, masks, production, training, warming

__all__ = ["imports", "masks", "production", "training", "warming"]
