"""What each specialist is taught: one file per variant, named in the registry LESSONS."""
