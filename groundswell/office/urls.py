"""Every address of the office, page by page."""

from groundswell.office import campaign, events, health, held, numbers, today

app_name = "office"

urlpatterns = [
    *today.urlpatterns,
    *events.urlpatterns,
    *campaign.urlpatterns,
    *numbers.urlpatterns,
    *held.urlpatterns,
    *health.urlpatterns,
]
