"""The nouns that every stage shares: small frozen values, and one Arrow schema where there are many of a thing."""
