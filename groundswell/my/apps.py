from django.apps import AppConfig


class MyConfig(AppConfig):
    name = "groundswell.my"
    label = "my"
