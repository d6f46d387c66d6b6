"""Digests that nobody can make who does not have the site's secret: BLAKE2b with a key (RFC 7693)."""

from functools import lru_cache
from hashlib import blake2b

from django.conf import settings


def keyed_digest(purpose: bytes, *parts: bytes, size: int) -> str:
    """A digest of these bytes, one after the other, as ``2 * size`` hexadecimal digits.

    Args:
        purpose: what it is for, in up to 16 bytes: digests for one purpose are of no use for another.
        size: the length of the digest, in bytes.
    """
    made = blake2b(parts[0], key=_key(settings.SECRET_KEY), person=purpose, digest_size=size)
    for part in parts[1:]:
        made.update(part)
    return made.hexdigest()


@lru_cache(maxsize=4)
def _key(secret: str | bytes) -> bytes:
    return blake2b(secret.encode() if isinstance(secret, str) else secret).digest()
