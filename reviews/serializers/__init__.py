"""What the API takes and gives. Checks of form only: what is allowed is decided by the services."""
