/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Traits: typed values that travel with a network packet. This header is the contract
 * between the module, BPF programs and applications.
 *
 * Keys
 * ====
 *
 * A value belongs to a key. There are %TRAITS_KEYS_MAX keys, numbered from 0; a key must be
 * registered before a program can use it. A registered key has
 *
 *	id	its number. BPF programs use it; it may change from boot to boot.
 *	name	unique; 1 to %TRAITS_NAME_MAX letters, digits and . _ - /
 *		Programs are written against names and look the ids up when loaded.
 *	size	bytes of each value: 0 (a flag: there or not), 4, 8 or 16
 *	gro	what becomes of the values of packets that GRO merges, &enum traits_gro
 *	clone	what clones of a packet see of it, &enum traits_clone
 *	netns	what happens where a packet leaves its network namespace, &enum traits_netns
 *	user	what applications may do with it through their sockets, &enum traits_user
 *	gid	if given, only those that are in this group of the initial user namespace
 *	description
 *		what it is for, up to %TRAITS_DESCRIPTION_MAX printable characters of ASCII
 *
 * Name and size stay as they are as long as the key is registered. While no key is registered the module listens to nothing in the kernel.
 *
 * Generic netlink
 * ===============
 *
 * Family %TRAITS_GENL_NAME, version %TRAITS_GENL_VERSION, in all network namespaces; the
 * registry is one for the whole machine. Asking for the family loads the module. All
 * requests are checked strictly: an attribute that is not listed for the command is refused
 * with -EINVAL, a flag with a value with -ERANGE, a command that is not listed with
 * -EOPNOTSUPP. New attributes will be added at the end of their list, the version will not
 * change. A refused request has changed nothing, and its extended ack says why in one
 * sentence.
 *
 * Commands that change anything have the flag %GENL_ADMIN_PERM: they need CAP_NET_ADMIN in
 * the initial user namespace. Where it is missing, the core of generic netlink answers,
 * with -EPERM and no sentence. All others are open to all.
 *
 * The flags %NLM_F_EXCL, %NLM_F_REPLACE and the like are refused by that core, too; what they
 * would say is said by attributes.
 *
 * %TRAITS_CMD_KEY_ADD: register a key
 *
 *	%TRAITS_A_KEY_NAME	NUL-terminated string
 *	%TRAITS_A_KEY_SIZE	u32
 *	%TRAITS_A_KEY_ID	u32, optional: insist on this id
 *	%TRAITS_A_KEY_GRO	u32, optional: &enum traits_gro
 *	%TRAITS_A_KEY_CLONE	u32, optional: &enum traits_clone
 *	%TRAITS_A_KEY_NETNS	u32, optional: &enum traits_netns
 *	%TRAITS_A_KEY_USER	u32, optional: &enum traits_user
 *	%TRAITS_A_KEY_GID	u32, optional: a group, or %TRAITS_GID_ANY
 *	%TRAITS_A_KEY_DESCRIPTION  NUL-terminated string, optional
 *	%TRAITS_A_KEY_EXIST_OK	flag: if a key of this name is there, and all that is given
 *				here is as it is there, then that is fine, too
 *
 *	What is not given is 0 or empty in a new key, and may be anything in one that is there.
 *	Reply: the key, as of %TRAITS_CMD_KEY_GET.
 *	-EINVAL		name or size missing, one of all not valid, or a policy that
 *			a key of this size cannot have
 *	-EEXIST		the name is taken (with %TRAITS_A_KEY_EXIST_OK: by a key that is not
 *			as it is given here)
 *	-EADDRINUSE	the id is taken
 *	-ENOSPC		%TRAITS_KEYS_MAX keys are registered
 *	-ENOMEM, or why the first key could not attach the module's hooks
 *
 * %TRAITS_CMD_KEY_DEL: unregister a key
 *
 *	%TRAITS_A_KEY_NAME or %TRAITS_A_KEY_ID, one of the two
 *	%TRAITS_A_KEY_FORCE	flag: also if a loaded BPF program declares it
 *
 *	Values in packets on their way are gone at once: they are not read any more, also
 *	not when the id is given to another key.
 *	-EINVAL		none or both given, or not valid
 *	-ENOENT		no such key
 *	-EBUSY		a loaded BPF program declares it, see %TRAITS_CMD_KEY_HOLD. The kernel frees
 *			programs a moment after they were unloaded.
 *
 * %TRAITS_CMD_KEY_SET: change a key
 *
 *	%TRAITS_A_KEY_NAME or %TRAITS_A_KEY_ID, one of the two
 *	any of %TRAITS_A_KEY_GRO, %TRAITS_A_KEY_CLONE, %TRAITS_A_KEY_NETNS, %TRAITS_A_KEY_USER,
 *	%TRAITS_A_KEY_GID, %TRAITS_A_KEY_DESCRIPTION
 *
 *	What is not given stays. Values in packets on their way stay, and are treated by the
 *	new policies from then on.
 *	Reply: the key, as of %TRAITS_CMD_KEY_GET.
 *	-EINVAL		no key, or nothing to change given; not valid; or a policy that a key
 *			of this size cannot have
 *	-ENOENT		no such key
 *	-ENOMEM, or why the hooks of a new policy could not be attached
 *
 * %TRAITS_CMD_KEY_HOLD: a BPF program that declares keys has been loaded
 *
 *	%TRAITS_A_KEY_PROG_FD	u32: file descriptor of the program
 *	%TRAITS_A_KEY_PROG_TYPE	u32: its type, enum bpf_prog_type
 *
 *	The keys are read from the program's map of section %TRAIT_KEY_SECTION, where
 *	TRAIT_KEY() puts them; libbpf gives this map to all programs of an object. They
 *	are not deleted, unless by %TRAITS_A_KEY_FORCE, while there is such a program, or its
 *	loader holds the map open. It does not matter who else knows of the program, or
 *	whether its loader still runs. Nothing is known of programs for which this was
 *	not called; libtraits has traits_hold() for it.
 *	-EINVAL		an attribute missing, or the program declares no keys
 *	-EBADF		not the descriptor of a program, or of one of another type
 *	-ESTALE		a key has another id or size than the program was loaded with, or is gone
 *	-ENOMEM
 *
 * %TRAITS_CMD_KEY_GET: one key (do), or all keys in order of their ids (dump)
 *
 *	do: %TRAITS_A_KEY_NAME or %TRAITS_A_KEY_ID, one of the two; dump: no attribute
 *
 *	Reply: %TRAITS_A_KEY_ID, %TRAITS_A_KEY_NAME, %TRAITS_A_KEY_SIZE, %TRAITS_A_KEY_GRO,
 *	%TRAITS_A_KEY_CLONE, %TRAITS_A_KEY_NETNS, %TRAITS_A_KEY_USER, %TRAITS_A_KEY_GID unless it is
 *	%TRAITS_GID_ANY, %TRAITS_A_KEY_DESCRIPTION unless it is empty, and
 *	%TRAITS_A_KEY_HOLDS, u32: how many loaded BPF objects are known to declare it.
 *	In a dump one message for each key.
 *	%NLM_F_DUMP_INTR is set on a dump during which the registry changed; ask again.
 *	-EINVAL, -ENOENT as above
 *
 * Multicast group %TRAITS_GENL_KEYS: what changes in the registry, in the order of the changes
 *
 *	%TRAITS_CMD_KEY_ADD_NTF, %TRAITS_CMD_KEY_SET_NTF, %TRAITS_CMD_KEY_DEL_NTF: a key was
 *	registered, was changed, was unregistered. The key as of %TRAITS_CMD_KEY_GET, without
 *	%TRAITS_A_KEY_HOLDS; one that is gone as it was last. In all network namespaces, as the
 *	registry is one for all of them, and open to all, as reading it is. Also to
 *	whoever made the change. Requests that change nothing make no notification, nor
 *	does the unloading of the module.
 *
 * %TRAITS_CMD_STAT_GET: counters (do); for each CPU (dump)
 *
 *	do: nothing, or
 *	%TRAITS_A_STAT_KEY	u32: id of a key
 *
 *	Reply: one u64 for each of &enum traits_stat, %TRAITS_A_STAT_SET for %TRAITS_STAT_SET and so
 *	on, in the same order; since the module was loaded.
 *	Of a key: only what is counted by key as well, because it costs packets nothing that
 *	are not refused or lost anything: %TRAITS_A_STAT_EINVAL, %TRAITS_A_STAT_EEXIST,
 *	%TRAITS_A_STAT_ENOENT, %TRAITS_A_STAT_ENOSPC, %TRAITS_A_STAT_EBUSY, %TRAITS_A_STAT_EOPNOTSUPP
 *	(of single keys; not of batches), and %TRAITS_A_STAT_LOST_MERGE; since the key was registered.
 *	dump: no attribute. One message for each CPU that there can be, with %TRAITS_A_STAT_CPU,
 *	u32: its number, and all counters.
 *	-EINVAL		not valid
 *	-ENOENT		no such key
 *
 * %TRAITS_CMD_INFO_GET: what is running here (do)
 *
 *	No attribute. Reply:
 *	%TRAITS_A_INFO_VERSION	string: version of the module
 *	%TRAITS_A_INFO_RELEASE	string: release of the running kernel
 *	%TRAITS_A_INFO_MAX_KEYS	u32: how many keys there can be
 *	%TRAITS_A_INFO_KEYS	u32: how many keys are registered
 *	%TRAITS_A_INFO_MAX_NAME	u32: characters that a name can have
 *	%TRAITS_A_INFO_MAX_DESCRIPTION  u32: characters that a description can have
 *	%TRAITS_A_INFO_MAX_HEADROOM  u32: bytes that can be asked for with %TRAITS_CMD_DEV_SET
 *	%TRAITS_A_INFO_HOOK	nest, once for each hook:
 *		%TRAITS_A_HOOK_NAME	string: kernel function or tracepoint
 *		%TRAITS_A_HOOK_TYPE	string: "tracepoint", "ftrace" or "kretprobe"
 *		%TRAITS_A_HOOK_ATTACHED	u32: 1 when attached, else 0
 *		%TRAITS_A_HOOK_MISSED	u64: how often a kretprobe could not follow a call
 *		%TRAITS_A_HOOK_NEEDED	u32: 1 while a key needs it, else 0
 *		%TRAITS_A_HOOK_FOUND	u32: 1 when the kernel has it now, else 0: some are not
 *					in all kernels, some in modules that come and go
 *
 * %TRAITS_CMD_DEV_SET: have the stack leave room for traits in front of what a device sends
 *
 *	%TRAITS_A_DEV_IFNAME or %TRAITS_A_DEV_IFINDEX, one of the two: string or u32, a device
 *	of the caller's network namespace
 *	%TRAITS_A_DEV_HEADROOM	u32: bytes, 0 to %TRAITS_HEADROOM_MAX; 0 takes it back
 *
 *	A packet that came from no XDP program has traits only if there is room for them. This
 *	asks for it where the device itself asks, in its needed_headroom, on top of what is in
 *	there: packets made or forwarded for this device have so many bytes free in front of
 *	their link-layer header. Traits need 108 of them besides the bytes of their values;
 *	most that a packet's traits can take is 360, and the rest is for headers that are
 *	pushed later. The device meant is the one that routes name, so the tunnel or VLAN
 *	and not the device below. Works without any key.
 *
 *	It is taken back when the module is unloaded, when the device goes away, and when
 *	it moves to another network namespace. Drivers may overwrite the field at any time
 *	(bridge and Open vSwitch for their ports, veth, bonding, VLANs and tunnels for
 *	themselves): what they wrote is then taken for what the device needs, and the
 *	headroom is added to it again, at the latest when anything changes about any
 *	device. To tell who wrote last, the sum is rounded up to an odd number. Other devices may derive their own need from this one's meanwhile (VLANs
 *	when they are made, tunnels when they send); theirs stays as it is.
 *
 *	Reply: the device, as of %TRAITS_CMD_DEV_GET.
 *	-EINVAL		device or headroom missing, both name and index given, or not valid
 *	-ENODEV		no such device
 *	-ERANGE		the device itself needs so much that the sum exceeds 65535
 *	-ENOMEM
 *
 * %TRAITS_CMD_DEV_GET: one device (do), or all that headroom was asked for (dump)
 *
 *	do: %TRAITS_A_DEV_IFNAME or %TRAITS_A_DEV_IFINDEX, one of the two; dump: no attribute
 *
 *	Reply, in a dump one message for each device, in order of their indices:
 *	%TRAITS_A_DEV_IFINDEX	u32
 *	%TRAITS_A_DEV_IFNAME	string
 *	%TRAITS_A_DEV_HEADROOM	u32: bytes that were asked for; 0: none
 *	%TRAITS_A_DEV_NEEDED	u32: needed_headroom of the device as it is now
 *	%NLM_F_DUMP_INTR is set on a dump during which some headroom changed; ask again.
 *	-EINVAL, -ENODEV as above
 */
