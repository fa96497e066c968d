"""What hangs under the host's mount: ``path("portal/", include("oms_portal.urls"))``."""

from django.urls import include, path


app_name = "oms_portal"

urlpatterns = [
    path("api/v1/", include("oms_portal.erp.urls")),
    path("", include("oms_portal.portal.urls")),
]
