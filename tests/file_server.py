"""A local server of files that can be slow, short of breath, or wrong."""

import http.server
import re
import threading
from contextlib import contextmanager


class Handler(http.server.BaseHTTPRequestHandler):
    """GET with ranges, as the attributes of the server say."""

    def do_GET(self):
        server = self.server
        name = self.path.lstrip("/")
        server.requests.append((name, self.headers.get("Range")))
        if name not in server.files:
            self.send_error(404)
            return
        content, start = server.files[name], 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if asked and server.ranges:
            start = int(asked[1])
            if start >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        self.send_response(206 if asked and server.ranges else 200)
        if asked and server.ranges:
            first = start + server.shift
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        if server.announced:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : server.stop])
        self.wfile.flush()
        if server.stop is not None:
            server.paused.set()
            server.ended.wait(server.pause)
        self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def serving(**files):
    """A server of `files`; its address is `url`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.files, server.requests = dict(files), []
        server.ranges, server.announced = True, True
        server.stop, server.pause, server.shift = None, 0.0, 0
        server.paused, server.ended = threading.Event(), threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
