"""Imports: a file, its columns, what it would do, and what came of it."""

from groundswell.office.imports import columns, index

urlpatterns = [*index.urlpatterns, *columns.urlpatterns]
