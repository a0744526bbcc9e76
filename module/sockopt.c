// SPDX-License-Identifier: GPL-2.0
/*
 * The options of <linux/traits_socket.h>. The kernel gives numbers that neither IP nor IPv6 know
 * to whom registered them with netfilter, on all sockets of these families, and without the
 * socket's lock. While a call is here, it holds the module.
 */

#include "sockopt.h"

#include <linux/netfilter.h>
#include <linux/sockptr.h>
#include <linux/uaccess.h>
#include <net/sock.h>

#include "hooks.h"
#include "pkt-trait.h"
#include "sock.h"
#include "sock-msg.h"

static bool is_tcp(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM && sk->sk_protocol == IPPROTO_TCP;
}

static bool is_datagram(const struct sock *sk)
{
	if (sk->sk_type == SOCK_RAW)
		return true;
	if (sk->sk_type != SOCK_DGRAM)
		return false;
	switch (sk->sk_protocol) {
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return true;
	}
	return false;
}

static bool has_option(const struct sock *sk, int opt)
{
	switch (opt) {
	case TRAITS_SO_SAVE_SYN:
	case TRAITS_SO_SYN:
	case TRAITS_SO_SAVE_DATA:
	case TRAITS_SO_DATA:
		return is_tcp(sk);
	case TRAITS_SO_CMSG:
		return is_datagram(sk);
	case TRAITS_SO_SEND:
	case TRAITS_SO_CHECK:
		return is_tcp(sk) || is_datagram(sk);
	}
	return false;
}

static bool is_array(int opt)
{
	return opt == TRAITS_SO_SYN || opt == TRAITS_SO_SEND || opt == TRAITS_SO_DATA ||
	       opt == TRAITS_SO_CHECK;
}

static bool is_array_size(unsigned int len)
{
	return len && len % sizeof(struct pkt_trait) == 0 &&
	       len <= TRAITS_KEYS_MAX * sizeof(struct pkt_trait);
}

/* To be called with the socket locked. */
static void change_flag(struct traits_sock *ts, u32 flag, bool on)
{
	WRITE_ONCE(ts->flags, on ? ts->flags | flag : ts->flags & ~flag);
}

static int set_save_data(struct traits_sock *ts, bool on)
{
	if (!ts->data)
		ts->data = kzalloc(sizeof(*ts->data), GFP_KERNEL_ACCOUNT);
	if (!ts->data)
		return -ENOMEM;
	if (!on)
		ts->data->total = 0;
	change_flag(ts, TRAITS_SOCK_SAVE_DATA, on);
	return 0;
}

static int set_cmsg(struct sock *sk, struct traits_sock *ts, int val)
{
	int err = val ? traits_msg_wrap(ts, sk) : 0;

	if (err)
		return err;
	change_flag(ts, TRAITS_SOCK_RECV, val & TRAITS_CMSG_RECV);
	change_flag(ts, TRAITS_SOCK_SEND, val & TRAITS_CMSG_SEND);
	return 0;
}

static int set_int_locked(struct sock *sk, int opt, int val)
{
	struct traits_sock *ts = traits_sock_get(sk);

	if (!ts)
		return -ENOMEM;
	switch (opt) {
	case TRAITS_SO_SAVE_SYN:
		change_flag(ts, TRAITS_SOCK_SAVE_SYN, val);
		return 0;
	case TRAITS_SO_SAVE_DATA:
		return set_save_data(ts, val);
	default:
		return set_cmsg(sk, ts, val);
	}
}

static u32 needs_of(int opt, int val)
{
	switch (opt) {
	case TRAITS_SO_SAVE_SYN:
		return val ? TRAITS_NEED_SYN : 0;
	case TRAITS_SO_SAVE_DATA:
		return val ? TRAITS_NEED_DATA : 0;
	case TRAITS_SO_CMSG:
		return (val & TRAITS_CMSG_RECV ? TRAITS_NEED_RECV : 0) |
		       (val & TRAITS_CMSG_SEND ? TRAITS_NEED_SEND : 0);
	default:
		return TRAITS_NEED_SEND;
	}
}

