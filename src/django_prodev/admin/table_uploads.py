"""Uploaded tables between their preview and its confirmation: on the server, for one person, for a while.

The page holds a signed ticket with the person, the digest of the file and the name of its copy, and nothing of its
content; what is confirmed is that copy, or nothing. The copies hold personal data, so only the site's own user can read
them, and they are deleted when they are imported or given up, and by the next upload once their time is over.
"""

import hashlib
import os
import re
import secrets
import stat
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from django.core import signing

from django_prodev.conf import prodev_settings

_SALT = "django_prodev.admin.table_uploads"
_COPY = re.compile(r"[A-Za-z0-9_-]{40,60}\.table\Z")


class UploadLost(Exception):
    """The ticket is not this person's, its time is over, or the copy is not there any more."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A copy of an uploaded file. ``name`` is what its owner calls it."""

    user: str
    table: str
    name: str
    sheet: str
    copy: str
    digest: str

    @classmethod
    def keep(cls, chunks: Iterable[bytes], *, user: Any, table: str, name: str, sheet: str) -> Self:
        """Copy a file, and delete the copies whose time is over."""
        folder = _folder()
        _sweep(folder)
        copy = f"{secrets.token_urlsafe(32)}.table"
        digest = hashlib.sha256()
        handle = os.open(folder / copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
        except BaseException:
            (folder / copy).unlink(missing_ok=True)
            raise
        return cls(str(user.pk), table, name, sheet, copy, digest.hexdigest())

    @classmethod
    def of(cls, ticket: str, *, user: Any, table: str) -> Self:
        """The upload that a ticket stands for. Raises ``UploadLost``."""
        try:
            values = signing.loads(ticket, salt=_SALT, max_age=prodev_settings.TABLE_UPLOAD_SECONDS)
            upload = cls(**values)
        except (signing.BadSignature, TypeError) as error:
            raise UploadLost from error
        if upload.user != str(user.pk) or upload.table != table or not _COPY.match(upload.copy):
            raise UploadLost
        try:
            with upload.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UploadLost from error
        if digest != upload.digest:
            raise UploadLost
        return upload

    @property
    def ticket(self) -> str:
        """What the page holds."""
        return signing.dumps(asdict(self), salt=_SALT)

    @property
    def path(self) -> Path:
        return _folder() / self.copy

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)


def _folder() -> Path:
    """The folder of the copies, which nobody else can look into."""
    chosen = prodev_settings.TABLE_UPLOAD_FOLDER
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"django-prodev-{os.geteuid()}"
    folder.mkdir(mode=0o700, parents=bool(chosen), exist_ok=True)
    found = folder.lstat()
    # In a folder that everybody may write to, somebody else may have been first.
    if not chosen and (not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077):
        raise PermissionError(f"{folder} is not this user's own: remove it, or set TABLE_UPLOAD_FOLDER.")
    return folder


def _sweep(folder: Path) -> None:
    oldest = time.time() - prodev_settings.TABLE_UPLOAD_SECONDS
    for path in folder.glob("*.table"):
        try:
            if path.lstat().st_mtime < oldest:
                path.unlink(missing_ok=True)
        except OSError:
            continue
