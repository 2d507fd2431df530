"""What every test below has: tests/support to import from, wherever pytest is started, and servers
of its own."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="session")
def street_file(tmp_path_factory):
    """A small capture."""
    from support.street import street
    return str(street().write_pcap(tmp_path_factory.mktemp("captures") / "street.pcap"))


@pytest.fixture
def serve():
    """Starts servers that a test needs for itself: serve(*arguments, **options)."""
    from support.norn import Server
    servers = []

    def start(*arguments, **options):
        servers.append(Server(*arguments, **options))
        return servers[-1]
    yield start
    for server in servers:
        server.stop()
