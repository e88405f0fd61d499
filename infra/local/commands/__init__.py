"""The commands of `motcua`, one module each, mounted by `infra.local.cli`."""
