"""Objects, and the kinds that name images in ways of their own."""
