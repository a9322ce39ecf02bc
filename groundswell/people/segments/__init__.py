"""Segments: saved questions about people, asked in rows that read as sentences.

``criterion`` what a room offers, ``reading`` rows as data, ``compiling`` rows to one question,
``counting`` its numbers, ``wording`` its sentences. Whoever may not be contacted is in none.
"""
