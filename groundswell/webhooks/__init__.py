"""Door for other machines that tell us something: mail that came in.

Each checks a signature over the raw bytes, stores under a unique key, and answers. Work is a job's.
"""
