"""Guided conversations: something is asked step by step until it can be decided. One file a journey.

``turns`` runs whichever is under way: it hears answers, answers questions in between and comes back.
"""
