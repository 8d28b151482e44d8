"""Care: stand by the person."""
