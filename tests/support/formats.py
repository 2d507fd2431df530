"""Compares answers in different formats: the same members, whatever changes with time."""


def members(value, path=""):
    """Paths of every member of a value; list items share one path."""
    found = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found.add(f"{path}/{key}")
            found |= members(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            found |= members(inner, f"{path}/*")
    return found


def kind(value):
    """number, text, list or map: what a client tells apart."""
    if isinstance(value, dict):
        return "map"
    if isinstance(value, list):
        return "list"
    return "text" if isinstance(value, str) else "number"


def same_members(one, other):
    """Both have the same members; values may differ in what time changes."""
    assert kind(one) == kind(other)
    assert members(one) == members(other)


def same_values(one, other, ignored=()):
    """Both are equal but for members whose name holds one of the ignored words."""
    difference = first_difference(one, other, ignored)
    assert difference is None, difference


def first_difference(one, other, ignored, path=""):
    """Where two values differ first, as text, or None. Floats may differ in the sixth decimal."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if any(word in key for word in ignored):
                continue
            if key not in one or key not in other:
                return f"{path}/{key} only in one"
            found = first_difference(one[key], other[key], ignored, f"{path}/{key}")
            if found:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path}: {len(one)} and {len(other)} items"
        pairs = enumerate(zip(one, other))
        return next(filter(None, (first_difference(a, b, ignored, f"{path}/{index}")
                                  for index, (a, b) in pairs)), None)
    if isinstance(one, float) or isinstance(other, float):
        return None if abs(one - other) <= 1e-6 * max(1, abs(one)) else f"{path}: {one} and {other}"
    return None if one == other else f"{path}: {one!r} and {other!r}"


def undescribed(value):
    """A prettyjson value without its description.* members."""
    if isinstance(value, dict):
        return {key: undescribed(inner) for key, inner in value.items()
                if not key.startswith("description.")}
    if isinstance(value, list):
        return [undescribed(inner) for inner in value]
    return value
