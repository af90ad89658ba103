"""What formats in HCL share."""
