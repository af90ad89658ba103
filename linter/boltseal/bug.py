"""What is said of an exception that nobody expects: it must not keep the other files from being checked."""


def described(path: str, error: Exception) -> str:
    """One line: the file that was looked at, the exception, and the line of boltseal that raised it."""
    from pathlib import Path  # rarely needed, and slow to load: so is the other
    from traceback import extract_tb

    frames = extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    text = " ".join(str(error).split())[:200]
    return f"{path}: {type(error).__name__}{where}{': ' if text else ''}{text}"
