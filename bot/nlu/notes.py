"""What our components write on a Rasa message for the next one. None of it leaves the pipeline."""

READING = "guide_reading"  # GuideTokenizer: language.guide.Reading
NAMED = "guide_named"  # GuideEntities: list[language.entities.Named]
CLAUSES = "guide_clauses"  # SentenceEncoder: list[clauses.Clause]; empty for a message of one clause
WORDINGS = "guide_wordings"  # SentenceEncoder: list[topics.wording.Wording], the whole message first
VECTORS = "guide_vectors"  # SentenceEncoder: float32 (1 + clauses, 384), in the same order
