"""The typed msgpack of 2016, undone the way that year's client does it.

Input: bytes of an answer with ?msgpack=typed. Output: plain values. Every value is [type, payload];
the types are checked here, so a value that only looks right does not pass.
"""
import msgpack

STRING, INTEGERS, FLOAT, DOUBLE = 0, range(1, 9), 9, 10
MAC, UUID, LIST, RECORD = 11, 12, 13, 14
INTEGER_MAP, MAC_MAP, STRING_MAP, DOUBLE_MAP = 15, 16, 17, 18


def decode(data):
    """Bytes -> value."""
    return unwrap(msgpack.unpackb(data, strict_map_key=False))


def unwrap(pair):
    """[type, payload] -> value; a payload that is not of its type is an error."""
    assert isinstance(pair, list) and len(pair) == 2, pair
    kind, payload = pair
    assert isinstance(kind, int), pair
    if kind == LIST:
        assert isinstance(payload, list), pair
        return [unwrap(item) for item in payload]
    if RECORD <= kind <= DOUBLE_MAP:
        check_keys(kind, payload)
        return {key: unwrap(value) for key, value in payload.items()}
    if kind == MAC:
        assert isinstance(payload, list) and len(payload) == 2, pair
        assert all(len(text.split(":")) == 6 for text in payload), pair
        return payload[0]
    if kind in (STRING, UUID):
        assert isinstance(payload, str), pair
    elif kind in INTEGERS:
        assert isinstance(payload, int), pair
    else:
        assert kind in (FLOAT, DOUBLE) and isinstance(payload, (int, float)), pair
    return payload


def check_keys(kind, payload):
    """Keys are of the sort that the map's type names."""
    wanted = {INTEGER_MAP: int, DOUBLE_MAP: float}.get(kind, str)
    assert isinstance(payload, dict), payload
    assert all(isinstance(key, wanted) for key in payload), (kind, list(payload)[:3])
