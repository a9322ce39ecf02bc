from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "groundswell.cli"
    label = "cli"
