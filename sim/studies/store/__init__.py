"""The folder of a study: shards, manifest, tables, and what is read from them."""
