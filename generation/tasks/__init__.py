"""Every task of generation, under the names that delivery.topics knows."""

from generation.tasks import imports, production, training, warming

__all__ = ["imports", "production", "training", "warming"]
