"""Is trust coming back? The web page of the stage trust."""
