"""A web server on loopback for pages of the tests' own: files, made-up pages, and norn behind it.

Input: paths -> HTML; folders of files; the server to pass everything else on to. Output: url.
"""
import http.server
import mimetypes
import os
import threading

import requests


class Site:
    """`pages` maps a path to HTML, `files` is a folder; other paths go to `behind`, a norn."""

    def __init__(self, pages=None, files=None, behind=None, headers=None):
        self.pages, self.files, self.behind = pages or {}, files, behind
        self.headers = headers or {}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self):
        """The class that answers GET for this site."""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One connection."""

            def do_GET(self):
                status, kind, body = site.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)),
                                    **site.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format, *args):
                """Silent."""
        return Handler

    def answer(self, target):
        """(status, content type, body) of a path with its query."""
        path = target.split("?")[0]
        if path in self.pages:
            return 200, "text/html; charset=utf-8", self.pages[path].encode()
        file = self.files and os.path.normpath(self.files + path)
        if file and file.startswith(self.files + "/") and os.path.isfile(file):
            with open(file, "rb") as opened:
                return 200, mimetypes.guess_type(file)[0] or "text/plain", opened.read()
        if not self.behind:
            return 404, "text/plain", b"nothing here"
        reply = requests.get(self.behind.url + target, timeout=30)
        return reply.status_code, reply.headers["Content-Type"], reply.content

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.server.shutdown()
        self.server.server_close()
