"""An officer describes himself and who is near to him: he is kept away from dossiers that are his own affair."""

from casework.document import Text
from casework.errors import Refused
from casework.interests import Profile, Relative
from casework.shown import clean
from casework.workflow import desks
from pages import go, page
from world import store

from desk.people import keys_on, officer_of

FIELDS = {
    "ho-ten": ("name", Text("Họ tên, đồng nghiệp nhìn thấy", "Your name, as colleagues see it")),
    "so": ("id_number", Text("Số định danh", "Identity number")),
    "dien-thoai": ("phone", Text("Điện thoại", "Telephone")),
    "thu": ("email", Text("Thư điện tử", "E-mail")),
    "tai-khoan": ("account", Text("Số tài khoản", "Account")),
    "dia-chi": ("address", Text("Địa chỉ", "Address")),
}
NEAR = "nguoi-than"
MOST_NEAR, LONGEST = 50, 200


def register(app, visit):
    @app.get("/can-bo/toi")
    def show_profile():
        here = visit()
        return profile_page(here)

    @app.post("/can-bo/toi")
    def keep_profile():
        here = visit()
        here.check_form()
        actor = officer_of(here)
        said = {ours: clean(here.form.get(name, "")).strip()[:LONGEST] for name, (ours, _) in FIELDS.items()}
        if not said["name"]:
            return profile_page(here, {"ho-ten": here.t("Nhập họ tên", "Enter your name")})
        version = here.form.get("ban", "")
        known = int(version) if version.isdecimal() and len(version) < 10 else 0
        described = Profile(actor.id, actor.office, relatives=relatives_of(here.form.get(NEAR, "")), **said)
        try:
            desks.keep_profile(described, actor, known, store=store)
        except Refused as refused:
            found = refused.problem
            return profile_page(here, {"": here.t(found.detail, found.detail_en)})
        return go(here, "/can-bo/toi?xong=co")


def relatives_of(text):
    """One person a line: name; relation; number; telephone; day of birth."""
    found = []
    for line in text.splitlines()[:MOST_NEAR]:
        parts = [clean(part).strip()[:LONGEST] for part in line.split(";")][:5]
        if parts[0]:
            found.append(Relative(*parts))
    return tuple(found)


def profile_page(here, wrong=None):
    actor, wrong = officer_of(here), wrong or {}
    known = desks.profile(actor, store=store)
    standing = {name: getattr(known, ours) if known else "" for name, (ours, _) in FIELDS.items()}
    if known is None:
        standing |= {"ho-ten": here.person.name, "thu": here.person.email}
    near = "\n".join(
        "; ".join((one.name, one.relation, one.id_number, one.phone, one.born))
        for one in (known.relatives if known else ())
    )
    return page(
        here,
        "desk/profile",
        422 if wrong else 200,
        scripted=bool(wrong),
        errors=[{"text": text, **({"href": f"#{name}"} if name else {})} for name, text in wrong.items()],
        wrong=wrong,
        keys=keys_on(here),
        shortcuts=None,
        back="/can-bo",
        fields=[(name, title, here.form.get(name, standing[name])) for name, (_, title) in FIELDS.items()],
        near=here.form.get(NEAR, near),
        version=known.version if known else 0,
        kept=here.query.get("xong"),
    )
