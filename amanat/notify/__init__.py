"""Notify: tell each person and authority the truth, and prove it. Assessment to notices, sendings, receipts."""
