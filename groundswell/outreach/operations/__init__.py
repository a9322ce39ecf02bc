"""What outreach does: writes messages, plans reminders, decides on doubtful ones, stops them."""
