"""Forms check form; what is allowed is decided by the services."""
