"""Capture tools that connect by TLS to a norn that speaks it: what arrives, whom they trust, and
what they say of a server that they do not."""
import os
import subprocess

import pytest

from support import air
from support.norn import PASSWORD, USER, Server, new_home
from support.tool_peer import Listener, Tool

TOOL = "norn_cap_pcapfile"
BIG = 1500  # bytes of a frame, several of which make a record of TLS


@pytest.fixture(scope="module")
def server():
    home = new_home()
    with Server("--set", "httpd_ssl_self_signed=true", home=home, ready=False) as started:
        started.wait_for(lambda: "ready at" in started.console, 20, "the address")
        started.certificate = os.path.join(home, "httpd_cert.pem")
        started.scheme, started.host = "https", "localhost"
        yield started


@pytest.fixture
def capture(tmp_path):
    scene = air.Scene()
    for _ in range(2000):
        scene.add(air.beacon(air.AccessPoint("02:00:00:00:00:07", "far away", 6)) + bytes(BIG))
    return str(scene.write_pcap(tmp_path / "far.pcap"))


def connect(server, capture, *flags):
    return Tool(TOOL, f"--connect=localhost:{server.port}", f"--source={capture}:name=far",
                f"--user={USER}", f"--password={PASSWORD}", "--retry-pause=0.3", *flags)


def source(server):
    answer = server.get("/datasource/all_sources.json", login=True, verify=server.certificate)
    rows = [row for row in answer.json() if row["kismet.datasource.name"] == "far"]
    return rows[0] if rows else {"kismet.datasource.num_packets": 0}


def test_packets_arrive(server, capture):
    with connect(server, capture, "--ssl", f"--ssl-certificate={server.certificate}"):
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == 2000, 60,
                        "the packets")
    assert source(server)["kismet.datasource.remote"] == 1


def refusal(tool, words):
    with tool:
        assert tool.wait() == 1
        assert words in tool.said, tool.said


def test_a_server_that_vouches_for_itself(server, capture):
    refusal(connect(server, capture, "--ssl", "--disable-retry"), "not to be trusted")


def make_certificate(folder, name):
    """A certificate that vouches for itself; its file, and that of its key."""
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", certificate, "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
    return certificate, key


def test_a_name_that_is_not_the_servers(capture, tmp_path):
    certificate, key = make_certificate(tmp_path, "elsewhere.example")
    with Server("--set", f"httpd_ssl_cert={certificate}", "--set", f"httpd_ssl_key={key}",
                ready=False) as server:
        server.wait_for(lambda: "ready at" in server.console, 20, "the address")
        refusal(connect(server, capture, f"--ssl-certificate={certificate}", "--disable-retry"),
                "does not match")


def test_another_servers_certificate(server, capture, tmp_path):
    other, _ = make_certificate(tmp_path, "localhost")
    refusal(connect(server, capture, f"--ssl-certificate={other}", "--disable-retry"),
            "not to be trusted")


@pytest.mark.parametrize("content, words", [(None, "file"), ("no certificate\n", "certificate")])
def test_a_file_that_is_none(server, capture, tmp_path, content, words):
    path = tmp_path / "trusted.pem"
    if content:
        path.write_text(content)
    refusal(connect(server, capture, f"--ssl-certificate={path}"), words)


def test_a_server_without_tls(capture):
    with Listener() as listener:
        tool = Tool(TOOL, f"--connect={listener.address}", f"--source={capture}", "--ssl",
                    "--disable-retry")
        plain = listener.accept_raw()
        plain.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        refusal(tool, "does not speak TLS")
        plain.close()


def test_a_server_that_says_nothing_is_left(capture):
    """Waiting for a handshake does not keep the tool from ending when it is told to."""
    with Listener() as listener, Tool(TOOL, f"--connect={listener.address}",
                                      f"--source={capture}", "--ssl") as tool:
        listener.accept_raw()
        tool.process.terminate()
        assert tool.wait() == 0
