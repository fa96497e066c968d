"""Four groups of Wagtail's admin for the returns desk. One of such a name that is there already is
left alone, and from then on they are the host's own: nothing changes them again."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


DOOR = ("wagtailadmin", "access_admin")
LOOK = ("view_return",)
ORDERS = ("view_order", "view_shipment", "view_company")
COUNT = (*LOOK, "receive_return", "inspect_return")
RULES = tuple(
    f"{verb}_{model}"
    for model in (
        "returnpolicy",
        "returnreason",
        "returnplace",
        "article",
        "grade",
        "checklist",
        "dispositionrule",
    )
    for verb in ("view", "add", "change", "delete")
)
GROUPS = {
    "Returns desk": COUNT,
    "Returns lead": (*COUNT, *ORDERS, "decide_return", "lead_return", *RULES),
    "Returns agents": (*LOOK, *ORDERS, "decide_return"),
    "Returns read-only": LOOK,
}


def make(apps, schema_editor):
    using = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(using)
    missing = [name for name in GROUPS if not groups.filter(name=name).exists()]
    if not missing:
        return
    _write_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    label, codename = DOOR
    door = permissions.filter(content_type__app_label=label, codename=codename)
    for name in missing:
        own = permissions.filter(content_type__app_label="oms_portal", codename__in=GROUPS[name])
        groups.create(name=name).permissions.add(*door, *own)


def _write_permissions(apps, using):
    """Django writes them after the last migration only; of models as they are by now."""
    config = apps.get_app_config("oms_portal")
    # The apps of a migration have no module of models, without which Django writes nothing.
    config.models_module = getattr(config, "models_module", True)
    create_permissions(config, verbosity=0, using=using, apps=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("oms_portal", "0004_returns_desk"),
        # Who may come into the admin at all.
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
