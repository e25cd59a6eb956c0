"""The few places where Rasa's behaviour is changed, each with its reason and a test."""
