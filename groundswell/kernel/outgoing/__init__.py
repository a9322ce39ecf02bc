"""Asking other machines on somebody's word: the one safe way out of the house by HTTP.

``addresses.py`` says what may be asked for at all, ``client.py`` asks. Whatever later fetches a
picture or a file by an address that somebody typed goes through here too.
"""

from groundswell.kernel.outgoing.addresses import Failed, Target, Unfit, is_public, read
from groundswell.kernel.outgoing.client import Answer, post

__all__ = ["Answer", "Failed", "Target", "Unfit", "is_public", "post", "read"]
