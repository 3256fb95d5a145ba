"""What the case asks: a small HTTP server. server.py PORT [unix:PATH | tls:CERT]

It returns when the server is there, which ends by itself or when it is asked for /quit.
"""
import base64, hashlib, http.server, json, os, socketserver, ssl, sys, threading, time, urllib.parse, urllib.request

SECONDS = 180
FILE = b"line 1\nline 2\n"
# "packed" in gzip, the same whatever Python this is.
PACKED = base64.b64decode("H4sIAAAAAAACAytITM5OTeECAEPgQS8HAAAA")


class Handler(http.server.BaseHTTPRequestHandler):
    server_version, sys_version = "case", ""

    def version_string(self):
        return "case"

    def date_time_string(self, timestamp=None):
        return "Thu, 01 Jan 2026 00:00:00 GMT"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "client"

    def give(self, status, body=b"", kind="text/plain", more=()):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in more:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        first, _, rest = url.path.strip("/").partition("/")
        if first == "quit":
            self.give(200, b"bye")
            self.wfile.flush()
            threading.Timer(0.1, lambda: os._exit(0)).start()
        elif first == "echo":
            names = ("Content-Type", "Accept", "User-Agent", "Authorization", "X-Own", "Cache-Control", "Cookie", "Accept-Encoding", "Connection", "If-Modified-Since")
            kind = self.headers.get("Content-Type") or ""
            if "boundary=" in kind:
                boundary = kind.split("boundary=")[1].strip('"')
                sent = sent.replace(boundary.encode(), b"BOUNDARY")
                self.headers.replace_header("Content-Type", kind.replace(boundary, "BOUNDARY"))
            told = {"method": self.command, "path": self.path, "body": sent.decode("latin-1")}
            told["headers"] = {n.lower(): self.headers[n] for n in names if n in self.headers}
            self.give(200, json.dumps(told, sort_keys=True).encode(), "application/json")
        elif first == "text":
            self.give(200, "grüße\n".encode(query.get("charset", "utf-8")), "text/plain; charset=" + query.get("charset", "utf-8"))
        elif first == "type":
            self.give(200, b'{"a": [1, 2.5, null], "b": {"c": "d"}}', rest)
        elif first == "badjson":
            self.give(200, b"{nope", "application/json")
        elif first == "status":
            self.give(int(rest), b"said %d" % int(rest) if rest not in ("204", "304") else b"")
        elif first == "redirect":
            self.give(int(rest), b"moved", more=[("Location", query.get("to", "/echo"))])
        elif first == "auth":
            wanted = "Basic " + base64.b64encode(b"jo:s3cret").decode()
            if self.headers.get("Authorization") == wanted:
                self.give(200, b"welcome")
            else:
                self.give(401, b"who?", more=[("WWW-Authenticate", 'Basic realm="case"')])
        elif first == "cipher":
            self.give(200, " ".join(map(str, self.connection.cipher())).encode())
        elif first == "digest":
            self.digest(rest, query)
        elif first == "cookies":
            self.give(200, b"", more=[("Set-Cookie", "b=2; Path=/"), ("Set-Cookie", "a=1; HttpOnly"), ("X-Two", "x"), ("X-Two", "y")])
        elif first == "gzip":
            self.give(200, PACKED, more=[("Content-Encoding", "gzip")])
        elif first == "slow":
            time.sleep(float(rest))
            self.give(200, b"late")
        elif first == "file":
            if self.headers.get("If-Modified-Since"):
                self.give(304, b"")
            else:
                body = query.get("body", "").encode() or FILE
                name = [("Content-Disposition", 'attachment; filename="%s"' % query["name"])] if "name" in query else []
                self.give(200, body, more=[("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"), *name])
        elif first == "sums":
            digest = hashlib.sha256(FILE).hexdigest()
            if rest == "one":
                self.give(200, digest.encode() + b"\n")
            else:
                self.give(200, f"{'0' * 64}  other\n{digest}  {query.get('name', 'file')}\n".encode())
        else:
            self.give(404, b"no such page")

    def digest(self, algorithm, query):
        """Asks for a digest, and tells which it got: what differs from run to run is replaced."""
        nonce, qop = query.get("nonce", "abc123"), query.get("qop", "auth")
        fields = [("realm", '"case"'), ("nonce", f'"{nonce}"')]
        fields += [("qop", f'"{qop}"')] if qop != "none" else []
        fields += [("algorithm", algorithm)] if algorithm != "none" else []
        fields += [("opaque", f'"{query["opaque"]}"')] if "opaque" in query else []
        scheme = query.get("scheme", "Digest")
        challenge = scheme + " " + ", ".join("=".join(field) for field in fields)
        challenges = [("WWW-Authenticate", challenge)]
        if "basic" in query:
            challenges.insert(int(query["basic"]), ("WWW-Authenticate", 'Basic realm="case"'))
        given = self.headers.get("Authorization") or ""
        told = dict(urllib.request.parse_keqv_list(urllib.request.parse_http_list(given.partition(" ")[2]))) if given.startswith("Digest ") else {}
        kind = {"SHA": "sha1", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}.get(algorithm.removesuffix("-sess"), "md5")
        digest = lambda text: hashlib.new(kind, text.encode()).hexdigest()
        first = digest("jo:case:s3cret")
        if algorithm.endswith("-sess"):
            first = digest(f"{first}:{nonce}:{told.get('cnonce')}")
        second = digest(f"{self.command}:{self.path}")
        middle = f"{nonce}:{told.get('nc')}:{told.get('cnonce')}:{told.get('qop')}" if "qop" in told else nonce
        if told and told.get("response") == digest(f"{first}:{middle}:{second}"):
            given = given.replace(told["response"], "RIGHT").replace(told.get("cnonce", "CNONCE"), "CNONCE")
            if "to" in query:
                self.give(302, b"moved", more=[("Location", query["to"])])
            else:
                self.give(200, given.encode())
        else:
            self.give(401, b"who?" + (b" WRONG" if told else b"") + given.split(" ")[0].encode(), more=challenges)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = do_ODD = answer


class Tcp(http.server.ThreadingHTTPServer):
    daemon_threads = True


class Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def open_server(port, kind):
    for attempt in range(100):
        try:
            if kind.startswith("unix:"):
                return Unix(kind[5:], Handler)
            return Tcp(("127.0.0.1", port), Handler)
        except OSError:
            # That of a run before this one is still there.
            time.sleep(0.1)
    sys.exit("the address is taken")


def main():
    port, kind = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    server = open_server(port, kind)
    if kind.startswith(("tls:", "tls1.2:")):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(kind.partition(":")[2])
        if kind.startswith("tls1.2:"):
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        server.socket = context.wrap_socket(server.socket, server_side=True)
    if os.fork():
        return
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    threading.Timer(SECONDS, lambda: os._exit(0)).start()
    server.serve_forever()


main()
