"""Small PMTiles archives (version 3) for tests of the map.

Input: tiles by (zoom, x, y). Output: the bytes of an archive whose inside is gzip, as most are.
"""
import gzip
import json
import struct
import zlib

MVT, PNG = 1, 2
NONE, GZIP = 1, 2
HEADER_BYTES = 127


def png(red, green, blue, side=256):
    """A picture of one colour."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    row = b"\0" + bytes((red, green, blue)) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(row * side)) + chunk(b"IEND", b""))


def varint(number):
    out = bytearray()
    while number > 0x7f:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    return bytes(out) + bytes((number,))


def tile_id(zoom, x, y):
    """The number of a tile: all levels above it, then its place on the Hilbert curve."""
    number = (4 ** zoom - 1) // 3
    side = 2 ** zoom // 2
    while side:
        right, low = int(x & side > 0), int(y & side > 0)
        number += side * side * (3 * right ^ low)
        if not low:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        side //= 2
    return number


def directory(entries):
    """Entries (id, offset, length), one tile each."""
    ids = [number for number, _, _ in entries]
    deltas = [after - before for before, after in zip([0] + ids, ids)]
    columns = [deltas, [1] * len(ids), [length for _, _, length in entries],
               [offset + 1 for _, offset, _ in entries]]
    numbers = [len(ids)] + [number for column in columns for number in column]
    return gzip.compress(b"".join(map(varint, numbers)), mtime=0)


def archive(tiles, kind=PNG, attribution="", padding=0):
    """An archive of tiles {(zoom, x, y): bytes}; vector tiles are compressed in it."""
    data, entries = b"", []
    for number, content in sorted((tile_id(*place), content) for place, content in tiles.items()):
        content = gzip.compress(content, mtime=0) if kind == MVT else content
        entries.append((number, len(data), len(content)))
        data += content
    data += bytes(padding)
    metadata = gzip.compress(json.dumps({"attribution": attribution}).encode(), mtime=0)
    root = directory(entries)
    zooms = [zoom for zoom, _, _ in tiles]
    sections, at = [], HEADER_BYTES
    for part in (root, metadata, b"", data):
        sections += [at, len(part)]
        at += len(part)
    header = b"PMTiles\3" + struct.pack(
        "<11Q6B4iB2i", *sections, len(entries), len(entries), len(entries), 1, GZIP,
        GZIP if kind == MVT else NONE, kind, min(zooms), max(zooms),
        -1800000000, -850000000, 1800000000, 850000000, min(zooms), 0, 0)
    assert len(header) == HEADER_BYTES
    return header + root + metadata + data


# ---- vector tiles (Mapbox Vector Tile 2.1), as far as a map needs them

EXTENT = 4096


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def geometry(points, closed):
    """The commands of one path through points of the tile."""
    numbers, before = [], (0, 0)
    for i, point in enumerate(points):
        if i < 2:
            numbers.append(1 << 3 | 1 if i == 0 else len(points) - 1 << 3 | 2)
        for now, then in zip(point, before):
            numbers.append((now - then) * 2 if now >= then else (then - now) * 2 - 1)
        before = point
    return b"".join(map(varint, numbers + ([1 << 3 | 7] if closed else [])))


def layer(name, shape, points, /, **properties):
    """A layer of one feature: shape 1 a point, 2 a line, 3 a polygon."""
    keys = list(properties)
    tags = b"".join(varint(i) + varint(i) for i in range(len(keys)))
    feature = field(2, tags) + field(3, shape) + field(4, geometry(points, shape == 3))
    return field(3, field(15, 2) + field(1, name.encode()) + field(2, feature)
                 + b"".join(field(3, key.encode()) for key in keys)
                 + b"".join(field(4, field(1, properties[key].encode())) for key in keys)
                 + field(5, EXTENT))
