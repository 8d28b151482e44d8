"""Every word that people outside read; one language per file."""
