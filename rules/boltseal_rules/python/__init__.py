"""Images in Python source: what names them, and how their values are read. Nothing is executed."""
