"""One small maker per noun, through the same operations as the pages. No surprises: every value
that a test asserts is passed by that test."""
