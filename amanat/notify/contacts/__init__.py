"""An open set: whom a person can turn to where they live. One place, one file."""
