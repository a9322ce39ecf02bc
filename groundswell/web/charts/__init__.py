"""Charts that the server draws: numbers in, shapes out, no JavaScript.

Each module turns plain numbers into a frozen value that a partial in ``templates/web/charts``
renders as SVG with a sentence and a table. Not here: counting, and who may see a number.
"""
