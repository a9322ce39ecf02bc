"""Stories in a real browser against the demonstration, and every page under the magnifying glass.

The demonstration is built once per run; each test process serves a copy of its own, so a journey
may change and reset what it likes.
"""
