"""What a repository says about boltseal: where it says so, in which words, and what they mean."""
