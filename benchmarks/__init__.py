"""Measurements, each beside a baseline of the same run: `make bench`. What they mean is in README.md."""
