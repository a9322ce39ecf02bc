"""The house inspects itself: every rule of docs/map.md as a test, each with a bad sample that it
must find. An inspection returns its findings as readable lines; the test wants none."""
