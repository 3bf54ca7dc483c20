"""What the notebooks of policy staff call: stored studies, answers in three sentences, and what-if questions."""
