"""May an ID token be believed? Its signature and every claim that OpenID Connect Core 1.0, section 3.1.3.7, names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from vs_core.access import users
from vs_core.settings import SingleSignOn

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signed with a key that only the provider has: `none` and those with a shared secret are not among them."""
KEY_TYPES = frozenset({"RSA", "EC"})
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255


class TokenRefused(Exception):
    """The token may not be believed; the text says why, for the log, and holds nothing of it."""


class UnknownKey(TokenRefused):
    """The token names a key that is not among the provider's: it may be new."""


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for. subject: what it knows the person by, for good; names: lower case, in the order
    in which an account may be found by them the first time."""

    issuer: str
    subject: str
    names: tuple[str, ...]


def vouched(token: str, keys: dict[str, Any], given: SingleSignOn, nonce: str) -> Vouched:
    """The person a token speaks of. Raises TokenRefused.

    The subject is `sub`, which every provider has and never gives to another person. At Entra it belongs to the
    person and to this registration of the dashboard together: it stays when the person's name, e-mail or surname
    changes, is of no use elsewhere, and a new registration needs everybody linked anew.
    """
    claims = _believed(token, keys, given, nonce)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise TokenRefused("its subject cannot be used")
    if given.tenant and "tid" in claims and claims["tid"] != given.tenant:
        raise TokenRefused("it comes from another tenant")
    return Vouched(given.issuer, subject, _names(claims))


def _believed(token: str, keys: dict[str, Any], given: SingleSignOn, nonce: str) -> dict[str, Any]:
    options = {"iss": {"essential": True, "value": given.issuer}, "aud": {"essential": True, "value": given.client_id}}
    try:
        read = jwt.decode(token, _key_set(keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": given.client_id})
        claims.validate(leeway=LEEWAY_SECONDS)
    except InvalidKeyIdError:
        raise UnknownKey("it names an unknown key") from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TokenRefused(_why(error)) from None
    return dict(claims)


def _key_set(keys: dict[str, Any]) -> KeySet:
    """The provider's public keys for signatures: a shared secret among them would let others sign."""
    listed = keys.get("keys")
    fit = [key for key in listed if _signs(key)] if isinstance(listed, list) else []
    return KeySet.import_key_set({"keys": fit})


def _signs(key: Any) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"


def _why(error: Exception) -> str:
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__} {claim if claim in CodeIDToken.REGISTERED_CLAIMS else ''}".strip()


def _names(claims: dict[str, Any]) -> tuple[str, ...]:
    """`preferred_username` (at Entra the user principal name), and an e-mail address only where the provider says
    that it has verified it: people may type any address into their own profile."""
    offered = [claims.get("preferred_username"), claims.get("email") if claims.get("email_verified") is True else None]
    return tuple(users.sso_folded(name.strip()) for name in offered if isinstance(name, str) and name.strip())
