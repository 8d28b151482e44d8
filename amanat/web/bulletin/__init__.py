"""The monthly bulletin: who asked for it, how they leave it, and the sending of each issue. It never touches what the law requires."""
