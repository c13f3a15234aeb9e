from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `import` paths inside our ES modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
    # A pass gives new names to what imports what the pass before renamed: as many as the longest chain of imports.
    max_post_process_passes = 20
    # Ours alone: Django reads with regular expressions, and takes an import in a comment of somebody else's for one.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
