"""Writes every byte that reaches a TCP port on loopback into a file, until it is ended: overhear.py PORT FILE

Needs CAP_NET_RAW. Only for plain HTTP; what a browser sends and what a program sends are heard alike.
"""
import signal
import socket
import struct
import sys

ETH_P_ALL, OUTGOING, SO_RCVBUFFORCE = 3, 4, 33


def payload(packet, port):
    """The bytes of a TCP segment to the port; of anything else none."""
    version = packet[14] >> 4
    if version == 4:
        protocol, start = packet[23], 14 + (packet[14] & 15) * 4
    elif version == 6:
        protocol, start = packet[20], 14 + 40
    else:
        return b""
    if protocol != socket.IPPROTO_TCP or struct.unpack("!H", packet[start + 2:start + 4])[0] != port:
        return b""
    return packet[start + (packet[start + 12] >> 4) * 4:]


def main():
    port, path = int(sys.argv[1]), sys.argv[2]
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    wire.bind(("lo", 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open(path, "wb", buffering=0) as heard:
        print("listening", flush=True)
        while True:
            packet, (_, _, kind, *_) = wire.recvfrom(1 << 18)
            # On loopback a packet passes twice: on its way out and in.
            if kind != OUTGOING and len(packet) > 54:
                heard.write(payload(packet, port))


main()
