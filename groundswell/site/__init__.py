"""Site: this installation. Its name, languages and look, its data keys, how long things are kept.

Not here: secrets of the environment (config/settings.py) and anything about people.
"""
