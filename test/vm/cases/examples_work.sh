#!/bin/bash
# series: 6.12
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# What tools/examples has for sockets, beyond what the demos show: the echo server sees what it may read
# and returns what it may write; the relay leaves out what it may not write; the Python module sets and
# gets values of all sizes by name, and says what is refused and why.
. /src/test/vm/guest/lib.sh

examples=/build/examples
python=/src/tools/examples/python
export LD_LIBRARY_PATH=/build/tools PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$python

listens() { ss -Hlntu "sport = $1" | grep -q .; }

# echoed N: line N that the echo server printed before it answered
echoed() { sed -n "${1}p" echoed; }

for key in "flag size 0 user write" "zone size 4 user write" "service size 8 user read" \
	"way size 16 user write" "secret size 8"; do
	# shellcheck disable=SC2086
	vt_run traitctl key add $key > /dev/null
done

# --- Datagrams: ask.py and echo
$examples/echo 7000 > echoed &
vt_ok "echo listens" vt_wait_until 30 listens 7000
vt_eq "$(python3 $python/ask.py 127.0.0.1 7000)" hello "a datagram without traits comes back"
vt_eq "$(echoed 1)" "5 bytes, 0 traits" "and echo has seen none"
vt_eq "$(python3 $python/ask.py 127.0.0.1 7000 flag=0 zone=7 way=0x2211 | xargs)" \
	"hello flag=set way=11220000000000000000000000000000 zone=07000000" \
	"all sizes come back"
vt_eq "$(echoed 2)" \
	"5 bytes, 3 traits: flag zone=7 way=11220000000000000000000000000000" \
	"and echo has seen them"
vt_eq "$(python3 $python/ask.py 127.0.0.1 7000 service=9 2>&1 | tail -n 1)" \
	"OSError: [Errno 5] Input/output error" "a key that may only be read is not sent"

# --- Sockets: get, dump and set of traits.py, relay, and what echo leaves out
cat > sockets.py <<'END'
import errno, os, socket, traits

def connection(port, values):
    client = socket.socket()
    client.settimeout(20)
    if values:
        traits.set(client, traits.SYN, values)
    client.connect(("127.0.0.1", port))
    return client

def reason(f, *arguments):
    try:
        f(*arguments)
    except OSError as error:
        return f"{errno.errorcode[error.errno]} {error.strerror}"

listener = socket.create_server(("127.0.0.1", 7001))
listener.setsockopt(socket.SOL_IP, traits.SAVE_SYN, 1)
listener.settimeout(20)
sent = {"flag": b"", "zone": 5, "way": bytes(range(16))}

def accepted(port, values):
    client = connection(port, values)
    return client, listener.accept()[0]

client, server = accepted(7001, sent)
print("zone", traits.get(server, traits.SYN, "zone"))
print("way", traits.get(server, traits.SYN, "way").hex())
print("flag", traits.get(server, traits.SYN, "flag"))
print("service", traits.get(server, traits.SYN, "service"))
print("dump", sorted(traits.dump(server, traits.SYN)))
print("secret", reason(traits.get, server, traits.SYN, "secret"))
print("read", reason(traits.set, socket.socket(), traits.SEND, {"service": 1, "zone": 2}))
print("nobody", reason(traits.get, server, traits.SYN, "nobody"))
client, server = accepted(7002, sent)
print("relayed", sorted(traits.dump(server, traits.SYN)), traits.get(server, traits.SYN, "zone"))
client.sendall(b"there")
print("data", server.recv(16))
server.sendall(b"and back")
print("data", client.recv(16))
server.close()
print("end", client.recv(16))
client, server = accepted(7002, {})
print("bare", traits.dump(server, traits.SYN))

# Set while that was allowed, seen by echo, and not for echo to set
os.system("traitctl key set service user write > /dev/null")
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(20)
traits.set(asker, traits.SEND, {"service": 9, "zone": 8})
os.system("traitctl key set service user read > /dev/null")
asker.setsockopt(socket.SOL_IP, traits.CMSG, traits.CMSG_RECV)
asker.sendto(b"?", ("127.0.0.1", 7000))
_, ancillary, _, _ = asker.recvmsg(16, traits.CMSG_SPACE)
print("echoed", sorted(traits.received(ancillary)))
END
$examples/relay 7002 127.0.0.1 7001 > relayed &
vt_ok "relay listens" vt_wait_until 30 listens 7002
python3 sockets.py > said 2>&1
want=(
	"zone b'\x05\x00\x00\x00'"
	"way 000102030405060708090a0b0c0d0e0f"
	"flag b''"
	"service None"
	"dump ['flag', 'way', 'zone']"
	"secret EIO secret: Permission denied"
	"read EIO service: Permission denied"
	'nobody ENOENT no key has the name "nobody"'
	"relayed ['flag', 'way', 'zone'] b'\x05\x00\x00\x00'"
	"data b'there'"
	"data b'and back'"
	"end b''"
	"bare {}"
	"echoed ['zone']"
)
mapfile -t said < said
for i in "${!want[@]}"; do
	vt_eq "${said[i]:-}" "${want[i]}" "traits.py: ${want[i]%% *} ($((i + 1)))"
done
vt_eq "$(echoed 3)" "1 bytes, 2 traits: zone=8 service=9" "echo has seen both"
vt_eq "$(xargs < relayed)" "connection with 3 traits connection with 0 traits" "what the relay tells"
kill %1 %2
wait
for key in flag zone service way secret; do
	vt_run traitctl key del $key
done
vt_done
