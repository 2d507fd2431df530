"""What runs in the virtual machine needs of it: commands, and what nl80211 says of its radios."""
import subprocess


def run(*command, check=True):
    return subprocess.run(command, check=check, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).stdout


def lab(words):
    """Functions of the machine's laboratory, /rig/lab.sh."""
    return run("bash", "-c", ". /rig/lab.sh; " + words)


def interfaces():
    """What nl80211 says: {name: {"type": ..., "phy": ..., "channel": ...}}."""
    found, phy, name = {}, None, None
    for line in run("iw", "dev").splitlines():
        words = line.split()
        if line.startswith("phy#"):
            phy = "phy" + line[4:]
        elif words[:1] == ["Interface"]:
            name = words[1]
            found[name] = {"phy": phy}
        elif words[:1] == ["Unnamed/non-netdev"]:  # wpa_supplicant makes one for itself
            name = None
        elif name and words[:1] == ["type"]:
            found[name]["type"] = words[1]
        elif name and words[:1] == ["channel"]:
            found[name]["channel"] = " ".join(words[1:])
    return found


def is_up(name):
    with open(f"/sys/class/net/{name}/flags", encoding="ascii") as file:
        return bool(int(file.read(), 16) & 1)
