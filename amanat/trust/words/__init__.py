"""The words of the report for staff and board, one language per file."""
