"""Taking lists of people in: upload, columns, dry run, the run itself part by part, and undo.

Reading files is people.imports; who is who is ``book``; what is written is ``writing``.
"""
