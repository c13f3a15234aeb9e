"""The pages of generation."""
