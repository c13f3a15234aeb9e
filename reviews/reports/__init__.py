"""What was done on the floor, how quickly and how well: read from what is counted while it happens, never from the
decisions themselves."""
