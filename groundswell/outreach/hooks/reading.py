"""Questions about other programs, for the owners' page."""

from __future__ import annotations

import json

from django.db.models import Count, Q, QuerySet

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.models import Event
from groundswell.kernel import outgoing
from groundswell.kernel.actor import Actor
from groundswell.kernel.sealing import CannotOpen
from groundswell.outreach import policy
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.site import vault

SHOWN = 12


def seen_by(by: Actor) -> QuerySet[Hook]:
    """The programs that the actor looks after, each with ``waiting_count``; owners only."""
    if not policy.can_connect_programs(by):
        return Hook.objects.none()
    waiting = Count("posts", filter=Q(posts__state=HookPost.State.WAITING))
    return Hook.objects.annotate(waiting_count=waiting).order_by("name", "id")


def host_of(hook: Hook) -> str:
    """The machine that listens; the rest of its address may be as good as a password."""
    try:
        return outgoing.read(vault.open_(hook, "address_sealed")).host
    except (outgoing.Unfit, CannotOpen):  # our own name changed since; a key of another copy
        return ""


def last_posts(hook: Hook) -> list[HookPost]:
    """The newest ones first, up to SHOWN."""
    return list(hook.posts.order_by("-happened_at", "-id")[:SHOWN])


def titles(posts: list[HookPost], language: str) -> dict[int, str]:
    """What each post is about: the title of its event, else of its campaign. By post id."""
    event_ids = {post.event_id for post in posts if post.event_id is not None}
    of_events = dict(Event.objects.filter(id__in=event_ids).values_list("id", "title"))
    campaign_ids = {post.campaign_id for post in posts if post.campaign_id is not None}
    found = campaign_queries.by_ids(campaign_ids)
    of_campaigns = campaign_queries.titles(found.values(), language)
    return {
        post.id: of_events.get(post.event_id, "")
        if post.event_id is not None
        else of_campaigns.get(post.campaign_id or 0, "")
        for post in posts
    }


def example(posts: list[HookPost]) -> str:
    """The newest post that there is something to tell about, as it would leave now; "" if none."""
    for post in sorted(posts, key=lambda post: post.kind == telling.TRY_OUT)[:5]:
        words = telling.body(post)
        if words is not None:
            return json.dumps(json.loads(words), ensure_ascii=False, indent=2)
    return ""
