"""Questions about leads. Nothing here writes."""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.db.models import Count, Q, QuerySet

from groundswell.people.models import LeadPost, LeadSource
from groundswell.people.operations.leads import TAKEN, TEST
from groundswell.site import vault


def lead_sources() -> QuerySet[LeadSource]:
    """Each with how many leads were taken, wait, and could not be taken; the newest first."""
    is_done = Q(posts__verdict__in=["", TAKEN, TEST])
    return (
        LeadSource.objects.select_related("form", "source")
        .annotate(
            taken_count=Count("posts", filter=Q(posts__verdict=TAKEN)),
            waiting_count=Count("posts", filter=Q(posts__verdict="")),
            failed_count=Count("posts", filter=~is_done & Q(posts__isnull=False)),
        )
        .order_by("-created_at", "-id")
    )


def living(key: str) -> LeadSource | None:
    """The lead source of an address, while it takes posts."""
    return LeadSource.objects.filter(key=key, is_off=False).first()


def secret_of(key: str) -> str:
    """What signs the posts to an address; "" where nothing is taken."""
    found = living(key)
    return vault.open_(found, "secret_sealed") if found else ""


def verify_token(secret: str) -> bytes:
    """What Meta shows once, to ask whether an address is ours."""
    return hmac.new(secret.encode(), b"verify", sha256).hexdigest()[:32].encode()


def verdicts(lead_source_id: int) -> dict[str, int]:
    """How many leads came to each verdict."""
    found = LeadPost.objects.filter(lead_source_id=lead_source_id)
    return dict(found.values_list("verdict").annotate(Count("id")).order_by("verdict"))
