"""What every answer tells the browser not to do."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

Headers = list[tuple[bytes, bytes]]

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def security(*, is_asset: bool, is_secure: bool) -> Headers:
    """The headers of one answer. is_asset: a versioned file of the framework, without data, which may be kept."""
    chosen = {
        "content-security-policy": policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if is_secure:
        chosen["strict-transport-security"] = "max-age=31536000"
    if not is_asset:
        chosen["cache-control"] = "no-store"
    return [(name.encode(), value.encode()) for name, value in chosen.items()]


def replaced(sent: Headers, ours: Headers) -> Headers:
    """The framework's headers with ours in place of those of the same name; what it says of itself is left out."""
    own = {name for name, _ in ours} | {b"server", b"access-control-allow-origin"}
    return [(name, value) for name, value in sent if name.lower() not in own] + ours


@cache
def policy() -> str:
    """The Content-Security-Policy: our own origin only, no eval, only the inline scripts of Streamlit's own page.

    Styles are written by the framework's scripts, so inline style has to be allowed.
    """
    scripts = " ".join(f"'sha256-{digest}'" for digest in _inline_scripts())
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def streamlits_files() -> Path:
    """The folder of what Streamlit brings into the browser."""
    import streamlit

    return Path(streamlit.__file__).parent / "static"


def streamlits_page() -> str:
    """The HTML in which Streamlit starts in the browser."""
    return (streamlits_files() / "index.html").read_text(encoding="utf-8")


def _inline_scripts() -> list[str]:
    inline = INLINE_SCRIPT.findall(streamlits_page())
    return [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
