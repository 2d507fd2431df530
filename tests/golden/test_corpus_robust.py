"""Whatever the bytes, norn ends by itself: no report of a sanitizer, bounded time and memory.

Every file of the corpus, all kinds; then each capture of 802.11 and Bluetooth cut at 16 lengths and
with 8 seeds of bit errors. One process reads a batch of files (a source each), so that one kind of
damage meets the state that another left behind.
"""
import os
import random
import resource
import struct
import time

import pytest

from support import capture_file, corpus, norn
from support.norn import run

BATCH = 64
SECONDS = 60  # for one file or batch; most need a tenth of a second
MEGABYTES = 1500  # address sanitizers double what is used
CUTS, SEEDS = 16, 8
FILES = [(kind, name) for kind in corpus.kinds() for name in corpus.files(kind)]
DAMAGED = [(kind, name) for kind in ("dot11", "btle", "hci") for name in corpus.files(kind)]

if not FILES:
    pytest.skip("corpus: not here, every file of 7 kinds left out (set NORN_CAPTURES)",
                allow_module_level=True)


def replay(path):
    """Status, output, errors; also the seconds and the most memory it took."""
    began = time.monotonic()
    status, output, errors = run("--replay", path, "--dump", "json", timeout=SECONDS, text=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return status, output, errors, time.monotonic() - began, used


@pytest.mark.parametrize("kind,name", FILES, ids=lambda text: text)
def test_replay_ends_by_itself(kind, name):
    """Status 0; or 1 with words for what is no capture or is cut short."""
    status, output, errors, seconds, megabytes = replay(corpus.path(kind, name))
    assert status in (0, 1), (status, errors[-500:])
    if status == 1:
        assert errors.strip(), "status 1 without a word why"
    assert output.decode("utf-8").rstrip().endswith("]") or status == 1
    assert seconds < 30 and megabytes < MEGABYTES


def read_all(paths):
    """One norn with a source for each file, to their ends; nothing may go wrong but the files."""
    sources = []
    for number, path in enumerate(paths):
        sources += ["-c", f"{path}:type=pcapfile,retry=false,name=n{number},"
                          f"uuid=00000000-0000-0000-0000-{number:012X}"]
    status, _, errors = run("--port", norn.free_port(), "--exit-at-end", *sources, timeout=SECONDS)
    assert status in (0, 1), (status, errors[-2000:])
    return errors


def batches(items):
    return [items[at:at + BATCH] for at in range(0, len(items), BATCH)]


@pytest.mark.parametrize("batch", batches(FILES), ids=lambda batch: batch[0][1])
def test_all_files_together_end_by_themselves(batch):
    read_all([corpus.path(kind, name) for kind, name in batch])


def cut(data, number):
    """The first part of a capture; cuts fall everywhere, the first ones into the headers."""
    if number < 4:
        return data[:(1, 10, 23, 30)[number]]
    return data[:len(data) * (number - 3) // (CUTS - 3) - number]


def flip(data, noise, start=0):
    """One bit in about 2000 turned."""
    result = bytearray(data)
    for _ in range(max(1, len(data) * 8 // 2000)):
        if len(data) > start:
            result[noise.randrange(start, len(data))] ^= 1 << noise.randrange(8)
    return bytes(result)


def flipped(data, seed):
    """A capture with bit errors anywhere behind its file header."""
    return flip(data, random.Random(seed), 24)


def frames_flipped(data, seed):
    """Its frames with bit errors in whole records: these reach the dissectors."""
    noise, parts = random.Random(seed), []
    linktype = None
    for linktype, frame, original in capture_file.records(capture_file.unpacked(data)):
        parts.append(struct.pack("<IIII", 1700000000 + len(parts), 0, len(frame), original)
                     + flip(frame, noise))
    return struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, linktype) + b"".join(parts)


def damaged(kind, name, folder):
    """Every damaged form of a capture, as files."""
    with open(corpus.path(kind, name), "rb") as file:
        data = file.read()
    forms = [cut(data, number) for number in range(CUTS)]
    forms += [frames_flipped(data, seed) if seed % 2 else flipped(data, seed)
              for seed in range(SEEDS)]
    paths = []
    for number, form in enumerate(forms):
        paths.append(os.path.join(folder, f"{number}"))
        with open(paths[-1], "wb") as file:
            file.write(form)
    return paths


@pytest.mark.parametrize("kind,name", DAMAGED, ids=lambda text: text)
def test_damaged_captures_end_by_themselves(kind, name, tmp_path):
    read_all(damaged(kind, name, tmp_path))
