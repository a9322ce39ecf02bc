"""Taking people out of the installation: what a file holds, whom, and who must agree to it."""
