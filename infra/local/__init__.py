"""The local stage: what AWS provides when deployed, for `make run`. None of it is packaged."""
