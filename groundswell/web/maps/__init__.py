"""Maps that the server draws: points in, SVG out; no tiles, no JavaScript, no other company.

``drawing.draw`` is the way in. Outlines are Natural Earth's (public domain), made once by
``tools/build_outlines.py``. Not here: finding places (the places room), and choosing what to show.
"""
