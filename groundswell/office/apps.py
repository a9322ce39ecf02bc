from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "groundswell.office"
    label = "office"
