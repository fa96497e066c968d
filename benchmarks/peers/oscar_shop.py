"""A django-oscar shop as its own documentation sets it up, with one customer of many orders.

Runs in an environment that has django-oscar. ORDERS says how many, DATABASE_URL where.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.urls import include, path

from benchmarks.meter import cpu_ms, serve


ORDERS = int(os.environ.get("ORDERS", "100000"))
REQUESTS = 20
PAGE = "/accounts/orders/"


def database() -> dict[str, Any]:
    url = urlsplit(os.environ["DATABASE_URL"])
    if url.scheme.startswith("postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": url.username,
            "HOST": url.hostname,
            "PORT": url.port,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;",
        },
    }


def configure() -> None:
    import oscar.defaults

    oscar_settings = {key: getattr(oscar.defaults, key) for key in dir(oscar.defaults)}
    settings.configure(
        **{key: value for key, value in oscar_settings.items() if key.startswith("OSCAR_")},
        SECRET_KEY="benchmark",
        DEBUG=False,
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database()},
        USE_TZ=True,
        SITE_ID=1,
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
        },
        AUTHENTICATION_BACKENDS=[
            "oscar.apps.customer.auth_backends.EmailBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        INSTALLED_APPS=APPS,
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
            }
        ],
    )
    django.setup()


APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "sorl.thumbnail",
    "django_tables2",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "oscar.apps.search.context_processors.search_form",
    "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications",
    "oscar.core.context_processors.metadata",
]


def fill() -> Any:
    """One customer with ORDERS orders of two lines each, the newest last."""
    from django.contrib.auth.models import User
    from oscar.core.loading import get_model

    Order, Line = get_model("order", "Order"), get_model("order", "Line")
    user = User.objects.create_user("buyer", "buyer@example.com")
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for first in range(0, ORDERS, 5000):
        orders = Order.objects.bulk_create(
            Order(
                number=f"SO-{n:06d}",
                user=user,
                currency="EUR",
                total_incl_tax="53.55",
                total_excl_tax="45.00",
                status="Pending",
                date_placed=start + timedelta(minutes=n),
            )
            for n in range(first, min(first + 5000, ORDERS))
        )
        Line.objects.bulk_create(
            Line(
                order=order,
                title="Ball bearing",
                partner_sku=f"SKU-{position}",
                quantity=10,
                num_allocated=0,
                line_price_incl_tax="53.55",
                line_price_excl_tax="45.00",
                line_price_before_discounts_incl_tax="53.55",
                line_price_before_discounts_excl_tax="45.00",
            )
            for order in orders
            for position in (1, 2)
        )
    return user


def main() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(fill(), backend="django.contrib.auth.backends.ModelBackend")
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    body = client.get(PAGE).content.decode()
    assert f"SO-{ORDERS - 1:06d}" in body and body.count("/accounts/orders/SO-") == 20

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    serve({"queries": queries, "cpu": lambda: cpu_ms(lambda: client.get(PAGE), REQUESTS)})


if __name__ == "__main__":
    configure()
    from django.apps import apps

    urlpatterns = [
        path("i18n/", include("django.conf.urls.i18n")),
        path("", include(apps.get_app_config("oscar").urls[0])),
    ]
    main()
