"""People in the office: finding somebody, one person, and what the team changes and notes."""

from groundswell.office.people import (
    belonging,
    details,
    index,
    kept,
    many,
    one,
    questions,
    views,
)

urlpatterns = [
    *index.urlpatterns,
    *views.urlpatterns,
    *many.urlpatterns,
    *questions.urlpatterns,
    *one.urlpatterns,
    *details.urlpatterns,
    *kept.urlpatterns,
    *belonging.urlpatterns,
]
