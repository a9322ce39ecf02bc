"""The settings as mypy reads them: those of a test run, so that no key and no data are needed."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("GROUNDSWELL_MODE", "test")
os.environ.setdefault("GROUNDSWELL_DATA_DIR", tempfile.gettempdir() + "/groundswell-types")

from groundswell.config.settings import *  # noqa: F403  # all of them, for the plugin
