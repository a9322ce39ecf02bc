"""How people sign in: allauth's second factors, hardened; its own pages and mails stay closed.

docs/decisions/0007-sign-in.md says which parts of allauth are used, and why only those.
"""

from __future__ import annotations

SIGN_IN_APPS = ["allauth", "allauth.account", "allauth.mfa"]
SIGN_IN_MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = ["groundswell.accounts.backend.AccountBackend"]

# None of allauth's addresses is mounted; these hold even if somebody mounts one.
ACCOUNT_ADAPTER = "groundswell.accounts.adapters.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"

MFA_ADAPTER = "groundswell.accounts.adapters.SealingMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks drift; accounts.UsedCode keeps each code to one use
