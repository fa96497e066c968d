"""Where photos lie: a storage that no address leads into, apart from the public media files.

OMS_PORTAL["PRIVATE_STORAGE"] names an alias of STORAGES; without it they lie in a folder beside
MEDIA_ROOT ("media" → "media-private"), readable by this process's user alone.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

from oms_portal.conf import settings


@deconstructible
class PrivateFiles(FileSystemStorage):
    """A folder without a URL."""

    def __init__(self) -> None:
        super().__init__(
            location=beside_media(),
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
        )

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address of their own")


def storage() -> Storage:
    alias = settings().PRIVATE_STORAGE
    return storages[alias] if alias else PrivateFiles()


def beside_media() -> Path:
    media = Path(django_settings.MEDIA_ROOT or "media").absolute()
    return media.with_name(f"{media.name}-private")
