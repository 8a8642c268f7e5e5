"""The Hugging Face Hub, by its own client."""
