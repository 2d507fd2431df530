"""The Python examples of README.md under "Try the API", as a reader would paste them: they run."""
import os
import re
import subprocess
import sys

import pytest

from api_names import demo_login
from support.norn import ROOT


def examples():
    """Fenced python blocks of the section, in order."""
    try:
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    section = re.search(r"^#+ *Try the API\b.*?$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return re.findall(r"^```python\n(.*?)^```", section.group(1), re.M | re.S) if section else []


@pytest.fixture(scope="module")
def logged_in(demo):
    """The demo's login, found the way a person finds it: on the console."""
    user, secret = demo_login(demo)
    demo.wait_for(lambda: {"linksys", "single", "barfoo"} <= {
        row["kismet.device.base.name"] for row in demo.json("/devices/all_devices.json")}, 40,
        "the seed's networks")
    return {"NORN_URL": demo.url, "NORN_USER": user, "NORN_PASSWORD": secret}


def test_the_readme_has_examples():
    assert examples()


@pytest.mark.parametrize("code", examples(), ids=lambda code: code.strip().splitlines()[0][:40])
def test_example_runs(code, logged_in, tmp_path):
    path = tmp_path / "example.py"
    path.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **logged_in}, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
