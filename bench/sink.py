"""A mail server that accepts everything and counts: `python -m bench.sink PORT`.

Prints, when its input closes, how many messages came and the seconds from the first connection to the last message.

Small on purpose: the server shares the machine with what is measured.
"""

import asyncio
import sys
import time


class Sink(asyncio.Protocol):
    """One connection."""

    n_messages = 0
    began = ended = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer, self.in_data = transport, b"", False
        Sink.began = Sink.began or time.monotonic()
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            if self.in_data:
                end = self.buffer.find(b"\r\n.\r\n")
                if end < 0:
                    return
                self.buffer, self.in_data = self.buffer[end + 5 :], False
                Sink.n_messages += 1
                Sink.ended = time.monotonic()
                self.transport.write(b"250 ok\r\n")
                continue
            end = self.buffer.find(b"\r\n")
            if end < 0:
                return
            line, self.buffer = self.buffer[:end].upper(), self.buffer[end + 2 :]
            if line.startswith(b"EHLO"):
                self.transport.write(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif line == b"DATA":
                self.in_data = True
                self.transport.write(b"354 go\r\n")
            elif line == b"QUIT":
                self.transport.write(b"221 bye\r\n")
                self.transport.close()
                return
            else:
                self.transport.write(b"250 ok\r\n")


async def main(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", port)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    print(Sink.n_messages, Sink.ended - Sink.began, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
