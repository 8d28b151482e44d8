"""Words that complain and words that praise, one language per file, with texts on which the reading of that language was measured."""
