"""A passkey in software: answers the server's options as a browser with a security chip would."""

from __future__ import annotations

import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
NO_MODEL = bytes(16)


class SoftwarePasskey:
    """One key pair on one device. ``origin`` is the page that asks, ``verifies`` whether the
    person unlocked the device."""

    def __init__(self, origin: str, *, verifies: bool = True) -> None:
        self.origin = origin
        self.verifies = verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.owner = b""
        self.count = 0

    def make(self, options: str) -> str:
        """The answer to ``navigator.credentials.create``."""
        asked = json.loads(options)["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        attested = AttestedCredentialData.create(
            NO_MODEL,
            self.credential_id,
            ES256.from_cryptography_key(self.key.public_key()),
        )
        held = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()),
            self._flags() | FLAG.AT,
            self.count,
            attested,
        )
        client = self._client(CollectedClientData.TYPE.CREATE, asked["challenge"])
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(AttestationObject.create("none", held, {})),
            }
        )

    def use(self, options: str) -> str:
        """The answer to ``navigator.credentials.get``."""
        asked = json.loads(options)["publicKey"]
        self.count += 1
        held = AuthenticatorData.create(sha256(asked["rpId"].encode()), self._flags(), self.count)
        client = self._client(CollectedClientData.TYPE.GET, asked["challenge"])
        signature = self.key.sign(held + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(held),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.owner),
            }
        )

    def _flags(self) -> int:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(
            type=kind, challenge=websafe_decode(challenge), origin=self.origin
        )

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.credential_id),
                "rawId": websafe_encode(self.credential_id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
