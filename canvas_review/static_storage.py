from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `import` paths inside ES modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
