"""What boltseal knows: the places in which images are named, and what can be wrong with them."""
