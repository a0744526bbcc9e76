# SPDX-License-Identifier: GPL-2.0
"""Traits of a socket's packets, for Python: libtraits by ctypes, and nothing else.

Values are bytes, b"" for a flag; integers are taken, too, as little-endian numbers.

    import socket, traits

    listener.setsockopt(socket.SOL_IP, traits.SAVE_SYN, 1)
    connection, address = listener.accept()
    traits.get(connection, traits.SYN, "origin")       # bytes, or None
    traits.dump(connection, traits.SYN)                # {"origin": b"...", ...}
    traits.set(out, traits.SEND, {"customer_id": 7})   # on each packet from now on
"""
import ctypes
import errno
import os

# <linux/traits_socket.h> tells what these are. The level is SOL_IP.
SAVE_SYN, SYN, SEND, SAVE_DATA, DATA, CMSG, CHECK = range(0x7472, 0x7479)
CMSG_RECV, CMSG_SEND = 1, 2
SOL_TRAITS, CM = 0x7472, 1
KEYS_MAX = 64
LEN_FLAG = 255
# Room for all that can come with a datagram, for recvmsg()
CMSG_SPACE = 16 + KEYS_MAX * 24


class PktTrait(ctypes.Structure):
    """struct pkt_trait"""
    _fields_ = [("pad", ctypes.c_uint8), ("key", ctypes.c_uint8), ("len", ctypes.c_uint8),
                ("io_err", ctypes.c_uint8), ("pad2", ctypes.c_uint32),
                ("val", ctypes.c_uint8 * 16)]

    def value(self):
        """The value, or None if there is none."""
        if not self.len:
            return None
        return bytes(self.val)[:0 if self.len == LEN_FLAG else self.len]


class Key(ctypes.Structure):
    """struct traits_key"""
    _fields_ = [("id", ctypes.c_uint32), ("size", ctypes.c_uint32), ("gro", ctypes.c_uint32),
                ("clone", ctypes.c_uint32), ("netns", ctypes.c_uint32),
                ("user", ctypes.c_uint32), ("limited", ctypes.c_bool),
                ("gid", ctypes.c_uint32), ("holds", ctypes.c_uint32),
                ("name", ctypes.c_char * 32), ("description", ctypes.c_char * 128)]


_lib = ctypes.CDLL("libtraits.so.0", use_errno=True)
_lib.traits_open.restype = ctypes.c_void_p
_lib.traits_error.restype = ctypes.c_char_p
_lib.traits_error.argtypes = [ctypes.c_void_p]
_lib.traits_key_dump.argtypes = [ctypes.c_void_p, ctypes.POINTER(Key)]
_lib.traits_key_get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(Key)]
for _f in _lib.traits_sock_get, _lib.traits_sock_dump, _lib.traits_sock_set:
    _f.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.POINTER(PktTrait), ctypes.c_size_t]

_registry = None


def _open():
    global _registry
    if not _registry:
        _registry = _lib.traits_open()
    if not _registry:
        raise OSError(ctypes.get_errno(), "traits: " + os.strerror(ctypes.get_errno()))
    return _registry


def _check(ret, what):
    if ret < 0:
        raise OSError(-ret, f"{what}: {os.strerror(-ret)}")
    return ret


def key(name):
    """The registered key of this name: .id, .size, ..."""
    found = Key()
    ret = _lib.traits_key_get(_open(), name.encode(), found)
    if ret < 0:
        raise OSError(-ret, _lib.traits_error(_open()).decode())
    return found


def _named(traits):
    """{name: value} of elements, which know ids only."""
    keys = (Key * KEYS_MAX)()
    n = _check(_lib.traits_key_dump(_open(), keys), "keys")
    names = {k.id: k.name.decode() for k in keys[:n]}
    return {names.get(t.key, f"key-{t.key}"): t.value() for t in traits}


def _array(values):
    """{name: value} as struct pkt_trait[]"""
    array = (PktTrait * len(values))()
    for element, (name, value) in zip(array, values.items()):
        k = key(name)
        if isinstance(value, int):
            value = value.to_bytes(k.size, "little")
        element.key = k.id
        element.len = len(value) or LEN_FLAG
        ctypes.memmove(element.val, value, len(value))
    return array


def _refused(names, array):
    """Why an array was refused, by the errors of its elements."""
    reasons = [f"{name}: {os.strerror(t.io_err)}" for name, t in zip(names, array) if t.io_err]
    return OSError(errno.EIO, "; ".join(reasons))


def get(sock, option, name):
    """One trait, by one getsockopt(): bytes, or None if the packet did not have it."""
    array = (PktTrait * 1)(PktTrait(key=key(name).id))
    ret = _lib.traits_sock_get(sock.fileno(), option, array, 1)
    if ret == -errno.EIO:
        raise _refused([name], array)
    _check(ret, "traits")
    return array[0].value()


def dump(sock, option):
    """All traits that this process may read: {name: bytes}"""
    array = (PktTrait * KEYS_MAX)()
    n = _check(_lib.traits_sock_dump(sock.fileno(), option, array, KEYS_MAX), "traits")
    return _named(array[:n])


def set(sock, option, values):
    """Set {name: value}, in place of all that was set before."""
    array = _array(values)
    ret = _lib.traits_sock_set(sock.fileno(), option, array, len(array))
    if ret == -errno.EIO:
        raise _refused(values, array)
    _check(ret, "traits")


def received(ancillary):
    """The traits of a datagram, {name: bytes}, of what recvmsg() returned as ancillary data."""
    for level, kind, data in ancillary:
        if (level, kind) == (SOL_TRAITS, CM):
            size = ctypes.sizeof(PktTrait)
            return _named(PktTrait.from_buffer_copy(data, at)
                          for at in range(0, len(data) - size + 1, size))
    return {}


def message(values):
    """Ancillary data for sendmsg(), so that this datagram has {name: value}."""
    return [(SOL_TRAITS, CM, bytes(_array(values)))]
