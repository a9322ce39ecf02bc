"""Every address of the office, page by page."""

from groundswell.office import (
    campaign,
    concerns,
    discreet,
    events,
    exports,
    health,
    held,
    lock,
    log,
    numbers,
    people,
    programs,
    quarantine,
    relay,
    retention,
    safeguards,
    team,
    today,
)

app_name = "office"

urlpatterns = [
    *today.urlpatterns,
    *events.urlpatterns,
    *campaign.urlpatterns,
    *numbers.urlpatterns,
    *held.urlpatterns,
    *people.urlpatterns,
    *exports.urlpatterns,
    *team.urlpatterns,
    *relay.urlpatterns,
    *quarantine.urlpatterns,
    *concerns.urlpatterns,
    *safeguards.urlpatterns,
    *health.urlpatterns,
    *programs.urlpatterns,
    *log.urlpatterns,
    *retention.urlpatterns,
    *discreet.urlpatterns,
    *lock.urlpatterns,
]
