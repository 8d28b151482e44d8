"""An open set: one file is one member."""
