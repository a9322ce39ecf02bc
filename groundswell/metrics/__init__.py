"""Metrics: the numbers that show what works, each with its definition and the floor of ten.

It reads every room below and writes only its own tallies.
"""
