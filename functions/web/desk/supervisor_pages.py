"""The supervisor's page: how much there is, how old, how late, what is to be expected, who works on it, where officers
differ."""

from datetime import date

from casework.document import Text
from casework.offices import offices
from casework.signals import kinds
from casework.workflow import leasing, worklists
from pages import page
from world import clock, store

from desk.people import keys_on, supervisor_of
from desk.plots import Bar, bars
from desk.queue_pages import ROUTES
from desk.shown import OUTCOMES, service_name, stage_title

SPANS = (7, 30, 90)
AGES = {
    "<1": Text("hôm nay", "today"),
    "<2": Text("1 ngày", "1 day"),
    "<5": Text("2–4 ngày", "2–4 days"),
    "<10": Text("5–9 ngày", "5–9 days"),
    "<20": Text("10–19 ngày", "10–19 days"),
    "older": Text("từ 20 ngày", "20 days or more"),
}
OLD = ("<20", "older")
TITLES = {
    "routes": Text("Kết quả máy xem", "What the rules found"),
    "services": Text("Theo dịch vụ", "By service"),
    "stages": Text("Theo bước", "By stage"),
    "outcomes": Text("Kết quả đã quyết định", "Outcomes"),
    "dismissed": Text("Dấu hiệu đã bỏ qua", "Signals dismissed"),
}


def register(app, visit):
    @app.get("/can-bo/lanh-dao")
    def show_overview():
        here = visit()
        actor = supervisor_of(here)
        team = leasing.officers(actor, store=store)
        span = _number(here.query.get("ngay"), 30)
        staff = _number(here.query.get("can-bo"), max(1, len(team)))
        found = worklists.statistics(actor, span, staff, store=store, clock=clock)
        return page(
            here,
            "desk/overview",
            keys=keys_on(here),
            shortcuts=None,
            office=offices().get(actor.office),
            found=found,
            span=span,
            spans=SPANS,
            staff=staff,
            team={officer.id: officer.name for officer in team},
            plots=plots_of(here, found),
            titles=TITLES,
            routes=[(title, found.now["route"].get(route, 0)) for route, title in ROUTES],
            services=[(service_name(service), count) for service, count in found.now["service"].items()],
            stages=[(_stage(found, stage), count) for stage, count in found.now["stage"].items()],
            outcomes=[(OUTCOMES.get(name, Text(name, name)), count) for name, count in found.outcomes.items()],
            dismissed=[(kinds()[kind].title if kind in kinds() else Text(kind, kind), count)
                       for kind, count in found.dismissed.items()],
        )  # fmt: skip


def plots_of(here, found):
    """What came and was done by day, how long open tasks have waited, which deadlines will be missed."""
    days = list(found.days.items())
    return [
        {
            "title": Text("Đến theo ngày", "Arrived by day"),
            "drawn": bars([Bar(_short(day), counts["arrived"]) for day, counts in days]),
        },
        {
            "title": Text("Đã quyết định theo ngày", "Decided by day"),
            "drawn": bars([Bar(_short(day), counts["decided"]) for day, counts in days]),
        },
        {
            "title": Text("Đang chờ, đã bao lâu", "Waiting, for how long"),
            "drawn": bars(
                [Bar(here.says(AGES[age]), count, "late" if age in OLD else "") for age, count in found.ages.items()]
            ),
        },
        {
            "title": Text("Dự báo số hồ sơ trễ hạn theo ngày", "Deadlines expected to be missed by day"),
            "drawn": bars([Bar(_short(day), count, "late") for day, count in found.forecast.breaches.items()]),
        },
    ]


def _stage(found, stage):
    for service in found.now["service"]:
        title = stage_title(service, stage)
        if title.vi != stage:
            return title
    return Text(stage, stage)


def _short(day):
    return f"{date.fromisoformat(day):%d/%m}"


def _number(text, otherwise):
    return int(text) if text and text.isdecimal() and 0 < int(text[:4]) < 1000 else otherwise
