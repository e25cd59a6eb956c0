"""What our components write on a Rasa message for the next one. None of it leaves the pipeline."""

READING = "guide_reading"  # GuideTokenizer: language.guide.Reading
NAMED = "guide_named"  # GuideEntities: list[language.entities.Named]
OWN = "guide_own"  # SentenceEncoder: str, the message with blanks for all that is not the sender's own words
QUOTES = "guide_quotes"  # SentenceEncoder: bool, whether the message quotes others' words
CLAUSES = "guide_clauses"  # SentenceEncoder: list[clauses.Clause]; empty for a message of one clause
WORDINGS = "guide_wordings"  # SentenceEncoder: list[topics.wording.Wording]: the message, of one that quotes also its
# own words alone, and the clauses
VECTORS = "guide_vectors"  # SentenceEncoder: float32 (n, 384), in the same order
