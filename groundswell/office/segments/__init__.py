"""Segments: the saved ones, the builder with its numbers and map, older versions, text, files."""

from groundswell.office.segments import area, builder, files, saved

urlpatterns = [
    *saved.urlpatterns,
    *builder.urlpatterns,
    *area.urlpatterns,
    *files.urlpatterns,
]
