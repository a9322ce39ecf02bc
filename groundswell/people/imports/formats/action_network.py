"""Reports of Action Network: whoever makes one chooses its columns; only ``email`` is certain."""

from groundswell.people.imports.columns import To
from groundswell.people.imports.formats.shape import Format

FORMAT = Format(
    key="action_network",
    name="Action Network",
    marks=frozenset({"can2_subscription_status"}),
    columns={
        "uuid": To.NOTHING,
        "can2_phone": To.PHONE,
        "can2_user_address": To.STREET,
        "can2_user_city": To.TOWN,
        "can2_user_state": To.REGION,
        "can2_state_abbreviated": To.NOTHING,
        "can2_county": To.NOTHING,
        "can2_user_tags": To.TAGS,
        "can2_subscription_status": To.EMAIL_STATUS,
        "can2_sms_status": To.TEXT_STATUS,
        "can2_subscription_date": To.CONSENT_ON,
        "can2_lifetime_value": To.NOTHING,
    },
    month_first=True,
)
