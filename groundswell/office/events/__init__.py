"""Events in the office: the list and its map, the review queue, one event."""

from groundswell.office.events import index, one, review

urlpatterns = [*index.urlpatterns, *review.urlpatterns, *one.urlpatterns]
