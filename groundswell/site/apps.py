from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "groundswell.site"
    label = "site"
