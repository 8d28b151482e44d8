"""Are we ready? The controls, the drills, the lessons; of the house, not of one incident."""