#ifndef _UAPI_LINUX_TRAITS_H
#define _UAPI_LINUX_TRAITS_H

#define TRAITS_GENL_NAME	"traits"
#define TRAITS_GENL_VERSION	1
#define TRAITS_GENL_KEYS	"keys"

#define TRAITS_KEYS_MAX		64
#define TRAITS_NAME_MAX		31	/* characters, without the NUL */
#define TRAITS_DESCRIPTION_MAX	127	/* characters, without the NUL */
#define TRAITS_ID_ANY		0xff
#define TRAITS_GID_ANY		0xffffffff
#define TRAITS_HEADROOM_MAX	512	/* bytes, in front of what a device sends */

/* Flags of bpf_{xdp,skb}_trait_set() */
#define TRAIT_NOEXIST	1	/* -EEXIST when the packet already has the trait */
#define TRAIT_EXIST	2	/* -ENOENT when the packet does not have the trait yet */

/**
 * enum traits_gro - what a packet that GRO made of several has of a key
 * @TRAITS_GRO_FIRST:	what the first of them had
 * @TRAITS_GRO_LAST:	what the last of them had
 * @TRAITS_GRO_BLOCK:	packets are not merged if their values differ, or if only one has a value
 * @TRAITS_GRO_DISCARD:	no value
 * @TRAITS_GRO_SUM:	the sum of the values, or the largest number if that is exceeded
 * @TRAITS_GRO_MIN:	the smallest value
 * @TRAITS_GRO_MAX:	the largest value
 * @TRAITS_GRO_OR:	all bits that any of the values had
 *
 * The last four take values as unsigned little-endian numbers, so they are for keys of 4
 * and 8 bytes; packets without a value do not count there.
 */