static int set_int(struct sock *sk, int opt, sockptr_t arg, unsigned int len)
{
	int val, err;

	if (len != sizeof(val))
		return -EINVAL;
	if (copy_from_sockptr(&val, arg, sizeof(val)))
		return -EFAULT;
	if (val < 0 || val > (opt == TRAITS_SO_CMSG ? TRAITS_CMSG_RECV | TRAITS_CMSG_SEND : 1))
		return -EINVAL;
	err = traits_sock_begin(needs_of(opt, val));
	if (err)
		return err;
	lock_sock(sk);
	err = set_int_locked(sk, opt, val);
	release_sock(sk);
	traits_sock_end();
	return err;
}

static int replace_held(struct sock *sk, int opt, struct traits_held *new)
{
	struct traits_held __rcu **place;
	struct traits_sock *ts;

	/* A connection that is there, or waited for, has its SYN behind it. */
	if (opt == TRAITS_SO_SYN && sk->sk_state != TCP_CLOSE)
		return -EOPNOTSUPP;
	ts = traits_sock_get(sk);
	if (!ts)
		return -ENOMEM;
	place = opt == TRAITS_SO_SYN ? &ts->syn : &ts->send;
	if (opt == TRAITS_SO_SYN)
		change_flag(ts, TRAITS_SOCK_RECEIVED, false);
	traits_held_put(rcu_replace_pointer(*place, new, lockdep_sock_is_held(sk)));
	return 0;
}

static bool is_known(const struct sock *sk)
{
	bool known;

	rcu_read_lock();
	known = traits_sock_find(sk);
	rcu_read_unlock();
	return known;
}

static int set_held(struct sock *sk, int opt, const struct traits_copy *copy)
{
	struct traits_held *new = NULL;
	int err;

	/* What never had anything needs no entry, and no hooks, to have nothing. */
	if (!copy->total && opt == TRAITS_SO_SEND && !is_known(sk))
		return 0;
	if (copy->total) {
		new = traits_held_make(copy, GFP_KERNEL_ACCOUNT);
		if (!new)
			return -ENOMEM;
	}
	err = traits_sock_begin(TRAITS_NEED_SEND);
	if (err)
		goto out;
	lock_sock(sk);
	err = replace_held(sk, opt, new);
	release_sock(sk);
	traits_sock_end();
out:
	if (err)
		traits_held_put(new);
	return err;
}

static int set_array(struct sock *sk, int opt, sockptr_t arg, unsigned int len)
{
	struct traits_copy copy;
	struct pkt_trait *array;
	int err;

	if (!is_array_size(len))
		return -EINVAL;
	array = memdup_sockptr(arg, len);
	if (IS_ERR(array))
		return PTR_ERR(array);
	err = traits_array_write(array, len / sizeof(*array), &copy);
	kfree(array);
	return err ?: set_held(sk, opt, &copy);
}

static int option_set(struct sock *sk, int opt, sockptr_t arg, unsigned int len)
{
	if (!has_option(sk, opt) || opt == TRAITS_SO_DATA || opt == TRAITS_SO_CHECK)
		return -EOPNOTSUPP;
	return is_array(opt) ? set_array(sk, opt, arg, len) : set_int(sk, opt, arg, len);
}

