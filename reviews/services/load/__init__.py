"""A review floor of any size, for measuring: made with COPY, in minutes where the services would take days."""
