"""The rules of a release: conditions, questions, tier, flags, conflicts and selection. Pure: no input or output."""
