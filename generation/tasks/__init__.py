"""Every task of generation, under the names that delivery.topics knows."""

from generation.tasks import production

__all__ = ["production"]
