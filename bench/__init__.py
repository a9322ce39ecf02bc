"""Benchmarks: ``./dev bench NAME [--db sqlite|postgres]``.

Each measures this machine's own limit for the same work in the same run, uses the shipped safe
settings, and ends with one line of JSON per figure.
"""
