"""Which topics a message is about: features, a linear model, and what clauses mean together. No Rasa."""
