"""This service and stock Rasa side by side."""
