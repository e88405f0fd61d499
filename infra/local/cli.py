"""The command line `motcua`: one module of infra/local/commands per command, each mounting itself."""

import importlib
import pkgutil

import typer

from infra.local import commands

app = typer.Typer(
    help="Một Cửa: hồ sơ giấy vào, quyết định có kiểm chứng ra · paper in, a verified decision out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
    importlib.import_module(f"{commands.__name__}.{module.name}").register(app)

if __name__ == "__main__":
    app()
