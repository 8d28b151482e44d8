"""What must we do, by when: the assessments of an incident as they were made."""
