"""SMTP (RFC 5321) to the mail server of the installation, over one kept connection."""
