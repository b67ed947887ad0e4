"""The commands of `python -m vs_core`: each adds its arguments to a parser and runs with today's date."""
