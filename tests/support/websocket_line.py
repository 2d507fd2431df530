"""A websocket (RFC 6455) that looks like a socket: each sendall() is one binary message, what
comes in is one stream of bytes. Written from the standard, for scripted capture tools."""
import base64
import os
import struct


class WebSocketLine:
    def __init__(self, line, path, headers=()):
        self.line, self.raw, self.ready, self.code = line, b"", b"", None
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
                 *headers, "", ""]
        line.sendall("\r\n".join(lines).encode())
        while b"\r\n\r\n" not in self.raw:
            more = line.recv(4096)
            if not more:
                break
            self.raw += more
        head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        self.status = int(head.split(b" ")[1])
        if self.status != 101:
            raise ConnectionError(f"{head.decode()}\n{self.raw.decode(errors='replace')}")

    def sendall(self, data, opcode=2):
        length = len(data)
        head = bytes([0x80 | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        mask = os.urandom(4)
        whole = (mask * (length // 4 + 1))[:length]
        masked = int.from_bytes(data, "big") ^ int.from_bytes(whole, "big")
        self.line.sendall(head + mask + masked.to_bytes(length, "big"))

    def take_frame(self):
        """One whole frame out of what has come: opcode and payload, or None."""
        if len(self.raw) < 2:
            return None
        length, at = self.raw[1] & 127, 2
        if length >= 126:
            size = 2 if length == 126 else 8
            if len(self.raw) < at + size:
                return None
            length, at = int.from_bytes(self.raw[at:at + size], "big"), at + size
        if len(self.raw) < at + length:
            return None
        opcode, payload = self.raw[0] & 15, self.raw[at:at + length]
        self.raw = self.raw[at + length:]
        return opcode, payload

    def recv(self, _):
        while not self.ready:
            frame = self.take_frame()
            if not frame:
                more = self.line.recv(1 << 18)
                if not more:
                    return b""
                self.raw += more
                continue
            opcode, payload = frame
            if opcode == 9:
                self.sendall(payload, 10)
            elif opcode == 8:
                self.code = int.from_bytes(payload[:2], "big")
                return b""
            elif opcode in (0, 1, 2):
                self.ready += payload
        data, self.ready = self.ready, b""
        return data

    def settimeout(self, seconds):
        self.line.settimeout(seconds)

    def close(self):
        self.line.close()
