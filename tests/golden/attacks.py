"""Scenes that must raise alerts, and near misses that must not. Written to captures/ with the rest.

ATTACKS is the table: scene, options (KEY=VALUE), names of the alerts expected, in their order.
"""
from support import air
from support.air import AccessPoint, Scene, element, rsn

AP = "00:13:10:00:00:01"
TWIN = "02:13:10:00:00:66"
OTHER = "00:1a:1e:00:00:03"
CLIENT = "3c:37:86:00:00:02"
PHONE = "f4:f5:d8:00:00:05"
GROUP = "01:00:5e:00:00:fb"

HOME = f'apspoof=home:ssid="home",validmacs="{AP},{OTHER}"'
HOME_MASK = 'apspoof=home:ssidregex="^home$",validmacs="00:13:10:00:00:00/FF:FF:FF:00:00:00"'
HOME_ANY_CASE = f'apspoof=home:ssid="(?i:home)",validmacs="{AP}"'
BAIT = 'ssidcanary=bait:ssid="bait"'
FOUND, LOST = f"devicefound={PHONE}", f"devicelost={PHONE}"


def home(bssid=AP, ssid="home", channel=6, security=b"", **options):
    return AccessPoint(bssid, ssid, channel, security, **options)


def disconnects(steps, bssids=(AP,), to=CLIENT):
    """Deauthentications of clients, each `steps` seconds after the one before."""
    scene = Scene()
    for bssid in bssids:
        scene.add(air.beacon(home(bssid)))
    for number, step in enumerate(steps):
        scene.add(air.disconnect(bssids[number % len(bssids)], to, bssids[number % len(bssids)], 7,
                                 number % 3 > 0), step=step)
    return scene


def deauth_flood():
    return disconnects([0.1] * 25)


def deauth_flood_from_the_clients_side():
    scene = Scene().add(air.beacon(home()))
    for _ in range(11):
        scene.add(air.disconnect(CLIENT, AP, AP, 3), step=1.0)
    return scene


def deauths_with_pauses():
    """Ten at a time, and many that are a little more than a second apart."""
    return disconnects(([0.1] * 9 + [1.1]) * 4 + [1.01] * 30)


def deauths_on_two_networks():
    return disconnects([0.05] * 20, (AP, OTHER))


def disconnects_for_everybody():
    scene = Scene().add(air.beacon(home()))
    scene.add(air.disconnect(AP, air.EVERYONE, AP, 7), step=2)
    return scene.add(air.disconnect(AP, air.EVERYONE, AP, 8, False))


def disconnects_for_one_and_for_a_group():
    scene = Scene().add(air.beacon(home()))
    return scene.add(air.disconnect(AP, CLIENT, AP, 7)).add(air.disconnect(AP, GROUP, AP, 7))


def evil_twin():
    scene = Scene().add(air.beacon(home())).add(air.beacon(home(OTHER)))
    for _ in range(30):
        scene.add(air.beacon(home(TWIN)))
    return scene


def evil_twin_that_answers():
    return Scene().add(air.beacon(home())).add(air.probe_response(home(TWIN), CLIENT))


def evil_twin_that_hides():
    """Its beacons do not name it; a client that joins it does."""
    twin = home(TWIN, hidden=True)
    scene = Scene().add(air.beacon(twin)).add(air.beacon(twin))
    return scene.add(air.association_request(CLIENT, twin)).add(air.beacon(twin))


def networks_of_similar_names():
    scene = Scene().add(air.beacon(home())).add(air.beacon(home(OTHER)))
    for number, name in enumerate(("Home", "home2", "hom", "my home")):
        scene.add(air.beacon(home(f"02:00:00:00:00:0{number}", name)))
    return scene.add(air.probe_request(PHONE, "home"))


def bait_is_taken():
    scene = Scene().add(air.probe_request(PHONE, "bait"), step=2)
    scene.add(air.probe_request(PHONE, "bait"), step=2)
    scene.add(air.probe_response(home(TWIN, "bait"), PHONE), step=2)
    return scene.add(air.beacon(home(TWIN, "bait")))


def bait_is_left():
    scene = Scene().add(air.probe_request(PHONE, "")).add(air.probe_request(PHONE, "baits"))
    return scene.add(air.beacon(home(ssid="ba"))).add(air.beacon(home(OTHER, "Bait")))


def encryption_dropped_and_back():
    """A twin on the same BSSID: the beacons of both come by turns."""
    scene = Scene()
    for _ in range(3):
        scene.add(air.beacon(home(security=rsn())), step=1)
        scene.add(air.beacon(home()), step=1)
    return scene