enum traits_gro {
	TRAITS_GRO_FIRST,
	TRAITS_GRO_LAST,
	TRAITS_GRO_BLOCK,
	TRAITS_GRO_DISCARD,
	TRAITS_GRO_SUM,
	TRAITS_GRO_MIN,
	TRAITS_GRO_MAX,
	TRAITS_GRO_OR,

	__TRAITS_GRO_MAX,
};

/**
 * enum traits_clone - what the clone of a packet has of a key
 * @TRAITS_CLONE_SHARE:	the same value; a program that wants to write it gets -EBUSY, and has
 *			to call bpf_skb_pull_data() first
 * @TRAITS_CLONE_COPY:	a value of its own, which can be written; what one writes the other
 *			does not see
 * @TRAITS_CLONE_DROP:	no value
 */
enum traits_clone {
	TRAITS_CLONE_SHARE,
	TRAITS_CLONE_COPY,
	TRAITS_CLONE_DROP,

	__TRAITS_CLONE_MAX,
};

/**
 * enum traits_netns - what a packet has of a key when it has come to another network namespace
 * @TRAITS_NETNS_KEEP:	what it had
 * @TRAITS_NETNS_DROP:	no value
 */
enum traits_netns {
	TRAITS_NETNS_KEEP,
	TRAITS_NETNS_DROP,

