"""How well the guide understands and answers: labelled questions, cross-validation, names, and the report of all."""
