"""Language understanding: our Rasa components, in the order in which a message meets them.

``tokenizer`` -> ``extractor`` -> ``featurizer`` -> ``classifier`` -> ``facts``; see ``config.yml`` at the root.
"""
