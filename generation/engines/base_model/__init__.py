"""Trains the demonstration generator from nothing; `stages.train_base` is the door."""

from generation.engines import runtime as runtime  # before torch: it tells waiting threads to sleep
