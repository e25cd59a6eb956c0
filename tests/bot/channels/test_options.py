"""Settings of the web channel: what is taken, and what is said of what is not."""

from __future__ import annotations

import pytest

from bot.channels.options import LIMITS, OptionError, read_options


def test_nothing_set_is_our_own_pages_without_proxies() -> None:
    options = read_options({})
    assert (options.origins, options.proxies.hops, options.proxies.networks) == (frozenset(), 0, ())
    assert options.limits == LIMITS
    assert options.redis_url is None


def test_settings_are_read() -> None:
    options = read_options(
        {
            "NPQ_ORIGINS": "https://A.example, http://localhost:8000",
            "NPQ_PROXIES": "10.0.0.0/8 192.0.2.7",
            "NPQ_LIMITS": "session=30 address=1000",
            "NPQ_REDIS_URL": "redis://user:hunter2@127.0.0.1/1",
        }
    )
    assert options.origins == {"https://a.example", "http://localhost:8000"}
    assert [str(network) for network in options.proxies.networks] == ["10.0.0.0/8", "192.0.2.7/32"]
    assert options.limits == {**LIMITS, "session": 30, "address": 1000}
    assert "hunter2" not in repr(options)
    assert read_options({"NPQ_PROXIES": "2"}).proxies.hops == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NPQ_ORIGINS", "*", "`*`"),
        ("NPQ_ORIGINS", "provider.example", "`provider.example`"),
        ("NPQ_ORIGINS", "https://provider.example/", "`https://provider.example/`"),
        ("NPQ_ORIGINS", "null", "`null`"),
        ("NPQ_PROXIES", "all", "`all`"),
        ("NPQ_PROXIES", "11", "`11`"),
        ("NPQ_PROXIES", "10.0.0.1/8", "`10.0.0.1/8`"),
        ("NPQ_LIMITS", "session", "`session`"),
        ("NPQ_LIMITS", "session=0", "`session=0`"),
        ("NPQ_LIMITS", "visitors=5", "`visitors=5`"),
        ("NPQ_REDIS_URL", "127.0.0.1", "redis://"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(OptionError) as problem:
        read_options({name: value})
    assert str(problem.value).startswith(f"{name}:")
    assert said in str(problem.value)
    assert "such as" in str(problem.value)
