"""Groundswell: prepare an action once, see it held in a thousand towns.

The house has floors (docs/map.md). Imports and foreign keys go down only.
"""

__version__ = "0.1.0"
