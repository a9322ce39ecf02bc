"""Django's SQLite backend with writers that queue (docs/decisions/0003-sqlite-settings.md)."""
