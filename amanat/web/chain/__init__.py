"""The first page of an incident; it stands above the stages, as `amanat.pipeline` does, because it asks all of them."""
