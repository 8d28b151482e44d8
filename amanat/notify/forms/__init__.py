"""Open set: one authority's form per TOML file; the file's comment block says where its fields come from."""
