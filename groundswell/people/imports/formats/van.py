"""Exports of VAN and VoteBuilder, which lose the zeros at the beginning of postcodes."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="van",
    name="VAN / VoteBuilder",
    marks=frozenset({"Voter File VANID"}),
    columns={
        "Voter File VANID": To.REF,
        "Address": To.STREET,
        "Zip5": To.POSTCODE,
        "Zip4": To.NOTHING,
        "PreferredEmail": To.EMAIL,
        "Preferred Phone": To.PHONE,
        "Cell Phone": To.PHONE,
        "mAddress": To.NOTHING,
        "mCity": To.NOTHING,
        "mState": To.NOTHING,
        "mZip5": To.NOTHING,
        "PrecinctName": To.NOTHING,
        "Party": To.NOTHING,  # a political opinion: nobody imports it by accident
        "Age": To.NOTHING,
        "Sex": To.NOTHING,
    },
    month_first=True,
    country="US",
)
