"""What do we see? Files handed in, and the alerts found in them; the earliest stage of the web."""
