"""Events: gatherings, their hosts, RSVPs, waiting lists, check-in and reports.

Not here: what we do together (campaigns) and every message about it (outreach).
"""
