"""What CI services share."""
