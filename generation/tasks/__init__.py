"""Every task of generation, under the names that delivery.topics knows."""

from generation.tasks import masks, production, training, warming

__all__ = ["masks", "production", "training", "warming"]