	__TRAITS_NETNS_MAX,
};

/**
 * enum traits_user - what applications may do with a key through their sockets
 * @TRAITS_USER_NONE:	they do not see it
 * @TRAITS_USER_READ:	read its values
 * @TRAITS_USER_WRITE:	read and write them
 */
enum traits_user {
	TRAITS_USER_NONE,
	TRAITS_USER_READ,
	TRAITS_USER_WRITE,

	__TRAITS_USER_MAX,
};

/**
 * enum traits_stat - the counters
 *
 * What was done:
 * @TRAITS_STAT_SET:		values set (a batch counts once)
 * @TRAITS_STAT_DEL:		values deleted
 * @TRAITS_STAT_BIND:		packets from XDP whose traits were tied to their skb
 * @TRAITS_STAT_COPY:		stores carried along when an skb was copied
 * @TRAITS_STAT_EXPAND:		stores carried along when an skb head was expanded
 * @TRAITS_STAT_FORK:		stores copied within a head that several skbs share
 * @TRAITS_STAT_PENDING:	of the packets in @TRAITS_STAT_BIND, those found without metadata,
 *				because the driver carries none
 *
 * What was refused, by errno; nothing was changed on the packet:
 * @TRAITS_STAT_EINVAL:		bad key, length or flags
 * @TRAITS_STAT_ENOKEY:		key not registered
 * @TRAITS_STAT_EEXIST:		%TRAIT_NOEXIST and the trait was there
 * @TRAITS_STAT_ENOENT:		%TRAIT_EXIST, or a delete, and the trait was not there
 * @TRAITS_STAT_ENOSPC:		no room left in the headroom
 * @TRAITS_STAT_EBUSY:		head shared with a clone
 * @TRAITS_STAT_EOPNOTSUPP:	driver without XDP metadata, and nothing else to go by
 *
 * What was lost; each is one store, with all its traits, unless said otherwise:
 * @TRAITS_STAT_LOST_DAMAGED:	something overwrote the store (headers were pushed over it)
 * @TRAITS_STAT_LOST_UNBOUND:	packet came from XDP with traits, and its store did not
 *				come with it (a driver that copies packets)
 * @TRAITS_STAT_LOST_SHARED:	packet from XDP already shared its head when it reached the stack
 * @TRAITS_STAT_LOST_REPLACED:	skb had traits that an XDP program could not see (a veth that is not
 *				hooked), and it gave the packet new ones
 * @TRAITS_STAT_LOST_COPY:	the copy of an skb has too little headroom for the store
 * @TRAITS_STAT_LOST_EXPAND:	the store's new place in an expanded head cannot be expressed
 * @TRAITS_STAT_LOST_FORK:	a clone, or a packet in another namespace, was not to see some of its
 *				traits, and the head that it shares had no room for a store of the rest
 * @TRAITS_STAT_LOST_EPOCH:	single values dropped on a write because their key was deleted
 *				while the packet was on its way
 * @TRAITS_STAT_LOST_FRAME:	XDP took the packet from its skb, and its headroom has no room for
 *				the mark of a packet with traits
 * @TRAITS_STAT_LOST_MERGE:	single values of a packet that GRO merged with an earlier one, for
 *				which that one had no room
 * @TRAITS_STAT_LOST_PENDING:	driver without XDP metadata: the packet passed XDP, and did not
 *				enter the stack before the next one (tun), or what the driver
 *				copied it to has too little headroom
 * @TRAITS_STAT_LOST_SOCKET:	traits that a socket was to keep or give a packet, for which there was
 *				no memory; or that came with a SYN that was answered with a SYN cookie;
 *				or that an AF_XDP socket was to give a packet, and that were refused, or
 *				had no room: see <linux/traits_xsk.h>
 */
