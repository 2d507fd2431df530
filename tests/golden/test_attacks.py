"""Which captures raise which alerts: attacks, near misses, our other scenes, the corpus.

A capture is played by a server that ends with it; its console tells the alerts.
"""
import os
import re

import pytest

from attacks import ATTACKS, OLDER
from golden_records import CAPTURES, capture_names
from support import air, corpus
from support.air import Scene
from support.norn import free_port, run

LINE = re.compile(r"^alert: ([A-Z0-9_]+): (.*)$", re.M)


def alerts(*sources, options=()):
    """(name, text) of every alert that the captures raise."""
    command = [word for source in sources for word in ("-c", source)]
    command += [word for option in options for word in ("--set", option)]
    status, _, errors = run(*command, "--exit-at-end", "--port", free_port())
    assert status == 0, errors
    return LINE.findall(errors)


def names(*sources, options=()):
    return [name for name, _ in alerts(*sources, options=options)]


def path(name):
    return os.path.join(CAPTURES, name + ".pcap")


@pytest.mark.parametrize("make,options,expected", ATTACKS,
                         ids=[f"{make.__name__}-{number}" for number, (make, _, _)
                              in enumerate(ATTACKS)])
def test_attacks_and_near_misses(make, options, expected):
    assert names(path(make.__name__), options=options) == expected


NOT_ATTACKS = sorted(set(capture_names()) - {make.__name__ for make, _, _ in ATTACKS})


@pytest.mark.parametrize("name", NOT_ATTACKS)
def test_our_other_captures(name):
    assert names(path(name)) == OLDER.get(name, [])


def test_names_from_the_air_are_made_printable(tmp_path):
    ap = air.AccessPoint("00:13:10:00:00:01", "x", 6)
    scene = Scene().add(air.beacon(ap, b"\x1b[2J\nev\xffil"))
    capture = str(scene.write_pcap(tmp_path / "odd.pcap"))
    (name, text), = alerts(capture, options=['ssidcanary=any:ssidregex="evil|ev"'])
    assert name == "SSIDCANARY" and r"\033[2J\012ev\377il" in text


# What the corpus of real captures raises. Each was looked at: the packets say so.
# A flood is one that somebody made; one disconnect for everybody is an access point that ends.
RAISED = {
    "aircrack__wep_64_ptw.cap": ["DEAUTHFLOOD"],
    "ctf2016__Net_Forensic.cap": ["DEAUTHFLOOD"],
    "fragattacks__amsdu-inject-fromap.pcapng": ["BCASTDISCON"],
    "fragattacks__ping_I_D_E-fromap.pcapng": ["BCASTDISCON"],
    "fragattacks__ping_I_E_E___inc_pn_2-fromap.pcapng": ["BCASTDISCON"],
    "pyrit__wpapsk-virgin_broadband.dump.gz": ["BCASTDISCON", "DEAUTHFLOOD"],
    "tcpdump__reason_codes_all.pcap": ["DEAUTHFLOOD"],
    "vanhoef__fils-handshake.pcapng": ["BCASTDISCON"],
    "vanhoef__sae_simple_psk.pcapng": ["BCASTDISCON"],
    "wifite2__handshake_has_1234.cap": ["BCASTDISCON", "DEAUTHFLOOD"],
}


@pytest.mark.parametrize("name", corpus.files("dot11"))
def test_real_captures(name):
    found = names(corpus.path("dot11", name))
    assert sorted(set(found)) == RAISED.get(name, [])
