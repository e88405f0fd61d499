"""One request of a browser: who it is, in which language, what the form says, and whether the form is ours.

Raises what the pages cannot go on from: `SignInFirst`, `Forged`. Forms bring back the word of their session; before
there is a session, the browser's own word on where a form comes from must do.
"""

import hmac
import unicodedata
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from adapters.sessions import Session
from casework.document import Text
from world import public_url, sessions

LANGUAGES = ("vi", "en")
QUEUE = ("/can-bo", Text("Hàng chờ", "Queue"))
ME = ("/can-bo/toi", Text("Về tôi", "About me"))
# What the header leads to, by role; the first is where a person's work begins.
MENUS = {
    "applicant": (("/ho-so", Text("Hồ sơ của tôi", "My dossiers")),),
    "officer": (QUEUE, ME),
    "supervisor": (QUEUE, ("/can-bo/lanh-dao", Text("Theo dõi", "Overview")), ME),
    "administrator": (("/can-bo/quan-tri", Text("Quản trị", "Administration")),),
}
SECURE = public_url.startswith("https://")
# Browsers take the prefix only from secure addresses; it keeps other hosts of the domain from setting the cookie.
SESSION_COOKIE = "__Host-phien" if SECURE else "phien"
LANGUAGE_COOKIE = "__Host-ngon-ngu" if SECURE else "ngon-ngu"
MOST_FIELDS = 4000  # a decision on a long list says something of many people, on one page and those before it
NOWHERE = "/ho-so"  # where somebody goes on who asked for no page
LONGEST_FORM = 256 * 1024


class SignInFirst(Exception):
    """The page is for people who are signed in, and the browser is not, or not any more."""


class Forged(Exception):
    """The form does not come from a page of ours in this session."""


@dataclass
class Visit:
    """A request as the pages see it. `root` is what stands before our paths (the stage, under API Gateway's own
    address); `query` and `form` hold the first value of each name, in NFC."""

    method: str
    path: str
    root: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]
    chosen: dict[str, list[str]]
    jar: dict[str, str]
    token: str
    language: str
    session: Session | None
    request_id: str = ""
    cookies: list[str] = field(default_factory=list)

    @property
    def person(self):
        """Who is signed in. Raises SignInFirst."""
        if self.session is None:
            raise SignInFirst
        return self.session.person

    @property
    def actor(self):
        return self.person.actor

    @property
    def menu(self):
        """The pages of whoever is signed in: [(path, name)]."""
        return MENUS[self.actor.role] if self.session else ()

    def says(self, text):
        """A text of the rulebook in the visitor's language."""
        return (text.en or text.vi) if self.language == "en" else text.vi

    def t(self, vi, en):
        return en if self.language == "en" else vi

    def address(self, path):
        """One of our paths as a whole address, for whoever sends the browser back here."""
        return f"{public_url}{self.root}{path}"

    def cookie(self, name):
        """What the browser brought back under a name; "" for nothing."""
        return self.jar.get(name, "")

    def keep(self, name, value, seconds=None):
        """Set a cookie with the answer; seconds 0 removes it."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        self.cookies.append(f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{'; Secure' if SECURE else ''}")

    def check_form(self):
        """Raises Forged, SignInFirst: is this form ours, in this session?"""
        self.check_origin()
        if self.session is None:
            raise SignInFirst
        if not _same(self.form.get("word", ""), self.session.word):
            raise Forged

    def check_origin(self):
        """Raises Forged when the browser says that the form stands on somebody else's page."""
        site = self.headers.get("sec-fetch-site", "")
        origin = self.headers.get("origin", "")
        if site not in ("", "same-origin", "none") or (origin not in ("", "null") and not _ours(origin, self.headers)):
            raise Forged


def visit_of(event):
    """The visit that an API Gateway event tells of."""
    raw = event.raw_event
    path = raw["path"]
    whole = raw["requestContext"].get("path") or path
    root = whole.rstrip("/").removesuffix(path.rstrip("/"))
    headers = {name.lower(): value for name, value in (raw.get("headers") or {}).items()}
    cookies = _cookies(headers.get("cookie", ""))
    query = {name: _nfc(value) for name, value in (raw.get("queryStringParameters") or {}).items()}
    chosen = _form(event, headers) if raw["httpMethod"] == "POST" else {}
    token = cookies.get(SESSION_COOKIE, "")
    asked = query.get("ngon-ngu")
    language = asked or cookies.get(LANGUAGE_COOKIE, "")
    visit = Visit(
        method=raw["httpMethod"],
        path=path,
        root=root,
        query=query,
        headers=headers,
        form={name: values[0] for name, values in chosen.items()},
        chosen=chosen,
        jar=cookies,
        token=token,
        language=language if language in LANGUAGES else "vi",
        session=sessions.find(token) if len(token) < 200 else None,
        request_id=raw["requestContext"].get("requestId", ""),
    )
    if asked in LANGUAGES:
        visit.keep(LANGUAGE_COOKIE, asked, 365 * 24 * 3600)
    return visit


def own_path(path):
    """A path of ours to go on to, or the dossiers: nobody is sent elsewhere by what stands in an address."""
    if path.startswith("/") and not path.startswith(("//", "/\\")) and not any(ord(sign) < 32 for sign in path):
        return path
    return NOWHERE


def _form(event, headers):
    """The fields of a form; {} for what is no form of ours. Raises Forged for one that no page of ours makes."""
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded") or not event.body:
        return {}
    text = event.decoded_body
    if len(text) > LONGEST_FORM:
        raise Forged
    try:
        found = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Forged from None
    return {name: [_nfc(value) for value in values] for name, values in found.items()}


def _cookies(header):
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _ours(origin, headers):
    """Whether a form's origin is the address the page was asked for at, or our public one."""
    return origin == public_url or urlsplit(origin).netloc == headers.get("host", "")


def _same(one, other):
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def _nfc(value):
    return unicodedata.normalize("NFC", value)
