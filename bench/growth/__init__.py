"""What an answer costs as the knowledge and the stored conversations grow."""
