from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `import` paths inside our ES modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
    # Ours alone: Django reads with regular expressions, and takes an import in a comment of somebody else's for one.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
