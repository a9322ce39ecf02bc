"""Contact exports of CiviCRM, whose columns carry the words of its English screens."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="civicrm",
    name="CiviCRM",
    marks=frozenset({"Contact ID", "Contact Type"}),
    columns={
        "Contact ID": To.REF,
        "Contact Type": To.NOTHING,
        "Contact Subtype": To.NOTHING,
        "Display Name": To.NOTHING,
        "Sort Name": To.NOTHING,
        "Supplemental Address 1": To.STREET,
        "Supplemental Address 2": To.STREET,
        "Do Not Email": To.NEVER,
        "Do Not Phone": To.NEVER_CALL,
        "Do Not Sms": To.NEVER_CALL,
        "Do Not Mail": To.NOTHING,
        "Do Not Trade": To.NOTHING,
        "No Bulk Emails (User Opt Out)": To.NEVER,  # they said no to every bulk mail
        "Tag(s)": To.TAGS,
        "Note(s)": To.NOTE,
        "Group(s)": To.NOTHING,
        "Contact Source": To.NOTHING,
        "Created Date": To.CREATED_ON,
        "Preferred Language": To.LANGUAGE,
        "Individual Prefix": To.NOTHING,
        "Birth Date": To.NOTHING,
    },
)
