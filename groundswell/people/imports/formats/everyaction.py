"""Bulk files of EveryAction: a person has a row for each e-mail, phone and address, one below the
other, under one Source ID."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="everyaction",
    name="EveryAction",
    marks=frozenset({"Source ID", "Email Subscription Status"}),
    columns={
        "Source ID": To.REF,
        "Email Subscription Status": To.EMAIL_STATUS,
        "SMS Opt-In Status": To.TEXT_STATUS,
        "Origin Source Code": To.SOURCE,
        "Activist Code": To.TAGS,
        "Email Type": To.NOTHING,
        "Phone Type": To.NOTHING,
        "Secondary Member": To.NOTHING,
        "Relationship": To.NOTHING,
    },
    month_first=True,
    country="US",
)
