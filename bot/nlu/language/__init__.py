"""Words: tokens, spelling, and the things a message names. spaCy underneath, no Rasa.

``guide`` builds the spaCy pipeline for a version of the knowledge; ``phrases`` says what to look for,
``spelling`` repairs words, ``programmes``, ``years`` and ``codes`` decide what a match means.
"""
