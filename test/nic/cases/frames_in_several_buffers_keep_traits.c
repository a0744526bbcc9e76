// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 400
 * The matrix on a network card at MTU 9000: frames that take several buffers,
 * for XDP programs that can take those; and small ones among them. They are told
 * apart in TC: a driver may leave all payload in pages, where tp_btf reads none.
 */
#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "vt.h"

#define KEPT		{ MX_KEPT }

#define FRAMES(text, bytes)							\
	{									\
		.name = "card: MTU 9000, frames of " text " bytes",		\
		.from = "a", .to = "10.1.0.2", .sink = "b", .payload = bytes,	\
		.set = { "b", "left", MX_XDP_FRAGS },				\
		.read = { { "b", "left", MX_TC_INGRESS } },			\
		.want = KEPT,							\
	}

static const struct mx_event events[] = {
	FRAMES("122", 80),
	FRAMES("1442", 1400),
	FRAMES("3042", 3000),
	FRAMES("5042", 5000),
	FRAMES("8042", 8000),
};

int main(void)
{
	const struct mx_place frags = { "b", "left", MX_XDP_FRAGS };

	vt_nic();
	vt_path_of(">");
	mx_ip("a", "link set right mtu 9000");
	if (vt_try("ip -n b link set left mtu 9000"))
		vt_skip("%s cannot have MTU 9000", vt_nic_driver("b", "left"));
	vt_nic_wait_carrier("b", "left");
	if (!mx_attachable(&frags))
		vt_skip("%s takes no XDP program at MTU 9000", vt_nic_driver("b", "left"));
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
