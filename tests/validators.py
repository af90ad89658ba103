"""Files held against the schemas of those who read them, as check-jsonschema brings them."""

import subprocess
import sys
from pathlib import Path


def validate(schema: str, path: Path, *options: str) -> None:
    """Fail unless ``path`` fits the schema of that name, such as ``vendor.github-workflows``."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
