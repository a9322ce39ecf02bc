"""What the suite itself needs to run: database slots, and what this machine lacks."""
