"""Every task of generation, under the names that delivery.topics knows."""

from generation.tasks import production, training, warming

__all__ = ["production", "training", "warming"]
