"""Files that come with a form: kept in memory, never in a temporary folder, and never without
bounds. A page for lists may take more than others, from whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler

from groundswell.kernel.actor import ActorKind

MEGABYTE = 1024 * 1024


class InMemory(MemoryFileUploadHandler):
    """Takes what its page may take (``upload_mb`` of its guard); the form of a larger request
    arrives without its file. The body is read before a guard is asked, for it holds the token
    against forgery: so strangers have the bound of every page, whichever page they post to."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: str,  # noqa: N803  # Django's name
        encoding: str | None = None,
    ) -> None:  # fmt: skip
        """Decide before the first byte is kept."""
        self.activated = content_length <= self._most()

    def _most(self) -> int:
        most: int = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        request = self.request
        match = getattr(request, "resolver_match", None)
        guard = getattr(match.func, "guard", None) if match is not None else None
        if request is None or guard is None or not guard.upload_mb:
            return most
        is_ours = request.actor.kind == ActorKind.ACCOUNT  # type: ignore[attr-defined]  # web/requests
        return max(most, guard.upload_mb * MEGABYTE) if is_ours else most
