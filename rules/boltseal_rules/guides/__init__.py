"""What each place and kind says of itself, one module each, named like that of the place or kind.

Apart from them because a run that only looks for images needs none of it.
"""
