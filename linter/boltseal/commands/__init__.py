"""The commands, free of how they were called: requests in, text out, exit code back.

One module each: a run loads what it does and no more.
"""
