"""Places: where something is and what time it is there.

Towns in every script, postcodes an installation has loaded, points, distances and zones, all
answered from this machine. Not addresses of people, not events near somebody, not maps.
"""
