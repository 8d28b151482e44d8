"""The scan's compiled loops: `one_pass.py` walks over the text, the other files know one thing each."""
