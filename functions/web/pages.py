"""Pages as answers: templates filled, in the visitor's language, with headers that let a browser do nothing else.

No page holds a script or a style of its own; everything comes from our own address but the pictures of pages and the
uploads, which go to the store, and only on the pages that need it.
"""

import functools
import json
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from casework.dossier import VIETNAM
from casework.facts import day_said, money_said
from casework.shown import clean
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from world import is_local

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


def page(visit, template, status=200, /, *, pictures_from="", sends_to="", **values):
    """The page of a template, filled. `pictures_from` and `sends_to` are addresses of the store this page may use."""
    text = (
        templates()
        .get_template(f"{template}.html")
        .render(
            visit=visit,
            t=visit.t,
            says=visit.says,
            url=lambda path: visit.root + path,
            asset=lambda plain: f"{visit.root}/assets/{asset_names()[plain]}",
            word=lambda: _word(visit),
            money=lambda amount: visit.says(money_said(amount)).replace(" ", "\N{NO-BREAK SPACE}"),
            local=is_local,
            **values,
        )
    )
    headers = {
        "Content-Language": visit.language,
        "Content-Security-Policy": _policy(pictures_from, sends_to),
        **_guards(visit),
    }
    return Response(status, "text/html; charset=utf-8", text, headers=headers)


def form_page(visit, template, wrong=None, problem=None, /, **values):
    """A page with a form: what is wrong stands on top with the way to its field, {field: text}, or is a problem of the
    whole form. Such a page is answered with 422."""
    wrong = wrong or {}
    errors = [{"text": text, "href": f"#{name}"} for name, text in wrong.items()]
    if problem is not None:
        errors.append({"text": visit.t(problem.detail, problem.detail_en)})
    return page(visit, template, 422 if errors else 200, scripted=bool(errors), errors=errors, wrong=wrong, **values)


def go(visit, path):
    """On to another page of ours, as a page to look at: what was sent is not sent again by going back."""
    return Response(303, "text/plain; charset=utf-8", "", headers={"Location": visit.root + path, **_guards(visit)})


def go_elsewhere(visit, address):
    """On to an address that is not ours."""
    return Response(303, "text/plain; charset=utf-8", "", headers={"Location": address, **_guards(visit)})


def asset(name):
    """One of the made files, kept by browsers for good: its name changes with its content. None for no such file."""
    if name not in asset_names().values():
        return None
    path = ASSETS / name
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(200, KINDS[path.suffix], path.read_text(encoding="utf-8"), headers=headers)


@functools.cache
def asset_names():
    """The file of each asset by its plain name. FileNotFoundError before they were made (make setup)."""
    return json.loads((ASSETS / "assets.json").read_text(encoding="utf-8"))


@functools.cache
def templates():
    """Our own pages and govuk-frontend's components; whatever is put in is escaped."""
    own = FileSystemLoader(HERE / "pages")
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    found = Environment(
        loader=ChoiceLoader([own, theirs]),
        undefined=ChainableUndefined,  # govuk-frontend's components look into what nobody gave
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"day": day, "moment": moment, "hour": hour, "clean": clean}
    return found


def day(value):
    """A day as people write it; "" for none."""
    if not value:
        return ""
    return day_said(value if isinstance(value, date) else date.fromisoformat(value))


def moment(value):
    """A moment as people in Vietnam write it: 17/04/2020 09:05."""
    at = (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(VIETNAM)
    return f"{day_said(at.date())} {at:%H:%M}"


def hour(value):
    """The hour of a moment: 09:05."""
    return f"{datetime.fromisoformat(value).astimezone(VIETNAM):%H:%M}"


def _word(visit):
    """The field every form of a session carries."""
    if visit.session is None:
        return ""
    return Markup('<input type="hidden" name="word" value="{}">').format(visit.session.word)


def _policy(pictures_from, sends_to):
    pictures, sends = _origin(pictures_from), _origin(sends_to)
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; img-src 'self'{pictures}; connect-src 'self'{sends}; form-action 'self'{sends}"
    )


def _origin(address):
    parts = urlsplit(address)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _guards(visit):
    found = {
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), microphone=()",
    }
    return found | {"Set-Cookie": visit.cookies} if visit.cookies else found
