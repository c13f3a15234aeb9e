"""Who may reach the routes of this app and of the account pages it mounts. What is not here is refused."""

from accounts.rules import PUBLIC, SIGNED_IN, Rule

RULES: dict[str, Rule] = {
    "accounts:profile": SIGNED_IN,
    "accounts:language": PUBLIC,  # the sign-in page asks too
    "accounts:tokens": SIGNED_IN,
    "accounts:revoke_token": SIGNED_IN,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,  # the way out of a sign-in that waits for its second factor
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}