static int get_int(struct sock *sk, int opt, void __user *user, int *len)
{
	const struct traits_sock *ts;
	u32 flags;
	int val;

	if (*len < (int)sizeof(val))
		return -EINVAL;
	rcu_read_lock();
	ts = traits_sock_find(sk);
	flags = ts ? READ_ONCE(ts->flags) : 0;
	rcu_read_unlock();
	if (opt == TRAITS_SO_SAVE_SYN)
		val = !!(flags & TRAITS_SOCK_SAVE_SYN);
	else if (opt == TRAITS_SO_SAVE_DATA)
		val = !!(flags & TRAITS_SOCK_SAVE_DATA);
	else
		val = (flags & TRAITS_SOCK_RECV ? TRAITS_CMSG_RECV : 0) |
		      (flags & TRAITS_SOCK_SEND ? TRAITS_CMSG_SEND : 0);
	*len = sizeof(val);
	return copy_to_user(user, &val, sizeof(val)) ? -EFAULT : 0;
}

static void copy_kept(struct sock *sk, int opt, struct traits_copy *copy)
{
	const struct traits_sock *ts;

	copy->total = 0;
	/* What was last read changes under the lock of the socket. */
	if (opt == TRAITS_SO_DATA)
		lock_sock(sk);
	rcu_read_lock();
	ts = traits_sock_find(sk);
	if (ts && opt == TRAITS_SO_DATA && ts->data)
		*copy = *ts->data;
	else if (ts && opt == TRAITS_SO_SYN)
		traits_copy_held(copy, rcu_dereference(ts->syn));
	else if (ts && opt == TRAITS_SO_SEND)
		traits_copy_held(copy, rcu_dereference(ts->send));
	rcu_read_unlock();
	if (opt == TRAITS_SO_DATA)
		release_sock(sk);
}

/* Returns what the call will, and how many elements are to be given back. */
static int fill_array(struct sock *sk, int opt, struct pkt_trait *array, unsigned int *n)
{
	struct traits_copy copy;
	int ret;

	if (opt == TRAITS_SO_CHECK)
		return traits_array_write(array, *n, &copy);
	copy_kept(sk, opt, &copy);
	if (array[0].key != TRAITS_KEY_WILDCARD)
		return traits_array_read(array, *n, &copy);
	ret = traits_array_dump(array, *n, &copy);
	if (ret < 0)
		return ret;
	*n = ret;
	return 0;
}

static int get_array(struct sock *sk, int opt, void __user *user, int *len)
{
	struct pkt_trait *array;
	unsigned int n;
	int ret;

	if (*len < 0 || !is_array_size(*len))
		return -EINVAL;
	array = memdup_user(user, *len);
	if (IS_ERR(array))
		return PTR_ERR(array);
	n = *len / sizeof(*array);
	ret = fill_array(sk, opt, array, &n);
	if (!ret || ret == -EIO) {
		*len = n * sizeof(*array);
		if (copy_to_user(user, array, *len))
			ret = -EFAULT;
	}
	kfree(array);
	return ret;
}

static int option_get(struct sock *sk, int opt, void __user *user, int *len)
{
	if (!has_option(sk, opt))
		return -EOPNOTSUPP;
	return is_array(opt) ? get_array(sk, opt, user, len) : get_int(sk, opt, user, len);
}

#define OPTIONS(family)			\
	.pf = family,			\
	.set_optmin = TRAITS_SO_BASE,	\
	.set_optmax = TRAITS_SO_END,	\
	.set = option_set,		\
	.get_optmin = TRAITS_SO_BASE,	\
	.get_optmax = TRAITS_SO_END,	\
	.get = option_get,		\
	.owner = THIS_MODULE

static struct nf_sockopt_ops ipv4_options = { OPTIONS(PF_INET) };
static struct nf_sockopt_ops ipv6_options = { OPTIONS(PF_INET6) };

int traits_sockopt_init(void)
{
	int err = nf_register_sockopt(&ipv4_options);

	if (err)
		return err;
	err = nf_register_sockopt(&ipv6_options);
	if (err)
		nf_unregister_sockopt(&ipv4_options);
	return err;
}

void traits_sockopt_exit(void)
{
	nf_unregister_sockopt(&ipv6_options);
	nf_unregister_sockopt(&ipv4_options);
}
