"""Money: what an incident may cost, as ranges by Monte Carlo from inputs with sources, each of which can be edited."""
