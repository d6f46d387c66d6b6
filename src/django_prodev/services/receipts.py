"""Requests that are sent again: one effect, and the first answer each time.

The rules follow the IETF draft on the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): the key is
the client's, another request under the same key is an error, and keys are forgotten after a while.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, router, transaction
from django.utils import timezone

from django_prodev.exceptions import Busy, Invalid, Refused
from django_prodev.models import Receipt
from django_prodev.services.actors import User
from django_prodev.services.transactions import service

KEPT = timedelta(days=1)
"""How long a key is remembered."""

LONGEST_KEY = 255


@service
def once(
    *, actor: User, key: str, fingerprint: str, perform: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Perform something and keep its answer, or give the answer that was kept.

    Args:
        actor: Whose key it is; must be signed in.
        key: What the client calls the request.
        fingerprint: A digest of the request.
        perform: Does it, and returns its answer as JSON values. What it raises is raised, and nothing is kept.

    Returns:
        The answer, and whether it was kept from before.

    Raises:
        Invalid: where the key is empty, too long, or not printable.
        Refused: (``idempotency_key_reused``) where the key stands for another request.
    """
    if not key.strip() or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": [f"This takes 1 to {LONGEST_KEY} printable ASCII characters."]})
    receipt = _claim(actor, key, fingerprint)
    if receipt is None:
        return _kept(actor, key, fingerprint), True
    receipt.answer = perform()
    receipt.save(update_fields=["answer", "updated_at"])
    return receipt.answer, False


def _claim(actor: User, key: str, fingerprint: str) -> Receipt | None:
    """A receipt for the key; ``None`` where there is one, waiting for whoever is just writing it."""
    Receipt.objects.filter(user=actor, key=key, created_at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic(using=router.db_for_write(Receipt)):
            return Receipt.objects.create(user=actor, key=key, fingerprint=fingerprint)
    except IntegrityError:
        return None


def _kept(actor: User, key: str, fingerprint: str) -> dict[str, Any]:
    receipt = Receipt.objects.filter(user=actor, key=key).first()
    if receipt is None:  # it was forgotten in this very moment
        raise Busy
    if receipt.fingerprint != fingerprint:
        raise Refused("This Idempotency-Key stands for another request.", code="idempotency_key_reused")
    answer: dict[str, Any] = receipt.answer
    return answer


@service
def forget_receipts() -> int:
    """Delete the receipts that are past their time. Returns how many there were."""
    deleted, _ = Receipt.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted
