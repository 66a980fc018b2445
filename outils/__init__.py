"""What is run to deliver the program; nothing of it is installed."""
