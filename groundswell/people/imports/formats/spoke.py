"""Contact lists for Spoke: two names and a cell phone, each under one of many names."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="spoke",
    name="Spoke",
    marks=frozenset({"firstName", "cell"}),
    columns={"external_id": To.REF, "cell": To.PHONE},
    month_first=True,
    country="US",
)
