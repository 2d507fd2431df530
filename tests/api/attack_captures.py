"""Small captures that raise alerts, for the tests of the API; tests/golden has the whole set."""
from support import air

AP = air.AccessPoint("00:13:10:00:00:01", "home", 6)
CLIENT, PHONE = "3c:37:86:00:00:02", "f4:f5:d8:00:00:05"


def deauths(count, step=0.1):
    """That many disconnects of a client: every eleventh makes a flood."""
    scene = air.Scene().add(air.beacon(AP))
    for _ in range(count):
        scene.add(air.disconnect(AP.bssid, CLIENT, AP.bssid, 7), step=step)
    return scene


def phone():
    """A phone that is heard, is silent for two minutes, and is heard again."""
    scene = air.Scene()
    for time in (0, 120):
        scene.time = time
        scene.add(air.probe_request(PHONE))
    return scene
