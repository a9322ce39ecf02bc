from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "groundswell.metrics"
    label = "metrics"
