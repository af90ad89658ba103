"""Why an exchange broke down, as far as the errors of the system and of TLS tell."""

import re
import socket
import ssl

from boltseal.resolve.exchange import RequestError

# What servers say of a certificate that they were shown, or not shown (RFC 8446 section 6.2).
_ABOUT_CLIENT = re.compile(r"_ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED)$")


def causes(error: BaseException) -> list[BaseException]:
    """An error, what it came of, what that came of, and so on."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found


def explained(error: BaseException) -> RequestError | None:
    """The trouble behind an error, where it is with the name or with TLS; else None."""
    for cause in causes(error):
        if isinstance(cause, socket.gaierror):
            return RequestError("dns")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return RequestError("certificate", cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return _not_secure(cause.reason or "")
    return None


def _not_secure(reason: str) -> RequestError:
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
        return RequestError("plain")
    if _ABOUT_CLIENT.search(reason):
        return RequestError("client", reason)
    return RequestError("handshake", reason)
