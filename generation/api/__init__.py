"""The REST API of generation."""
