"""Names that the fixtures and the tests share, and what a person reads off the demo's console."""
import re

RADIO_UUID = "E92E066A-0D50-11E6-A771-08076944C403"


def demo_login(demo):
    """User and password as the console of the demo shows them, in its curl line with a login."""
    demo.wait_for(lambda: "curl -u" in demo.console, 5, "login on the console")
    return re.search(r"curl -u (\S+?):(\S+) ", demo.console).groups()
