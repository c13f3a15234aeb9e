"""Who may reach which route of this app. A route that is not here is refused to everybody.

An admin may all of it; the roles named are the others.
"""

from accounts.models import Role, Scope
from accounts.rules import SIGNED_IN, Rule

_WATCHERS = frozenset({Role.OPERATOR, Role.ML_ENGINEER})
_MAKERS = frozenset({Role.OPERATOR})
_TRAINERS = frozenset({Role.ML_ENGINEER})

_PRODUCTS = Rule(roles=_WATCHERS, write_roles=_MAKERS, scope=Scope.PRODUCTS_READ, write_scope=Scope.PRODUCTS_WRITE)
_IMPORTS = Rule(roles=_MAKERS, scope=Scope.PRODUCTS_READ, write_scope=Scope.PRODUCTS_WRITE)
_REQUESTS = Rule(roles=_WATCHERS, write_roles=_MAKERS, scope=Scope.REQUESTS_READ, write_scope=Scope.REQUESTS_WRITE)
_REPAIRS = Rule(roles=_MAKERS, scope=Scope.REQUESTS_READ, write_scope=Scope.REQUESTS_WRITE)
_MODELS = Rule(roles=_TRAINERS, scope=Scope.MODELS_READ, write_scope=Scope.MODELS_WRITE)
# What ranks every request, and what a guard lets pass, is put to use by a person at a screen, not by a token.
_RELEASES = Rule(roles=_TRAINERS)
_ADMINS = Rule()
# Findings, which requests:read may see, name the limits they were held against; a dry run writes nothing.
_LIMITS_READ = Rule(scope=Scope.REQUESTS_READ, write_scope=Scope.REQUESTS_READ)

RULES: dict[str, Rule] = {
    "generation:picture": SIGNED_IN,
    "generation:products": _PRODUCTS,
    "generation:product": _PRODUCTS,
    "generation:new_product": Rule(roles=_MAKERS),
    "generation:new_revision": Rule(roles=_MAKERS),
    "generation:imports": Rule(roles=_MAKERS),
    "generation:import": Rule(roles=_MAKERS),
    "generation:import_progress": Rule(roles=_MAKERS),
    "generation:import_problems": Rule(roles=_MAKERS),
    "generation:cancel_import": Rule(roles=_MAKERS),
    "generation:import_for_real": Rule(roles=_MAKERS),
    "generation:mask_editor": Rule(roles=_MAKERS),
    "generation:requests": _REQUESTS,
    "generation:request": _REQUESTS,
    "generation:request_progress": _REQUESTS,
    "generation:new_request": Rule(roles=_MAKERS),
    "generation:cancel_request": Rule(roles=_MAKERS),
    "generation:retry_request": Rule(roles=_MAKERS),
    "generation:limits": _ADMINS,
    "generation:variant_limits": _ADMINS,
    "generation:limit": _ADMINS,
    "generation:reset_limit": _ADMINS,
    "generation:repairs": _REPAIRS,
    "generation:repair": _REPAIRS,
    "generation:repair_mask": Rule(roles=_MAKERS),
    "generation:keep_mask": Rule(roles=_MAKERS),
    "generation:models": _RELEASES,
    "generation:activate_version": _RELEASES,
    "generation:roll_back": _RELEASES,
    "generation:training_run": _RELEASES,
    "generation:training_progress": _RELEASES,
    "generation:new_training": _RELEASES,
    "generation:cancel_training": _RELEASES,
    "api:product-list": _PRODUCTS,
    "api:product-detail": _PRODUCTS,
    "api:product-revisions": _PRODUCTS,
    "api:import-list": _IMPORTS,
    "api:import-detail": _IMPORTS,
    "api:import-problems": _IMPORTS,
    "api:import-cancel": _IMPORTS,
    "api:import-for-real": _IMPORTS,
    "api:mask-proposal-list": _PRODUCTS,
    "api:mask-proposal-upload": _PRODUCTS,
    "api:mask-proposal-detail": _PRODUCTS,
    "api:mask-proposal-cancel": _PRODUCTS,
    "api:drawn-mask-list": _PRODUCTS,
    "api:drawn-mask-check": _PRODUCTS,
    "api:request-list": _REQUESTS,
    "api:request-detail": _REQUESTS,
    "api:request-elsewhere": _REQUESTS,
    "api:request-cancel": _REQUESTS,
    "api:request-retry": _REQUESTS,
    "api:limit-list": _LIMITS_READ,
    "api:limit-dry-run": _LIMITS_READ,
    "api:mask-repair-list": _REPAIRS,
    "api:mask-repair-detail": _REPAIRS,
    "api:mask-repair-repair": _REPAIRS,
    "api:mask-repair-keep": _REPAIRS,
    "api:model-version-list": _MODELS,
    "api:model-version-detail": _MODELS,
    "api:model-version-activate": _RELEASES,
    "api:training-run-list": _MODELS,
    "api:training-run-detail": _MODELS,
    "api:training-run-cancel": _MODELS,
}
