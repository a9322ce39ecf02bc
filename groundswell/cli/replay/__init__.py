"""Replay: a table of a past day of action becomes a campaign, through the operations of the pages.

``files`` and ``columns`` read it, ``survey`` and ``mending`` judge each row, ``timeline`` lays out
what happens when, ``running`` walks it with the clock moved, ``report`` says what became of it.
"""
