"""Specialists: small adapters to the base model, each taught one variant's job in minutes."""
