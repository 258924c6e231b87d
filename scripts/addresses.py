"""Whether two addresses name one page: RFC 3986, section 6.2.2, and what the web takes for the same."""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")
PORTS = {"http": 80, "https": 443}
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
SAFE = "%/:@!$&'()*+,;=~"  # signs of a path that are written as they are
STOPS = re.compile("[\u3002\uff0e\uff61]")  # the other full stops of IDNA


def address(url: str | None) -> str:
    """Return what makes two addresses one; an address that has another form stands for itself.

    Left out are scheme, `www.`, the port of the scheme, a slash at the end, tracking parameters, their order, and a
    fragment, but for one that is a route (`#/…`, `#!…`). Escapes and international hosts are written in one way.
    """
    text = (url or "").strip()
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port not in (None, PORTS.get(parts.scheme)) else ""
        host = _host(parts.hostname or "")
    except ValueError:
        return text
    route = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{host}{port}{_path(parts.path)}?{_query(parts.query)}{route}"


def _host(host: str) -> str:
    """Return a host in lower case, its labels in Punycode. Raises `ValueError`."""
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda escape: bytes([int(escape[1], 16)]), host.encode())
    name = unicodedata.normalize("NFKC", STOPS.sub(".", raw.decode())).lower()
    labels = name.rstrip(".").removeprefix("www.").split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)


def _path(path: str) -> str:
    """Return a path whose escapes are those that it needs, in upper case, without the steps `.` and `..`."""
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    needed = re.sub(r"%[0-9A-Fa-f]{2}", _escape, quote(whole, safe=SAFE, errors="surrogatepass"))
    steps: list[str] = []
    for step in needed.split("/"):
        if step == ".." and len(steps) > 1:
            steps.pop()
        elif step not in (".", ".."):
            steps.append(step)
    return "/".join(steps).rstrip("/")


def _escape(escape: re.Match[str]) -> str:
    sign = chr(int(escape[0][1:], 16))
    return sign if UNRESERVED.fullmatch(sign) else escape[0].upper()


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((pair for pair in pairs if not pair[0].startswith(TRACKING)), key=lambda pair: pair[0])
    return urlencode(kept, errors="surrogateescape")
