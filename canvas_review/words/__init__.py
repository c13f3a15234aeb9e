"""The texts of the application: found in the sources, kept in `locale/`, compiled without system tools."""
