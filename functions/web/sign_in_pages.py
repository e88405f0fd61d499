"""Signing in and out: by name and password, with what the user pool wants besides, or by the national e-identity.

A form that was sent when the session had ended is not lost: it waits on the sign-in page and is offered again.
"""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from adapters.accounts import Challenge, PasswordTooWeak, SignInBusy, SignInRefused
from pages import go, go_elsewhere, page
from visit import NOWHERE, SECURE, SESSION_COOKIE, own_path
from world import accounts, sessions

ELSEWHERE_COOKIE = "__Host-di-va-ve" if SECURE else "di-va-ve"
ELSEWHERE_SECONDS = 900
KEPT = "giu-"  # before the names of fields that wait for the sign-in
OWN_FIELDS = frozenset({"word"})


def register(app, visit):
    @app.get("/dang-nhap")
    def show_sign_in():
        here = visit()
        if here.session is not None:
            return go(here, own_path(here.query.get("tiep", "/ho-so")))
        return sign_in_page(here, then=here.query.get("tiep", ""))

    @app.post("/dang-nhap")
    def sign_in():
        here = visit()
        here.check_origin()
        name, password = here.form.get("ten", ""), here.chosen.get("mat-khau", [""])[0]
        missing = [("ten", here.t("Nhập tên đăng nhập", "Enter your name (e-mail)"))] if not name else []
        missing += [("mat-khau", here.t("Nhập mật khẩu", "Enter your password"))] if not password else []
        if missing:
            return sign_in_page(here, missing, 422)
        try:
            return _let_in(here, accounts.sign_in(name, password))
        except SignInRefused:
            text = here.t("Tên đăng nhập hoặc mật khẩu chưa đúng", "The name or the password is not right")
            return sign_in_page(here, [("mat-khau", text)], 401)
        except SignInBusy:
            return sign_in_page(here, [("mat-khau", _busy(here))], 429)

    @app.post("/dang-nhap/tiep")
    def answer_challenge():
        """The new password, or the six digits."""
        here = visit()
        here.check_origin()
        kind, session, name = (here.form.get(field, "") for field in ("loai", "phien-dang-nhap", "ten"))
        if kind not in ("NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"):
            return sign_in_page(here)
        challenge = Challenge(kind, session, name)
        try:
            return _let_in(here, accounts.answer(challenge, here.chosen.get("tra-loi", [""])[0]))
        except PasswordTooWeak:
            text = here.t(
                "Mật khẩu cần ít nhất 12 ký tự, có chữ hoa, chữ thường và chữ số",
                "The password needs at least 12 characters, with capitals, small letters and digits",
            )
            return _challenge_page(here, challenge, [("tra-loi", text)])
        except SignInRefused:
            text = here.t("Chưa đúng, hoặc đã quá lâu. Hãy đăng nhập lại.", "Not right, or too late. Sign in again.")
            return sign_in_page(here, [("ten", text)], 401)
        except SignInBusy:
            return sign_in_page(here, [("ten", _busy(here))], 429)

    @app.post("/dang-nhap/dinh-danh")
    def sign_in_elsewhere():
        """To the identity provider the template names, with a proof that only this browser can come back with."""
        here = visit()
        here.check_origin()
        if not accounts.provider:
            return sign_in_page(here)
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        here.keep(ELSEWHERE_COOKIE, f"{state}.{verifier}", ELSEWHERE_SECONDS)
        return go_elsewhere(here, accounts.address_elsewhere(state, proof, here.address("/dang-nhap/tro-lai")))

    @app.get("/dang-nhap/tro-lai")
    def come_back():
        here = visit()
        state, _, verifier = here.cookie(ELSEWHERE_COOKIE).partition(".")
        here.keep(ELSEWHERE_COOKIE, "", 0)
        try:
            if not verifier or not secrets.compare_digest(state, here.query.get("state", "")):
                raise SignInRefused("not the browser that left")
            person = accounts.returned(here.query.get("code", ""), verifier, here.address("/dang-nhap/tro-lai"))
        except SignInRefused:
            text = here.t("Chưa đăng nhập được bằng định danh điện tử", "The e-identity did not sign you in")
            return sign_in_page(here, [("ten", text)], 401)
        return _let_in(here, person)

    @app.post("/dang-xuat")
    def sign_out():
        here = visit()
        if here.session is not None:
            here.check_form()
            sessions.close(here.token)
        here.keep(SESSION_COOKIE, "", 0)
        return go(here, "/")


def ask_to_sign_in(here):
    """The sign-in page in the place of one that needs a person; what was sent waits there."""
    if here.method == "POST":
        kept = {f"{KEPT}{name}": values for name, values in here.chosen.items() if name not in OWN_FIELDS}
        return sign_in_page(here, then=here.path, kept=kept, ended=True, status=401)
    asked = {name: value for name, value in here.query.items() if name != "ngon-ngu"}
    then = f"{here.path}?{urlencode(asked)}" if asked else here.path
    return go(here, f"/dang-nhap?{urlencode({'tiep': then})}")


def sign_in_page(here, wrong=(), status=200, *, then=None, kept=None, ended=False):
    """The form, with what is wrong beside its field and on top; `kept` are fields of a form that waits."""
    if kept is None:
        kept = {name: values for name, values in here.chosen.items() if name.startswith(KEPT)}
    return page(
        here,
        "sign_in",
        status,
        scripted=bool(wrong),
        errors=[{"text": text, "href": f"#{name}"} for name, text in wrong],
        wrong=dict(wrong),
        name=here.form.get("ten", "") if here.path.startswith("/dang-nhap") else "",
        then=own_path(then if then is not None else here.form.get("tiep", "")),
        kept=kept,
        ended=ended,
        elsewhere=accounts.provider,
    )


def _challenge_page(here, challenge, wrong=()):
    return page(
        here,
        "sign_in_further",
        422 if wrong else 200,
        scripted=bool(wrong),
        errors=[{"text": text, "href": f"#{name}"} for name, text in wrong],
        wrong=dict(wrong),
        challenge=challenge,
        then=own_path(here.form.get("tiep", "")),
        kept={name: values for name, values in here.chosen.items() if name.startswith(KEPT)},
    )


def _let_in(here, came):
    """A session for a person; another question for a challenge. A form that waited is offered to be sent again."""
    if isinstance(came, Challenge):
        return _challenge_page(here, came)
    token, here.session = sessions.open(came)
    here.keep(SESSION_COOKIE, token)
    then = own_path(here.form.get("tiep", ""))
    waiting = {name.removeprefix(KEPT): values for name, values in here.chosen.items() if name.startswith(KEPT)}
    if waiting:
        return page(here, "go_on", then=then, waiting=waiting)
    return go(here, here.menu[0][0] if then == NOWHERE else then)


def _busy(here):
    return here.t("Đã thử quá nhiều lần. Hãy đợi vài phút rồi thử lại.", "Too many attempts. Wait a few minutes.")
