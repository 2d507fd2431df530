"""The street: the scene that most tests look at, with everything the seed's examples need.

Access points linksys (open), single (WPA2), barfoo (WPA3), foobar (WEP, 5 GHz) and a hidden one
that a client gives away; their clients; a prober with a random address; a host on the wire.
"""
from support import air

LINKSYS = air.AccessPoint("00:13:10:aa:00:01", "linksys", 6)
SINGLE = air.AccessPoint("00:18:39:aa:00:02", "single", 1, air.rsn())
BARFOO = air.AccessPoint("f0:9f:c2:aa:00:03", "barfoo", 11,
                         air.rsn(akms=(air.SAE,), capabilities=air.MFP_REQUIRED | air.MFP_CAPABLE))
FOOBAR = air.AccessPoint("b8:27:eb:aa:00:04", "foobar", 36, privacy=True)
HIDDEN = air.AccessPoint("ac:84:c6:aa:00:05", "cellar", 6, air.rsn(), hidden=True)
OPEN_CLIENT = "3c:37:86:bb:00:01"
HANDSHAKE_CLIENT = "f4:f5:d8:bb:00:02"
GIVEAWAY_CLIENT = "00:1a:1e:bb:00:03"
PROBER = "da:a1:19:bb:00:04"
WIRED = "00:1e:0b:cc:00:01"
ACCESS_POINTS = (LINKSYS, SINGLE, BARFOO, FOOBAR, HIDDEN)
CLIENTS = (OPEN_CLIENT, HANDSHAKE_CLIENT, GIVEAWAY_CLIENT)
EVERYONE = [ap.bssid for ap in ACCESS_POINTS] + [*CLIENTS, PROBER, WIRED]
BEACONS = 8


def street(start=air.START):
    scene = air.Scene(start=start)
    for turn in range(BEACONS):
        for ap in ACCESS_POINTS:
            scene.add(air.beacon(ap), ap.channel, -40 - turn)
    add_open_client(scene)
    add_handshake(scene)
    add_giveaway(scene)
    for ssid in ("linksys", "single", ""):
        scene.add(air.probe_request(PROBER, ssid), 6, -71)
    scene.add(air.probe_response(LINKSYS, PROBER), 6, -45)
    return scene


def add_open_client(scene):
    scene.add(air.authentication(OPEN_CLIENT, LINKSYS.bssid, LINKSYS.bssid), 6, -55)
    scene.add(air.authentication(LINKSYS.bssid, OPEN_CLIENT, LINKSYS.bssid, transaction=2), 6, -45)
    scene.add(air.association_request(OPEN_CLIENT, LINKSYS), 6, -55)
    scene.add(air.association_response(LINKSYS, OPEN_CLIENT), 6, -45)
    for _ in range(3):
        scene.add(air.data(OPEN_CLIENT, LINKSYS.bssid, WIRED, air.ARP), 6, -55)
        scene.add(air.acknowledgement(OPEN_CLIENT), 6, -45)
    scene.add(air.data(WIRED, LINKSYS.bssid, OPEN_CLIENT, air.ARP, from_ap=True), 6, -45)
    scene.add(air.data(OPEN_CLIENT, LINKSYS.bssid, WIRED, air.ARP, retry=True), 6, -55)


def add_handshake(scene):
    scene.add(air.association_request(HANDSHAKE_CLIENT, SINGLE), 1, -60)
    scene.add(air.association_response(SINGLE, HANDSHAKE_CLIENT), 1, -42)
    for message in (1, 2, 3, 4):
        from_ap = message in (1, 3)
        body = air.eapol_key(message, replay=1 + (message > 2))
        if from_ap:
            scene.add(air.data(SINGLE.bssid, SINGLE.bssid, HANDSHAKE_CLIENT, body, True), 1, -42)
        else:
            scene.add(air.data(HANDSHAKE_CLIENT, SINGLE.bssid, SINGLE.bssid, body), 1, -60)
    for _ in range(2):
        scene.add(air.data(HANDSHAKE_CLIENT, SINGLE.bssid, WIRED, air.CIPHERTEXT, protected=True),
                  1, -60)
    scene.add(air.disconnect(SINGLE.bssid, HANDSHAKE_CLIENT, SINGLE.bssid, 3), 1, -42)


def add_giveaway(scene):
    scene.add(air.association_request(GIVEAWAY_CLIENT, HIDDEN), 6, -65)
    scene.add(air.association_response(HIDDEN, GIVEAWAY_CLIENT), 6, -47)
