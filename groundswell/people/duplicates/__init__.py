"""Whether two records are one person: what is compared, how it is weighed, and why.

Pure: nothing here reads or writes a row. Who is looked at is ``operations/lookalikes.py``; what
becomes of two records that are one person is ``operations/merging.py``.
"""
