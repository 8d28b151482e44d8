"""Which incident already carries an alert, for the page where alerts are looked at."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def mark_carried(alerts: list[dict[str, Any]], staff: Any) -> str:
    """Gives each alert, as `detect.queries.one_line_each` returns it, the incidents of this person that carry it or one of its sort."""
    from amanat.web.respond.models import CarriedAlert
    from amanat.web.respond.queries import incidents_of

    rows = {other["row"].pk: one for one in alerts for other in (one, *one["alike"])}
    found = CarriedAlert.objects.filter(alert__in=rows, incident__in=incidents_of(staff)).select_related("incident").order_by("at")
    for carried in found:
        mine = rows[carried.alert_id].setdefault("incidents", [])
        if carried.incident not in mine:
            mine.append(carried.incident)
    return ""
