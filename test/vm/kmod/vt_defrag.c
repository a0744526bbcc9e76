// SPDX-License-Identifier: GPL-2.0
/* For tests only: has all network namespaces reassemble what they forward. */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv4/nf_defrag_ipv4.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

static int __net_init net_start(struct net *net)
{
	int err = nf_defrag_ipv4_enable(net);

	if (err)
		return err;
	err = nf_defrag_ipv6_enable(net);
	if (err)
		nf_defrag_ipv4_disable(net);
	return err;
}

static void __net_exit net_stop(struct net *net)
{
	nf_defrag_ipv6_disable(net);
	nf_defrag_ipv4_disable(net);
}

static struct pernet_operations net_ops = {
	.init = net_start,
	.exit = net_stop,
};

static int __init vt_defrag_init(void)
{
	return register_pernet_subsys(&net_ops);
}

static void __exit vt_defrag_exit(void)
{
	unregister_pernet_subsys(&net_ops);
}

module_init(vt_defrag_init);
module_exit(vt_defrag_exit);

MODULE_DESCRIPTION("Test equipment of traits: reassembly in the forwarding path");
MODULE_AUTHOR("the traits authors");
MODULE_LICENSE("GPL");
