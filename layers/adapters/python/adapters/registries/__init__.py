"""The registries that can be asked, each with its kind of connector. A new registry is one line of this table."""

from __future__ import annotations

from collections.abc import Mapping

# name -> kind of connector; "http" is adapters.registries.http, "table" a list this system keeps itself.
CONNECTORS: Mapping[str, str] = {
    "vss": "http",
    "enterprise": "http",
    "tax": "http",
    "ui": "http",
    "cic": "http",
    "closures": "http",
    "payments": "table",
}
