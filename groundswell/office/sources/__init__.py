"""Where people come from and what it costs: codes, links with QR codes, spending, leads."""

from groundswell.office.sources import index, leads, links, spend

urlpatterns = [
    *index.urlpatterns,
    *links.urlpatterns,
    *spend.urlpatterns,
    *leads.urlpatterns,
]
