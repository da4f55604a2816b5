"""The local stage: everything `make run` needs that AWS provides when deployed. None of it is packaged."""
