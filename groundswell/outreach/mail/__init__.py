"""What a mail says and how it looks, from ids to bytes."""
