"""Every address of the house, door by door. Pages carry their language in front of the path."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("groundswell.public.health")),
    path("", include("groundswell.public.files")),
    path("", include("groundswell.public.brand")),
    path("webhooks/", include("groundswell.webhooks.mail")),
    path("webhooks/", include("groundswell.webhooks.leads")),
    path("", include("groundswell.public.security_file")),
    *i18n_patterns(
        path("", include("groundswell.public.home")),
        path("", include("groundswell.public.demo")),
        path("", include("groundswell.public.sign_in")),
        path("", include("groundswell.public.stop")),
        path("", include("groundswell.public.your_data")),
        path("", include("groundswell.public.event")),
        path("", include("groundswell.public.report")),
        path("", include("groundswell.public.form")),
        path("", include("groundswell.my.account")),
        path("", include("groundswell.my.proving")),
        path("office/", include("groundswell.office.urls")),
        path("", include("groundswell.my.data")),
        path("", include("groundswell.my.form")),
        path("", include("groundswell.my.going")),
        path("", include("groundswell.my.hosting")),
        path("", include("groundswell.my.conversations")),
        path("", include("groundswell.my.the_day")),
        # The names of campaigns come last: every other address wins over them.
        path("", include("groundswell.public.host")),
        path("", include("groundswell.public.campaign")),
    ),
]

handler400 = "groundswell.web.errors.bad_request"
handler403 = "groundswell.web.errors.not_allowed"
handler404 = "groundswell.web.errors.not_found"
handler500 = "groundswell.web.errors.broken"
