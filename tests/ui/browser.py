"""Drives Debian's Chromium without a window and keeps what a page did wrong.

Input: addresses to load, expressions to evaluate. Output: values; per page the console's messages,
uncaught errors, breaches of the content security policy, dialogs, and every address asked for.
Speaks the DevTools protocol over a pipe (JSON ended by a zero byte): no port, no library.
"""
import base64
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage",
         "--disable-breakpad", "--mute-audio", "--password-store=basic",
         "--lang=en-US", "--window-size=1280,900", "--remote-debugging-pipe",
         # Nothing but this machine can be reached, whatever a page asks for.
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
START_SECONDS = 60  # of a browser with a fresh profile on a busy machine
CALL_SECONDS = 60


def chromium():
    """Path of the browser, or None."""
    return shutil.which("chromium")


class Browser:
    """One browser with a profile of its own."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="norn-chromium-")
        read_commands, write_commands = os.pipe()
        read_answers, write_answers = os.pipe()
        command = [chromium(), *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        # The browser takes its commands from descriptor 3 and answers on 4.
        redirect = f'exec "$@" 3<&{read_commands} 4>&{write_answers}'
        self.log = open(os.path.join(self.profile, "console.log"), "w+b")
        self.process = subprocess.Popen(
            ["bash", "-c", redirect, "chromium", *command], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, start_new_session=True,
            pass_fds=(read_commands, write_answers), env={**os.environ, "HOME": self.profile})
        os.close(read_commands)
        os.close(write_answers)
        self.commands, self.answers = write_commands, read_answers
        self.lock, self.number, self.waiting, self.pages = threading.Lock(), 0, {}, {}
        threading.Thread(target=self.listen, daemon=True).start()
        self.call("Browser.getVersion", seconds=START_SECONDS)

    def listen(self):
        """Sorts what the browser says: answers to who asked, events to their page."""
        rest = b""
        with os.fdopen(self.answers, "rb", buffering=0) as pipe:
            while part := pipe.read(65536):
                *messages, rest = (rest + part).split(b"\0")
                for message in map(json.loads, messages):
                    if "id" in message:
                        self.waiting.pop(message["id"]).put(message)
                    elif page := self.pages.get(message.get("sessionId")):
                        page.on_event(message["method"], message["params"])
        for answer in list(self.waiting.values()):
            answer.put({"error": "the browser ended"})

    def send(self, method, parameters, session=None):
        """Sends a command; where its answer will come."""
        answer = queue.Queue()
        with self.lock:
            self.number += 1
            self.waiting[self.number] = answer
            message = {"id": self.number, "method": method, "params": parameters}
            if session:
                message["sessionId"] = session
            data = json.dumps(message).encode() + b"\0"
            while data:
                data = data[os.write(self.commands, data):]
        return answer

    def call(self, method, session=None, seconds=CALL_SECONDS, **parameters):
        try:
            message = self.send(method, parameters, session).get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"{method}: no answer in {seconds} s\n{self.output()}") from None
        assert "error" not in message, (method, message["error"], self.output())
        return message["result"]

    def output(self):
        """The end of what the browser itself printed."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-2000:]

    def page(self):
        return Page(self)

    def close(self):
        self.send("Browser.close", {})
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        try:  # its own session: the helpers, if one is left
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.commands)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A tab with cookies and storage of its own."""

    def __init__(self, browser):
        self.browser = browser
        self.console, self.faults, self.dialogs, self.requests = [], [], [], []
        self.request_ids = {}
        self.loaded = threading.Event()
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank",
                              browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target,
                                    flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def on_event(self, method, event):
        if method == "Page.loadEventFired":
            self.loaded.set()
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(event["message"])
            self.browser.send("Page.handleJavaScriptDialog", {"accept": True}, self.session)
        elif method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled":
            words = [str(word.get("value", word.get("description"))) for word in event["args"]]
            self.console.append((event["type"], " ".join(words)))
        elif method == "Log.entryAdded":
            entry = event["entry"]
            self.faults.append(f"{entry['source']} {entry['level']}: {entry['text']} "
                               f"{entry.get('url', '')}")
        elif method == "Audits.issueAdded":
            if event["issue"]["code"].startswith("ContentSecurityPolicy"):
                self.faults.append(json.dumps(event["issue"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(event["request"]["url"])
            self.request_ids[event["request"]["url"]] = event["requestId"]
        elif method == "Network.webSocketCreated":
            self.requests.append(event["url"])

    def open(self, url):
        """Loads an address and waits until it and all it names are there."""
        self.loaded.clear()
        result = self.call("Page.navigate", url=url)
        assert "errorText" not in result, (url, result)
        assert self.loaded.wait(CALL_SECONDS), f"{url} never ended loading"
        return self

    def evaluate(self, expression):
        """The value of a JavaScript expression (a promise's when it is one)."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        assert "exceptionDetails" not in result, (expression, result["exceptionDetails"])
        return result["result"].get("value")

    def wait_for(self, expression, seconds=30):
        """Polls until the expression is true, and gives its value back."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            value = self.evaluate(expression)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"not true after {seconds} s: {expression}\n"
                             f"{self.faults}\n{self.evaluate('document.body.innerText')[:3000]}")

    def body_of(self, part):
        """The bytes that the newest request with `part` in its address brought, as text."""
        url = next(url for url in reversed(self.requests) if part in url)
        result = self.call("Network.getResponseBody", requestId=self.request_ids[url])
        return (base64.b64decode(result["body"]).decode() if result["base64Encoded"]
                else result["body"])

    def screenshot(self, path, **options):
        """A picture of what is in sight: a PNG, or what the options of the protocol say."""
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", **options)["data"]))

    def close(self):
        """Ends the tab and forgets its cookies."""
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)
        self.browser.pages.pop(self.session)
