"""`make run`: the whole of Canvas Review on one machine, started, watched and stopped by one process."""
