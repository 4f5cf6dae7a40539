"""What the lawyers keep: clauses, their wording, review, comparison and releases."""
