from django.apps import AppConfig
from django.urls import register_converter

from groundswell.web.converters import IdConverter


class WebConfig(AppConfig):
    name = "groundswell.web"
    label = "web"

    def ready(self) -> None:
        register_converter(IdConverter, "id")
