from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.notifications.models import Alert, Mail
from oms_portal.notifications.pruning import prune


@pytest.mark.django_db
def test_what_is_done_goes_after_its_time_and_what_is_open_stays(settings):
    settings.OMS_PORTAL = {"EVENT_DAYS": 10}
    long_ago, lately = (timezone.now() - timedelta(days=days) for days in (11, 9))
    for name, created, again in (("old", long_ago, None), ("new", lately, None),
                                 ("due", long_ago, long_ago)):  # fmt: skip
        Mail.objects.create(
            key=name, to="a@b.example", subject="s", body="b", created_at=created,
            next_attempt_at=again,
        )  # fmt: skip
        Alert.objects.create(
            kind="erp_away", about=name, raised_at=long_ago,
            done_at=None if again else created,
        )  # fmt: skip

    assert prune() == 2

    assert set(Mail.objects.values_list("key", flat=True)) == {"new", "due"}
    assert set(Alert.objects.values_list("about", flat=True)) == {"new", "due"}
