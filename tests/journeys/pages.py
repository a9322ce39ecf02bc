"""Every page there is, in every state worth a look. A page that is not listed fails the suite.

Addresses stand without their language; ``{name}`` is filled in from the stage (scene.py). The
seat says who looks; ``press`` is a button to press first if it is there; ``type`` fills fields by
name and sends the form that holds them, past the browser's own checks, to see what the server
answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """One page in one state, as one person sees it."""

    view: str  # the name of its address
    path: str
    seat: str = ""
    note: str = ""
    type: dict[str, str] = field(default_factory=dict)
    status: int = 200
    press: str = ""

    def __str__(self) -> str:
        parts = (self.view, self.note, "refused" if self.status == 422 else "")
        return "-".join(part for part in parts if part)


MANY = "x" * 300
OFFICE = "/office/c/{slug}"
RIVER = "/office/c/{river}"
DRAFT = "/office/c/{draft}"

PUBLIC = [
    Look("home", "/"),
    Look("privacy", "/privacy"),
    Look("accessibility", "/accessibility"),
    Look("help", "/help"),
    Look("campaign", "/{slug}"),
    Look("campaign", "/{slug}?near=Hexham&open=", note="near"),
    Look("campaign", "/{slug}?near=Bradfrd", note="unknown-town"),
    Look("campaign", "/{slug}?near=LS6+2AB", note="postcode"),
    Look("campaign", "/{slug}?access=step-free&day=action&language=ar", note="filtered"),
    Look("campaign", "/{river}?near=Leeds&open={full_event}", note="open-row"),
    Look("campaign", "/{empty}", note="empty"),
    Look("campaign", "/{empty}?near=Leeds&access=children", note="nothing-fits"),
    Look("campaign", "/{over}", note="over"),
    Look("campaign_map", "/{slug}/map"),
    Look("campaign_map", "/{slug}/map?near=Atlantis", note="unknown-town"),
    Look("campaign_map", "/{empty}/map", note="empty"),
    Look("campaign_map", "/{over}/map", note="over"),
    Look("event", "/e/{home_event}", note="private-home"),
    Look("event", "/e/{online_event}", note="online"),
    Look("event", "/e/{full_event}", note="full"),
    Look("event", "/e/{off_event}", note="cancelled"),
    Look("event", "/e/{over_event}", note="over"),
    Look("event", "/e/{unproven_event}", note="unproven"),
    Look("event", "/e/{asked_event}", note="long-title"),
    Look(
        "event_sign_up", "/e/{home_event}",
        type={"given": "", "email": "amina@", "party": "1"}, status=422,
    ),
    Look("event_done", "/e/{home_event}/done"),
    Look(
        "event_phone", "/e/{online_event}", note="signed-up",
        type={"given": "Noor", "email": "noor@example.org"},
    ),
    Look("event_report", "/e/{home_event}/report"),
    Look("event_report", "/e/{home_event}/report", type={"words": ""}, status=422),
    Look("event_reported", "/e/{home_event}/reported"),
    Look("stop", "/stop/{stop}"),
    Look("stop", "/stop/{stop_news}?done", note="stopped"),
    Look("stop", "/stop/tampered", note="tampered", status=404),
    Look("your_data", "/your-data/"),
    Look("your_data", "/your-data/", type={"email": "amina@"}, status=422),
    Look("your_data_from_mail", "/your-data/{stop}"),
    Look("your_data_from_mail", "/your-data/tampered", note="tampered", status=404),
    Look("your_data_sent", "/your-data/sent/"),
    Look("your_data_erased", "/your-data/erased/"),
    Look("missing", "/no-such-campaign", status=404),
    Look("missing", "/office/no/such/page", note="office", status=404),
]  # fmt: skip

HOSTING = [
    Look("host_start", "/{slug}/host"),
    Look("host_start", "/{slug}/host", type={"title": MANY}, status=422),
    Look("host_start", "/{over}/host", note="over"),
    Look("host_step", "/host/{wizard}/kind", note="kind"),
    Look("host_step", "/host/{wizard}/when", note="when"),
    Look("host_step", "/host/{wizard}/where", note="where"),
    Look("host_step", "/host/{wizard}/you", note="you"),
    Look(
        "host_step", "/host/{wizard}/when", note="when",
        type={"day": "2001-01-01", "starts": "11:00", "ends": "10:00"}, status=422,
    ),
    Look(
        "host_step", "/host/{wizard}/where", note="where",
        type={"town": "Bradfrd", "venue": "", "capacity": "0", "point": "0, 0"}, status=422,
    ),
    Look(
        "host_step", "/host/{wizard}/you", note="you",
        type={"given": "", "email": "amina@", "phone": "12"}, status=422,
    ),
    Look("host_check", "/host/{wizard_full}/check"),
    Look("host_live", "/host/{wizard_done}/live"),
    Look("host_step", "/host/{wizard_gone}/when", note="gone", status=410),
    *(
        Look("my_host", f"/my/event/{{{state}_host}}", note=state)
        for state in ("unproven", "waiting", "asked", "declined", "off", "home", "full", "over",
                      "untold", "now")
    ),
    Look("my_host", "/my/event/tampered", note="tampered", status=410),
    Look("my_host_people", "/my/event/{full_host}/people"),
    Look("my_host_people", "/my/event/{home_host}/people", note="empty"),
    Look("my_host_kit", "/my/event/{full_host}/kit"),
    Look("my_host_message", "/my/event/{full_host}/message"),
    Look("my_host_message", "/my/event/{full_host}/message", type={"body": ""}, status=422),
    Look("my_host_change", "/my/event/{full_host}/change"),
    Look(
        "my_host_change", "/my/event/{full_host}/change",
        type={"title": "", "day": "2001-01-01", "town": "Atlantis", "capacity": "1"}, status=422,
    ),
    Look("my_host_cancel", "/my/event/{full_host}/cancel"),
    Look("my_host_cancel", "/my/event/{full_host}/cancel", type={"words": ""}, status=422),
    Look("my_host_door", "/my/event/{now_host}/door"),
    Look("my_host_door", "/my/event/{home_host}/door", note="empty"),
    Look("my_host_report", "/my/event/{untold_host}/report"),
    Look("my_host_report", "/my/event/{over_host}/report", note="again"),
    Look("my_host_report", "/my/event/{home_host}/report", note="too-early"),
    Look(
        "my_host_report", "/my/event/{untold_host}/report",
        type={"best_count": "5", "low_count": "9"}, status=422,
    ),
    *(
        Look("my_rsvp", f"/my/going/{{{state}_rsvp}}", note=state)
        for state in ("unproven", "going", "confirmed", "cancelled", "queued", "off", "over",
                      "came", "held")
    ),
    Look("my_rsvp_phone", "/my/going/{going_rsvp}", type={"phone": "12"}, status=422),
    Look("my_data", "/my/data/{data}"),
    Look("my_data", "/my/data/{host_data}", note="host"),
    Look("my_data", "/my/data/tampered", note="tampered", status=410),
    Look("my_data_name", "/my/data/{data}", type={"given": ""}, status=422),
    Look("my_data_phone", "/my/data/{data}", type={"phone": "12"}, status=422),
    Look("my_data_address", "/my/data/{data}", type={"email": "amina@"}, status=422),
    Look("my_data_erase", "/my/data/{data}/erase"),
    Look("my_data_erase", "/my/data/{host_data}/erase", note="host"),
    Look("my_new_address", "/my/address/{new_address}"),
    Look("my_rsvp", "/my/going/tampered", note="tampered", status=410),
    Look("my_rsvp_conversation", "/my/going/{talk_rsvp}/host"),
    Look("my_rsvp_conversation", "/my/going/{talk_rsvp}/host", type={"body": ""}, status=422),
    Look("my_rsvp_conversation", "/my/going/{going_rsvp}/host", note="reported"),
    Look("my_rsvp_conversation", "/my/going/{unproven_rsvp}/host", note="unproven"),
    Look("my_rsvp_conversation", "/my/going/{over_rsvp}/host", note="empty"),
    Look("my_host_conversations", "/my/event/{full_host}/conversations"),
    Look("my_host_conversations", "/my/event/{home_host}/conversations", note="empty"),
    Look("my_host_conversation", "/my/event/{full_host}/conversations/{talk_id}"),
    Look(
        "my_host_conversation", "/my/event/{full_host}/conversations/{talk_id}",
        type={"body": ""}, status=422,
    ),
    Look(
        "my_host_conversation", "/my/event/{full_host}/conversations/{reported_id}",
        note="reported",
    ),
]  # fmt: skip

SIGNING_IN = [
    Look("sign_in", "/sign-in/"),
    Look("sign_in", "/sign-in/", type={"email": "amina@"}, status=422),
    Look("sign_in_code", "/sign-in/code/", seat="code"),
    Look("sign_in_code", "/sign-in/code/", seat="code", type={"code": "12"}, status=422),
    Look("sign_in_link", "/sign-in/link/{invited}/"),
    Look("sign_in_link", "/sign-in/link/tampered/", note="over", status=410),
    Look("second_step", "/sign-in/second-step/", seat="half"),
    Look("second_step", "/sign-in/second-step/", seat="half", type={"code": "1"}, status=422),
    Look("sign_in_recovery", "/sign-in/recovery/", seat="half"),
    Look("sign_in_recovery", "/sign-in/recovery/", seat="half", type={"code": "1"}, status=422),
    Look("my_account", "/my/account/", seat="organiser"),
    Look("my_account", "/my/account/", seat="organiser", type={"name": ""}, status=422),
    Look("my_second_step", "/my/account/second-step/", seat="organiser"),
    Look("my_app", "/my/account/app/", seat="organiser"),
    Look(
        "my_app_start", "/my/account/app/", seat="app", press="form[action$='/app/start/'] button"
    ),
    Look("my_passkeys", "/my/account/passkeys/", seat="organiser"),
    Look(
        "my_recovery_codes",
        "/my/account/",
        seat="guarded",
        press="form[action$='/recovery-codes/'] button",
    ),
    Look("my_account", "/my/account/", seat="guarded", note="guarded"),
    Look("my_prove", "/my/account/prove/", seat="guarded"),
    Look("my_prove", "/my/account/prove/", seat="guarded", type={"code": "1"}, status=422),
    Look("office:people", "/office/people/", seat="far", note="nobody"),
    Look("office:team", "/office/team/", seat="far", note="region"),
    Look("office:events", "/office/c/{river}/events/", seat="far", note="region"),
    Look("my_lock", "/my/account/lock/", seat="organiser"),
    Look(
        "office:lock",
        "/office/lock/",
        seat="organiser",
        note="sure",
        press="button[value='everything']",
    ),
    Look(
        "office:program",
        "/office/programs/{program_paused}/",
        seat="organiser",
        note="secret",
        press="button[value='secret']",
    ),
    Look("demo", "/demo"),
    Look("demo_outbox", "/demo/outbox"),
    Look("demo_mail", "/demo/outbox/{mail}"),
]

_OFFICE = [
    Look("office:home", "/office/"),
    Look("office:today", DRAFT + "/", note="empty"),
    Look("office:today", RIVER + "/", note="river"),
    Look("office:today", "/office/c/{over}/", note="over"),
    Look("office:events", OFFICE + "/events/"),
    Look("office:events", OFFICE + "/events/?state=waiting&q=zzz", note="nothing-fits"),
    Look("office:events", DRAFT + "/events/", note="empty"),
    Look("office:events_map", OFFICE + "/events/map/"),
    Look("office:events_map", DRAFT + "/events/map/", note="empty"),
    Look("office:review", OFFICE + "/review/"),
    Look("office:review", DRAFT + "/review/", note="empty"),
    Look("office:review_one", RIVER + "/review/{waiting_event}/?do=ask", note="ask"),
    Look(
        "office:review_one", RIVER + "/review/{waiting_event}/?do=decline", note="decline",
        type={"words": "", "do": "decline"}, status=422,
    ),
    Look("office:event", RIVER + "/events/{full_event}/"),
    Look("office:event", RIVER + "/events/{asked_event}/", note="asked"),
    Look("office:event", RIVER + "/events/{off_event}/", note="cancelled"),
    Look("office:event", "/office/c/{over}/events/{over_event}/", note="over"),
    Look("office:event_change", RIVER + "/events/{full_event}/change/"),
    Look(
        "office:event_change", RIVER + "/events/{full_event}/change/",
        type={"title": "", "day": "2001-01-01", "capacity": "x"}, status=422,
    ),
    Look("office:event_capacity", RIVER + "/events/{full_event}/places/"),
    Look(
        "office:event_capacity", RIVER + "/events/{full_event}/places/",
        type={"capacity": "1"}, status=422,
    ),
    Look("office:event_cancel", RIVER + "/events/{full_event}/cancel/"),
    Look(
        "office:event_cancel", RIVER + "/events/{full_event}/cancel/",
        type={"words": ""}, status=422,
    ),
    Look("office:campaigns", "/office/campaigns/"),
    Look("office:campaign", OFFICE + "/campaign/"),
    Look("office:campaign", DRAFT + "/campaign/", note="draft"),
    Look("office:campaign_start", "/office/campaigns/new/"),
    Look("office:campaign_start", "/office/campaigns/new/", type={"title": ""}, status=422),
    Look("office:plan", OFFICE + "/campaign/plan/"),
    Look(
        "office:plan", OFFICE + "/campaign/plan/",
        type={"organisation": "", "starts_on": "2001-01-01", "goal_events": "-1"}, status=422,
    ),
    Look("office:words", OFFICE + "/campaign/words/"),
    Look("office:words", OFFICE + "/campaign/words/", type={"title": ""}, status=422),
    Look("office:words_in", OFFICE + "/campaign/words/ar/"),
    Look("office:words_in", RIVER + "/campaign/words/ar/", note="missing"),
    Look("office:pictures", OFFICE + "/campaign/pictures/"),
    Look("office:pictures", OFFICE + "/campaign/pictures/", type={"description": ""}, status=422),
    Look("office:colours", OFFICE + "/campaign/colours/"),
    Look(
        "office:colours", OFFICE + "/campaign/colours/",
        type={"poster_colour": "#FFFFAA", "call_colour": "red"}, status=422,
    ),
    Look("office:kit", OFFICE + "/campaign/kit/"),
    Look("office:kit", DRAFT + "/campaign/kit/", note="empty"),
    *(
        Look("office:kit_section", OFFICE + f"/campaign/kit/{name}/ar/", note=name)
        for name in ("types", "moments", "tasks", "words")
    ),
    Look("office:kit_section", DRAFT + "/campaign/kit/types/en/", note="empty"),
    Look("office:publish", OFFICE + "/campaign/publish/"),
    Look("office:publish", DRAFT + "/campaign/publish/", note="draft"),
    Look("office:share", OFFICE + "/campaign/share/"),
    Look("office:share", DRAFT + "/campaign/share/", note="draft"),
    Look("office:numbers", OFFICE + "/numbers/"),
    Look("office:numbers", DRAFT + "/numbers/", note="empty"),
    Look("office:numbers", "/office/c/{over}/numbers/", note="over"),
    Look("office:held", "/office/messages/held/"),
    Look("office:relay", "/office/relay/"),
    Look("office:relay_one", "/office/relay/{reported_id}/", note="reported"),
    Look("office:relay_one", "/office/relay/{held_id}/", note="held"),
    Look("office:relay_one", "/office/relay/{held_id}/", type={"because": ""}, status=422),
    Look("office:quarantine", "/office/quarantine/"),
    Look("office:quarantine", "/office/quarantine/?why=surge", note="one-reason"),
    Look("office:reports", "/office/reports/"),
    Look("office:blocks", "/office/blocks/"),
    Look("office:blocks", "/office/blocks/", type={"email": "amina@"}, status=422),
    Look("office:safeguards", "/office/safeguards/"),
    Look("office:health", "/office/health/"),
    Look("office:log", "/office/log/"),
    Look("office:people", "/office/people/"),
    Look("office:people", "/office/people/?q=zzzz", note="nobody-fits"),
    Look("office:person", "/office/people/{person}/"),
    Look("office:person", "/office/people/{person}/", note="opened", type={"reason": "event"}),
    Look("office:person", "/office/people/{person}/", type={"reason": ""}, status=422),
    Look("office:person_erase", "/office/people/{person}/erase/"),
    Look("office:programs", "/office/programs/"),
    Look("office:program_add", "/office/programs/add/"),
    Look(
        "office:program_add", "/office/programs/add/",
        type={"name": "", "address": "https://169.254.169.254/"}, status=422,
    ),
    Look("office:program", "/office/programs/{program}/"),
    Look("office:program", "/office/programs/{program}/", type={"name": ""}, status=422),
    Look("office:program", "/office/programs/{program_paused}/", note="paused"),
    Look("office:exports", "/office/exports/"),
    Look("office:exports", "/office/exports/", type={"address": "x@example.org"}, status=422),
    Look("office:export_add", "/office/exports/add/"),
    Look("office:export_add", "/office/exports/add/", type={"reason": ""}, status=422),
    Look("office:export", "/office/exports/{export_asked}/"),
    Look("office:export", "/office/exports/{export_ready}/", note="ready"),
    Look("office:export", "/office/exports/{export_leaked}/", note="leaked"),
    Look("office:team", "/office/team/"),
    Look("office:member", "/office/team/{member}/"),
    Look("office:member_close", "/office/team/{member}/close/"),
    Look("office:invite", "/office/team/invite/"),
    Look("office:invite", "/office/team/invite/", type={"email": "leo@"}, status=422),
    Look("office:role_give", "/office/team/{member}/give-role/"),
    Look("office:regions", "/office/team/regions/"),
    Look("office:region_add", "/office/team/regions/add/"),
    Look("office:region_add", "/office/team/regions/add/", type={"name": ""}, status=422),
    Look("office:region", "/office/team/regions/{region}/"),
    Look("office:retention", "/office/retention/"),
    Look("office:discreet", "/office/discreet/"),
    Look("office:discreet", "/office/discreet/", type={"countries": "Atlantis"}, status=422),
    Look("office:more", "/office/more/"),
    Look("office:lock", "/office/lock/"),
    Look("office:unlock", "/office/unlock/"),
    Look("office:help", "/office/help/"),
]  # fmt: skip

LOOKS = [
    *PUBLIC,
    *HOSTING,
    *SIGNING_IN,
    *(Look(look.view, look.path, "organiser", look.note, look.type, look.status)
      for look in _OFFICE),
]  # fmt: skip

# Addresses that answer something else than a page of their own.
NOT_PAGES = {
    "healthz": "two letters for a probe",
    "event_ics": "a calendar file",
    "robots": "a text file",
    "security_txt": "a text file",
    "sitemap": "a file for search engines",
    "brand_css": "a style sheet",
    "picture": "a picture",
    "demo_mail_body": "a mail in its own frame; tests/outreach looks at mails",
    "demo_again": "a button",
    "demo_sit": "a button",
    "sign_in_passkey_begin": "data for a script",
    "sign_in_passkey": "a button",
    "sign_out": "a button",
    "stop_again": "a button",
    "my_app_remove": "a button",
    "my_passkey_begin": "data for a script",
    "my_prove_passkey": "a button",
    "my_prove_passkey_begin": "data for a script",
    "office:role_end": "a button",
    "office:export_file": "a file behind a button",
    "office:member_sign_out": "a button",
    "my_passkey_remove": "a button",
    "my_device_end": "a button",
    "my_sign_out_everywhere": "a button",
    "office:events_csv": "a table as a file",
    "office:log_csv": "a table as a file",
    "office:numbers_csv": "a table as a file",
    "office:sign_ups_csv": "a table as a file",
    "office:colours_preview": "a part of the page of colours",
    "my_data_messages": "a button",
    "my_data_stay": "a button",
    "my_data_file": "a file",
    "my_rsvp_prove": "a button",
    "my_rsvp_party": "a form of the sign-up's page",
    "my_rsvp_cancel": "a button",
    "my_rsvp_confirm": "a button",
    "my_rsvp_came": "a button",
    "my_rsvp_report": "a button",
    "my_rsvp_stop": "a button",
    "my_rsvp_hear": "a button",
    "my_host_report_person": "a button",
    "my_host_stop": "a button",
    "my_host_hear": "a button",
    "inbound_mail": "an address for mail servers",
    "inbound_provider": "an address for mail providers",
    "my_host_prove": "a button",
    "my_host_tick": "a button",
    "my_host_kit_open": "a button",
    "my_host_door_tick": "a button",
}
