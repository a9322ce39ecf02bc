"""The team: who holds which role over what, giving and ending roles, and regions."""

from groundswell.office.team import members, regions, roles

urlpatterns = [*members.urlpatterns, *roles.urlpatterns, *regions.urlpatterns]
