"""A company's orders the plain way: one query, one template, Django's own filters."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from oms_portal.customers.models import Membership
from oms_portal.orders.models import Order
from tests.site.urls import urlpatterns as site


PAGE = engines["django"].from_string(
    """{% load i18n %}<h1>{% translate "Your orders" %}</h1>
<table><caption>{% translate "Newest first" %}</caption><thead><tr>
<th>{% translate "Order" %}</th><th>{% translate "Your number" %}</th>
<th>{% translate "Placed" %}</th><th>{% translate "Status" %}</th>
<th>{% translate "Promised for" %}</th><th>{% translate "Items" %}</th>
<th>{% translate "Total" %}</th></tr></thead><tbody>
{% for order in orders %}<tr>
<td><a href="{% url 'oms_portal:order' order.slug %}">{{ order.number }}</a></td>
<td>{{ order.customer_reference }}</td>
<td><time datetime="{{ order.placed_at|date:'c' }}">{{ order.placed_at|date:"j F Y" }}</time></td>
<td><span class="chip chip-{{ order.status }}">{{ order.get_status_display }}</span>
{% if order.backordered %}<span class="chip">{% translate "Waits for stock" %}</span>{% endif %}</td>
<td>{% if order.promised %}<time datetime="{{ order.promised|date:'c' }}">{{ order.promised|date:"j F Y" }}</time>{% endif %}</td>
<td>{% blocktranslate count items=order.items %}{{ items }} item{% plural %}{{ items }} items{% endblocktranslate %}</td>
<td>{{ order.gross|floatformat:"2g" }} {{ order.currency }}</td>
</tr>{% endfor %}</tbody></table>"""
)


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    company = Membership.objects.select_related("company").get(user_id=request.user.pk).company
    rows = Order.objects.filter(company=company, archived_at=None).order_by("-placed_at", "-pk")
    size = int(request.GET.get("size", "20"))
    return HttpResponse(PAGE.render({"orders": rows[:size]}, request))


urlpatterns = [path("bare/", orders), *site]
