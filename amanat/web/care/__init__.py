"""Care on the web: my page at the public door, and the desk at the staff door."""
