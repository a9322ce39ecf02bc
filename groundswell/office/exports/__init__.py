"""Exports: asking to take people out, agreeing, fetching the file, and whose a leaked row is."""

from groundswell.office.exports import asking, index, one

urlpatterns = [*asking.urlpatterns, *index.urlpatterns, *one.urlpatterns]
