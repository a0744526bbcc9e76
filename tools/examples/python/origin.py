# SPDX-License-Identifier: GPL-2.0
"""A web server that logs through which data centre each request came: origin.py PORT

An XDP program (bpf-progs/origin.bpf.c) took the tunnel off long before, and kept the
address of its other end as the trait "origin". The server asks for it with one
getsockopt() and knows nothing of tunnels.
"""
import socket
import sys

import traits

CENTRES = {"192.0.2.1": "Lisbon", "192.0.2.2": "Warsaw"}


def log(connection, address):
    origin = traits.get(connection, traits.SYN, "origin")
    if origin is None:
        through = "here"
    else:
        through = socket.inet_ntoa(origin)
        through = CENTRES.get(through, through)
    print(f"{address[0]} came in through {through}", flush=True)


def main():
    listener = socket.create_server(("", int(sys.argv[1])))
    listener.setsockopt(socket.SOL_IP, traits.SAVE_SYN, 1)
    traits.key("origin")
    print("ready", flush=True)
    while True:
        connection, address = listener.accept()
        with connection:
            connection.recv(4096)
            log(connection, address)
            connection.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")


main()
