"""Backups: every table in one file that only the holder of an age identity opens, and the way back.

The file is the same on SQLite and PostgreSQL (docs/decisions/0014): lines of JSON, one
for each row, with a checksum for each table. Not here: when backups are made, and where they lie.
"""
