"""Notices, their approvals, and the ledger of what was sent to whom."""
