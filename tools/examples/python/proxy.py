# SPDX-License-Identifier: GPL-2.0
"""A UDP proxy that labels what it sends with the customer that it is for:

    proxy.py HOST PORT=CUSTOMER...

Datagrams to PORT go on to the same port of HOST, and each has the trait "customer_id".
"""
import selectors
import socket
import sys

import traits


def main():
    host = sys.argv[1]
    ports = selectors.DefaultSelector()
    for argument in sys.argv[2:]:
        port, customer = map(int, argument.split("="))
        # Set once, for all that this socket will ever send.
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        traits.set(out, traits.SEND, {"customer_id": customer})
        into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        into.bind(("", port))
        ports.register(into, selectors.EVENT_READ, (out, (host, port)))
    while True:
        for ready, _ in ports.select():
            out, to = ready.data
            out.sendto(ready.fileobj.recv(65536), to)


main()
