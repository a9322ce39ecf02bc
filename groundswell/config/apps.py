from django.apps import AppConfig
from django.conf import settings

from groundswell.kernel import ids


class WiringConfig(AppConfig):
    name = "groundswell.config"
    label = "wiring"

    def ready(self) -> None:
        ids.number_processes_in(settings.GROUNDSWELL_DATA_DIR / "processes")
        from groundswell.config import checks, wiring  # apps: the rooms must be loaded first

        wiring.plug_all()
        checks.register()
