"""Who we are to registries that want to see a certificate (mutual TLS): certificate, key and whom to trust.

They come from a secret, which is JSON: `certificate` and `key` in PEM, and `authority`, the PEM of who signed the
registry's certificate, where it is none that everybody trusts.
The key is on disk for the moment in which OpenSSL reads it.
"""

from __future__ import annotations

import json
import os
import ssl
import tempfile


def our_identity(secret: str) -> ssl.SSLContext:
    """A context that shows our certificate and checks the other's, name and all; "{}" means that we have none. Raises
    ValueError for a secret that is not sound, without repeating any of it."""
    try:
        told = json.loads(secret)
        if told == {}:
            return ssl.create_default_context()
        pem = f"{told['certificate']}\n{told['key']}\n"
        authority = told.get("authority") or None
    except (ValueError, KeyError, TypeError):
        raise ValueError("the registries' certificate is no JSON with certificate and key") from None
    context = ssl.create_default_context(cadata=authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "identity.pem")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(pem)
        try:
            context.load_cert_chain(path)
        except (ssl.SSLError, OSError) as error:
            raise ValueError(f"the registries' certificate cannot be used: {type(error).__name__}") from None
    return context
