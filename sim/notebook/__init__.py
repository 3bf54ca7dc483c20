"""What the notebooks of policy staff call: stored studies, answers in sentences, what-if questions."""
