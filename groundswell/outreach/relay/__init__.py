"""The blind relay's reading of mail: from bytes that anybody could have sent to a few plain words.

Pure functions that raise nothing for what a mail holds. ``operations.inbound`` acts on them.
"""
