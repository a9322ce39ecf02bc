"""A coarse name for a device, so that its owner knows it again. The user agent is never kept."""

from __future__ import annotations

from django.utils.translation import gettext as _

# In this order: each of these browsers also calls itself by the names of later ones.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """``Firefox on Android``, or "" when the browser says nothing that we know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system


def in_words(stored: str) -> str:
    """The stored name in the reader's language."""
    browser, _on, system = stored.partition(" on ")
    if not browser:
        return _("A device")
    if not system:
        return browser
    return _("{browser} on {system}").format(browser=browser, system=system)