def encryption_that_changes_but_stays():
    scene = Scene().add(air.beacon(home())).add(air.beacon(home(privacy=True)))
    scene.add(air.beacon(home(security=rsn()))).add(air.beacon(home(security=air.wpa())))
    scene.add(air.beacon(home(security=rsn(akms=(air.SAE,)))))
    return scene.add(air.beacon(home(ssid="guests")))  # an open network of the same BSSID


def network_heard_on_neighbouring_channels():
    scene = Scene()
    for channel in (5, 6, 7, 6):
        scene.add(air.beacon(home()), channel)
    return scene


def channel_that_follows_from_ht_alone():
    """5 GHz beacons often name no channel; where HT has its primary one may change."""
    scene = Scene()
    for channel in (36, 40, 36):
        operation = element(61, bytes((channel, 5)) + b"\0" * 20)
        frame = bytearray(air.beacon(home(extra=operation, channel=channel)))
        at = frame.index(element(3, bytes((channel,))))
        del frame[at:at + 3]
        scene.add(bytes(frame), channel)
    return scene


def phone_comes_and_goes():
    scene = Scene()
    for time in (0, 30, 200, 260, 400):
        scene.time = time
        scene.add(air.probe_request(PHONE, ""))
        scene.add(air.beacon(home()))
    scene.time = 470
    return scene.add(air.beacon(home()))


def phone_that_stays():
    scene = Scene()
    for time in range(0, 300, 60):
        scene.time = time
        scene.add(air.probe_request(PHONE, "")).add(air.probe_request(CLIENT, ""))
    return scene


# Not of this file: their scenes stand in scenes.py.
OLDER = {"network_that_moves_channel": ["CHANCHANGE"],
         "network_that_drops_its_encryption": ["CRYPTODROP"], "disconnects": ["BCASTDISCON"]}

ATTACKS = [
    (deauth_flood, [], ["DEAUTHFLOOD"] * 2),
    (deauth_flood, ["alert=DEAUTHFLOOD,1/min,1/sec"], ["DEAUTHFLOOD"]),
    (deauth_flood, ["alert=deauthflood,0/min,0/sec"], []),
    (deauth_flood_from_the_clients_side, [], ["DEAUTHFLOOD"]),
    (deauths_with_pauses, [], []),
    (deauths_on_two_networks, [], []),
    (disconnects_for_everybody, [], ["BCASTDISCON"] * 2),
    (disconnects_for_one_and_for_a_group, [], []),
    (evil_twin, [HOME], ["APSPOOF"]),
    (evil_twin, [HOME_MASK], ["APSPOOF"]),
    (evil_twin, [], []),
    (evil_twin_that_answers, [HOME], ["APSPOOF"]),
    (evil_twin_that_hides, [HOME], ["APSPOOF"]),
    (networks_of_similar_names, [HOME], []),
    (networks_of_similar_names, [HOME_MASK], ["APSPOOF"]),  # OTHER is of another maker
    (networks_of_similar_names, [HOME_ANY_CASE, HOME], ["APSPOOF"]),  # "Home", and OTHER a second
    (bait_is_taken, [BAIT], ["SSIDCANARY"] * 3),
    (bait_is_left, [BAIT], []),
    (bait_is_left, ['ssidcanary=any:ssidregex="^[Bb]ait"'], ["SSIDCANARY"]),
    (encryption_dropped_and_back, [], ["CRYPTODROP"] * 3),
    (encryption_that_changes_but_stays, [], []),
    (network_heard_on_neighbouring_channels, [], []),
    (channel_that_follows_from_ht_alone, [], []),
    (phone_comes_and_goes, [FOUND, LOST],
     ["DEVICEFOUND", "DEVICELOST", "DEVICEFOUND", "DEVICELOST", "DEVICEFOUND", "DEVICELOST"]),
    (phone_comes_and_goes, [FOUND, "devicefound_timeout=150"], ["DEVICEFOUND"] * 2),
    (phone_comes_and_goes, [LOST, "devicelost_timeout=150"], ["DEVICELOST"]),
    (phone_comes_and_goes, ["devicefound=F4:F5:D8:00:00:00/FF:FF:FF:00:00:00"],
     ["DEVICEFOUND"] * 3),
    (phone_that_stays, [FOUND, LOST], ["DEVICEFOUND"]),
    (phone_that_stays, [f"devicelost={OTHER}", f"devicefound={OTHER}"], []),
]

SCENES = list(dict.fromkeys(make for make, _, _ in ATTACKS))
