# SPDX-License-Identifier: GPL-2.0
"""A TCP server that tells each client which traits its connection came with: mirror.py PORT

It answers with a line for each trait of the client's SYN that it may read.
"""
import socket
import sys

import traits


def main():
    listener = socket.create_server(("", int(sys.argv[1])))
    listener.setsockopt(socket.SOL_IP, traits.SAVE_SYN, 1)
    while True:
        connection, _ = listener.accept()
        with connection:
            found = traits.dump(connection, traits.SYN)
            lines = [f"{name}={value.hex()}\n" for name, value in found.items()]
            connection.sendall("".join(lines).encode() or b"no traits\n")


main()
