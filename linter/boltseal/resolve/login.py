"""Logging in: from a challenge to the Authorization header that answers it.

The token protocol is that of the distribution project (docs/content/spec/auth: token.md, oauth.md).
"""

import asyncio
import base64
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from boltseal.resolve.challenge import Challenge
from boltseal.resolve.credential import Credential
from boltseal.resolve.endpoint import Origin, may_have_login, origin_of
from boltseal.resolve.http import Answer, Request
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.printable import printable
from boltseal.resolve.refusal import by_token_status, login_refused, needs_login

MAX_TOKEN = 64 * 1024
_CLIENT = "boltseal"
_LIFETIME = 60.0  # What a token lives when its service does not say (token.md).
_SLACK = 5.0
_TOKEN = re.compile(r"[\x21-\x7e]+")  # noqa: S105 - what a header may hold

Ask = Callable[[Request], Awaitable[Answer]]