enum traits_stat {
	TRAITS_STAT_SET,
	TRAITS_STAT_DEL,
	TRAITS_STAT_BIND,
	TRAITS_STAT_COPY,
	TRAITS_STAT_EXPAND,
	TRAITS_STAT_FORK,
	TRAITS_STAT_PENDING,

	TRAITS_STAT_EINVAL,
	TRAITS_STAT_ENOKEY,
	TRAITS_STAT_EEXIST,
	TRAITS_STAT_ENOENT,
	TRAITS_STAT_ENOSPC,
	TRAITS_STAT_EBUSY,
	TRAITS_STAT_EOPNOTSUPP,

	TRAITS_STAT_LOST_DAMAGED,
	TRAITS_STAT_LOST_UNBOUND,
	TRAITS_STAT_LOST_SHARED,
	TRAITS_STAT_LOST_REPLACED,
	TRAITS_STAT_LOST_COPY,
	TRAITS_STAT_LOST_EXPAND,
	TRAITS_STAT_LOST_FORK,
	TRAITS_STAT_LOST_EPOCH,
	TRAITS_STAT_LOST_FRAME,
	TRAITS_STAT_LOST_MERGE,
	TRAITS_STAT_LOST_PENDING,
	TRAITS_STAT_LOST_SOCKET,

	__TRAITS_STAT_MAX,
};

enum traits_cmd {
	TRAITS_CMD_KEY_ADD = 1,
	TRAITS_CMD_KEY_DEL,
	TRAITS_CMD_KEY_GET,
	TRAITS_CMD_STAT_GET,
	TRAITS_CMD_INFO_GET,
	TRAITS_CMD_DEV_SET,
	TRAITS_CMD_DEV_GET,
	TRAITS_CMD_KEY_SET,
	TRAITS_CMD_KEY_HOLD,
	TRAITS_CMD_KEY_ADD_NTF,
	TRAITS_CMD_KEY_SET_NTF,
	TRAITS_CMD_KEY_DEL_NTF,

