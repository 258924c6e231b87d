"""One page has one address, however it is written (RFC 3986, 6.2.2); pages that differ have two."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.curation.addresses import address

STEPS = st.lists(st.text("abzAZ09~_-é한и ", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=3)
PAIRS = st.lists(st.tuples(st.text("abc", min_size=1, max_size=2), st.text("ab é한~&=+/", max_size=4)), max_size=3)
HOSTS = st.sampled_from(["example.org", "новости.рф", "bücher.example", "한국.example", "straße.example"])
Write = Callable[[str, list[str], list[tuple[str, str]]], str]


def escaped(text: str) -> str:
    """Write every byte as an escape."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


def url(host: str, steps: list[str], pairs: list[tuple[str, str]]) -> str:
    path = "".join(f"/{quote(step, safe='~')}" for step in steps)
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    return f"https://{host}{path}{'?' if query else ''}{query}"


def of_host(write: Callable[[str], str]) -> Write:
    return lambda host, steps, pairs: url(write(host), steps, pairs)


def of_whole(write: Callable[[str], str]) -> Write:
    return lambda host, steps, pairs: write(url(host, steps, pairs))


def as_read(host: str, steps: list[str], pairs: list[tuple[str, str]]) -> str:
    """Write the path as a browser shows it."""
    return url(host, [], pairs).replace(host, "/".join([host, *steps]), 1)


REWRITES: dict[str, Write] = {
    "http": of_whole(lambda text: text.replace("https", "http", 1)),
    "upper case": of_whole(lambda text: text.replace("https", "HTTPS", 1)),
    "www": of_host(lambda host: f"www.{host}"),
    "port of https": of_host(lambda host: f"{host}:443"),
    "port of http": lambda *parts: url(f"{parts[0]}:80", *parts[1:]).replace("https", "http", 1),
    "host in upper case": of_host(lambda host: host.replace("ß", "~").upper().replace("~", "ß")),
    "a stop behind the host": of_host(lambda host: f"{host}."),
    "host in Punycode": of_host(
        lambda host: ".".join(
            part if part.isascii() else f"XN--{part.encode('punycode').decode()}" for part in host.split(".")
        )
    ),
    "host in escapes": of_host(escaped),
    "a fragment": of_whole(lambda text: f"{text}#top"),
    "a fragment that is blank": of_whole(lambda text: f"{text}#"),
    "a slash at the end": lambda host, steps, pairs: url(host, [*steps, ""], pairs),
    "a query that is blank": of_whole(lambda text: text if "?" in text else f"{text}?"),
    "tracking": of_whole(lambda text: f"{text}{'&' if '?' in text else '?'}utm_source=x&fbclid=y"),
    "parameters in another order": lambda host, steps, pairs: url(
        host, steps, sorted(pairs, key=lambda pair: pair[0], reverse=True)
    ),
    "plain characters": as_read,
    "escapes in lower case": lambda host, steps, pairs: (
        "/".join(
            [
                f"https://{host}",
                *("".join(escaped(sign) if not sign.isascii() else quote(sign) for sign in s) for s in steps),
            ]
        )
        + url("", [], pairs).removeprefix("https://")
    ),
    "escapes that need not be": lambda host, steps, pairs: (
        "/".join([f"https://{host}", *map(escaped, steps)]) + url("", [], pairs).removeprefix("https://")
    ),
    "steps that lead nowhere": lambda host, steps, pairs: url(f"{host}/./x/..", steps, pairs),
    "blanks around it": of_whole(lambda text: f" {text}\n"),
}


@pytest.mark.parametrize("name", REWRITES)
@given(HOSTS, STEPS, PAIRS)
def test_page_is_one_however_its_address_is_written(
    name: str, host: str, steps: list[str], pairs: list[tuple[str, str]]
) -> None:
    assert address(REWRITES[name](host, steps, pairs)) == address(url(host, steps, pairs))


@given(st.tuples(HOSTS, STEPS, PAIRS), st.tuples(HOSTS, STEPS, PAIRS))
def test_pages_that_differ_have_two(
    one: tuple[str, list[str], list[tuple[str, str]]], other: tuple[str, list[str], list[tuple[str, str]]]
) -> None:
    def by_name(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return sorted(pairs, key=lambda pair: pair[0])

    same = one[:2] == other[:2] and by_name(one[2]) == by_name(other[2])
    assert (address(url(*one)) == address(url(*other))) == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/x%2Fy", "https://a.org/x/y"),
        ("https://a.org/X", "https://a.org/x"),
        ("https://a.org/x?id=1", "https://a.org/x?id=2"),
        ("https://a.org/x?id=%B1%B9", "https://a.org/x?id=%B1%BA"),
        ("https://a.org:8080/x", "https://a.org/x"),
        ("https://a.org:80/x", "https://a.org/x"),
        ("https://a.org/#/news/1", "https://a.org/#/news/2"),
        ("https://a.org/#!news", "https://a.org/"),
        ("https://fass.de/", "https://faß.de/"),
        ("https://[::1", "https://[::2"),
        ("https://a.org:x/", "https://a.org:y/"),
    ],
)
def test_what_matters_is_kept(one: str, other: str) -> None:
    assert address(one) != address(other)


@given(st.text(max_size=20).map(lambda text: f"https://{text}"))
def test_text_that_is_no_address_stands_for_itself(text: str) -> None:
    assert address(f" {text}\n") == address(text)
