"""Amounts of money as they are typed and read; kept as integers of the currency's minor unit."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision, is_currency
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line

_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")


class NotAnAmount(Refusal):
    sentence = _("Write the amount as digits, for example 120.50.")
    field = "amount"


class NotACurrency(Refusal):
    sentence = _("Write the currency as three letters, for example EUR.")
    field = "currency"


def currency_of(text: str) -> str:
    """``EUR``. Raises NotACurrency."""
    code = clean_line(text).upper()
    if len(code) != 3 or not code.isascii() or not is_currency(code):
        raise NotACurrency
    return code


def minor_of(text: str, currency: str) -> int:
    """``120,50`` in the minor unit of its currency. Raises NotAnAmount, also for parts of a minor
    unit: nothing is rounded in silence."""
    plain = "".join(str(int(one)) if one.isdecimal() else one for one in clean_line(text))
    plain = re.sub(r"[\s\u202f\u00a0'’]", "", plain)
    if "," in plain and "." not in plain and re.fullmatch(r"[0-9]+,[0-9]{1,2}", plain):
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        raise NotAnAmount
    try:
        minor = Decimal(plain).scaleb(get_currency_precision(currency))
    except InvalidOperation as wrong:
        raise NotAnAmount from wrong
    if minor != minor.to_integral_value():
        raise NotAnAmount
    return int(minor)


def shown(minor: float, currency: str) -> str:
    """``£120.50``, in the reader's language."""
    amount = Decimal(str(minor)).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=formats.locale())
