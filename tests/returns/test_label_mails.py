"""Who asked for a return is sent its labels, by links that whoever packs can open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from oms_portal.notifications.models import Mail
from oms_portal.returns import life
from tests.returns.parcels import label_of, labelled, past_leases
from tests.returns.scene import again, item, set_up


pytestmark = pytest.mark.django_db


def test_one_mail_has_a_link_to_each_label_once_all_are_there(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.site.urls"
    rma = again(set_up(settings).send(item("2"), parcels=2))
    past_leases()
    labelled(rma)

    (mail,) = Mail.objects.filter(subject__contains="label")
    assert rma.number in mail.subject and "\n" not in mail.subject
    paths = re.findall(r"/portal/l/\S+", mail.body)
    assert len(paths) == 2
    for path in paths:
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    life.revoke_links(label_of(rma))
    assert Client().get(paths[0]).status_code == 404
