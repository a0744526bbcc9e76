# SPDX-License-Identifier: GPL-2.0
"""Sends a datagram that has traits, and tells which ones the answer has:

    ask.py HOST PORT [KEY=NUMBER]...
"""
import socket
import sys

import traits


def main():
    values = {}
    for argument in sys.argv[3:]:
        name, number = argument.split("=")
        values[name] = int(number, 0)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(10)
    sock.setsockopt(socket.SOL_IP, traits.CMSG, traits.CMSG_RECV | traits.CMSG_SEND)
    sock.connect((sys.argv[1], int(sys.argv[2])))
    sock.sendmsg([b"hello"], traits.message(values) if values else [])
    data, ancillary, _, _ = sock.recvmsg(4096, traits.CMSG_SPACE)
    print(data.decode())
    for name, value in sorted(traits.received(ancillary).items()):
        print(f"{name}={value.hex() or 'set'}")


main()
