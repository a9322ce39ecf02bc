"""What a form holds and how its answers are read. Pure: no rows, no pages.

The tables: ``people/models/forms.py``; building, filling in, holding: ``people/operations``.
"""
