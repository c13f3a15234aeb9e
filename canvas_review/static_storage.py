from whitenoise.storage import CompressedManifestStaticFilesStorage

_FROM, _EXPORT_FROM, _BARE, _ = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
# Django's own also takes `import("./x.js").Type` in a comment for an import. One that runs is waited for.
_WHILE_RUNNING = (
    r"""(?P<matched>\bawait import\(["'](?P<url>[./].*?)["']\))""",
    """await import("%(url)s")""",
)


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `import` paths inside our ES modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
    # A pass gives new names to what imports what the pass before renamed. The order in which a folder lists its files
    # decides how many are needed: as many as the longest chain of imports, if it is the worst one. Django's five are
    # what the desk's eight modules deep take in a good one; it stops as soon as nothing is renamed any more.
    max_post_process_passes = 20
    # Ours alone: Django reads with regular expressions, and takes an import in a comment of somebody else's for one.
    _js_module_import_aggregation_patterns = ("js/*.js", (_FROM, _EXPORT_FROM, _BARE, _WHILE_RUNNING))