	__TRAITS_CMD_MAX,
	TRAITS_CMD_MAX = __TRAITS_CMD_MAX - 1
};

enum traits_a_key {
	TRAITS_A_KEY_ID = 1,
	TRAITS_A_KEY_NAME,
	TRAITS_A_KEY_SIZE,
	TRAITS_A_KEY_GRO,
	TRAITS_A_KEY_CLONE,
	TRAITS_A_KEY_NETNS,
	TRAITS_A_KEY_USER,
	TRAITS_A_KEY_GID,
	TRAITS_A_KEY_DESCRIPTION,
	TRAITS_A_KEY_EXIST_OK,
	TRAITS_A_KEY_FORCE,
	TRAITS_A_KEY_PROG_FD,
	TRAITS_A_KEY_PROG_TYPE,
	TRAITS_A_KEY_HOLDS,

	__TRAITS_A_KEY_MAX,
	TRAITS_A_KEY_MAX = __TRAITS_A_KEY_MAX - 1
};

enum traits_a_stat {
	TRAITS_A_STAT_PAD = 1,
	TRAITS_A_STAT_CPU,
	TRAITS_A_STAT_KEY,
	TRAITS_A_STAT_SET,
	TRAITS_A_STAT_DEL,
	TRAITS_A_STAT_BIND,
	TRAITS_A_STAT_COPY,
	TRAITS_A_STAT_EXPAND,
	TRAITS_A_STAT_FORK,
	TRAITS_A_STAT_PENDING,
	TRAITS_A_STAT_EINVAL,
	TRAITS_A_STAT_ENOKEY,
	TRAITS_A_STAT_EEXIST,
	TRAITS_A_STAT_ENOENT,
	TRAITS_A_STAT_ENOSPC,
	TRAITS_A_STAT_EBUSY,
	TRAITS_A_STAT_EOPNOTSUPP,
	TRAITS_A_STAT_LOST_DAMAGED,
	TRAITS_A_STAT_LOST_UNBOUND,
	TRAITS_A_STAT_LOST_SHARED,
	TRAITS_A_STAT_LOST_REPLACED,
	TRAITS_A_STAT_LOST_COPY,
	TRAITS_A_STAT_LOST_EXPAND,
	TRAITS_A_STAT_LOST_FORK,
	TRAITS_A_STAT_LOST_EPOCH,
	TRAITS_A_STAT_LOST_FRAME,
	TRAITS_A_STAT_LOST_MERGE,
	TRAITS_A_STAT_LOST_PENDING,
	TRAITS_A_STAT_LOST_SOCKET,

	__TRAITS_A_STAT_MAX,
	TRAITS_A_STAT_MAX = __TRAITS_A_STAT_MAX - 1
};

enum traits_a_info {
	TRAITS_A_INFO_VERSION = 1,
	TRAITS_A_INFO_RELEASE,
	TRAITS_A_INFO_MAX_KEYS,
	TRAITS_A_INFO_KEYS,
	TRAITS_A_INFO_HOOK,
	TRAITS_A_INFO_MAX_NAME,
	TRAITS_A_INFO_MAX_DESCRIPTION,
	TRAITS_A_INFO_MAX_HEADROOM,

	__TRAITS_A_INFO_MAX,
	TRAITS_A_INFO_MAX = __TRAITS_A_INFO_MAX - 1
};

enum traits_a_hook {
	TRAITS_A_HOOK_NAME = 1,
	TRAITS_A_HOOK_TYPE,
	TRAITS_A_HOOK_ATTACHED,
	TRAITS_A_HOOK_MISSED,
	TRAITS_A_HOOK_PAD,
	TRAITS_A_HOOK_NEEDED,
	TRAITS_A_HOOK_FOUND,

	__TRAITS_A_HOOK_MAX,
	TRAITS_A_HOOK_MAX = __TRAITS_A_HOOK_MAX - 1
};

enum traits_a_dev {
	TRAITS_A_DEV_IFINDEX = 1,
	TRAITS_A_DEV_IFNAME,
	TRAITS_A_DEV_HEADROOM,
	TRAITS_A_DEV_NEEDED,

	__TRAITS_A_DEV_MAX,
	TRAITS_A_DEV_MAX = __TRAITS_A_DEV_MAX - 1
};

#endif
