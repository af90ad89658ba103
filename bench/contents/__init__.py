"""The files of the generated tree, by what they are; `bench.tree` says how many of each."""
