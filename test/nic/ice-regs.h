/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of an E810 that the model plays, in BAR 0. Each other one below ICE_REG_END is plain memory:
 * it reads 0 until it is written. The offsets are those that the driver's ice_hw_autogen.h has.
 */
#ifndef TEST_NIC_ICE_REGS_H
#define TEST_NIC_ICE_REGS_H

#define ICE_BIT(n)			(1u << (n))

#define ICE_REG_END			0x500000

/* Resets and what firmware has loaded */
#define ICE_PFGEN_CTRL			0x091000
#define ICE_PFGEN_CTRL_PFSWR		ICE_BIT(0)
#define ICE_GLGEN_RSTAT			0x0b8188
#define ICE_GLGEN_RSTAT_TYPE_SHIFT	2
#define ICE_GLGEN_RTRIG			0x0b8190
#define ICE_GLGEN_RTRIG_CORER		ICE_BIT(0)
#define ICE_GLGEN_RTRIG_GLOBR		ICE_BIT(1)
#define ICE_GLNVM_ULD			0x0b6008
#define ICE_GLNVM_ULD_DONE		0x73b
#define ICE_GLNVM_GENS			0x0b6100
#define ICE_GLNVM_GENS_SR_SIZE_SHIFT	5
#define ICE_GLNVM_FLA			0x0b6108
#define ICE_GLNVM_FLA_LOCKED		ICE_BIT(6)
#define ICE_PRTDCB_GENS			0x083020
#define ICE_PRTDCB_GENS_DISABLED	7
#define ICE_GLQF_FD_SIZE		0x460010

/* The PTP clock */
#define ICE_GLTSYN_CMD			0x088810
#define ICE_GLTSYN_CMD_SYNC		0x088814
#define ICE_GLTSYN_TIME_L		0x0888d0
#define ICE_GLTSYN_TIME_H		0x0888d8
#define ICE_GLTSYN_SHTIME_L		0x0888e8
#define ICE_GLTSYN_SHTIME_H		0x0888f0
#define ICE_GLTSYN_SHADJ_H		0x088910

/* Interrupts */
#define ICE_PFINT_ALLOC			0x1d2600
#define ICE_PFINT_ALLOC_LAST_SHIFT	12
#define ICE_PFINT_ALLOC_VALID		ICE_BIT(31)
#define ICE_PFINT_OICR			0x16ca00
#define ICE_PFINT_OICR_GRST		ICE_BIT(20)
#define ICE_PFINT_OICR_ENA		0x16c900
#define ICE_PFINT_OICR_CTL		0x16ca80
#define ICE_PFINT_FW_CTL		0x16c800
#define ICE_PFINT_SB_CTL		0x16b600
#define ICE_QINT_TQCTL			0x140000	/* one per queue */
#define ICE_QINT_RQCTL			0x150000	/* one per queue */
#define ICE_INT_CTL_VECTOR		0x7ff		/* of the five above */
#define ICE_INT_CTL_ENA			ICE_BIT(30)
#define ICE_GLINT_DYN_CTL		0x160000	/* one per vector */
#define ICE_GLINT_DYN_CTL_INTENA	ICE_BIT(0)
#define ICE_GLINT_DYN_CTL_CLEARPBA	ICE_BIT(1)
#define ICE_GLINT_DYN_CTL_SWINT		ICE_BIT(2)
#define ICE_GLINT_DYN_CTL_INTENA_MSK	ICE_BIT(31)

/* Queues */
#define ICE_QRX_CTRL			0x120000
#define ICE_QRX_CTRL_REQ		ICE_BIT(0)
#define ICE_QRX_CTRL_STAT		ICE_BIT(2)
#define ICE_QRX_CONTEXT			0x280000	/* 8 words, 8 KiB apart */
#define ICE_QRX_CONTEXT_WORDS		8
#define ICE_QRX_CONTEXT_STRIDE		0x2000
#define ICE_QRX_TAIL			0x290000
#define ICE_QRXFLXP_CNTXT		0x480000
#define ICE_QRXFLXP_CNTXT_RXDID		0x3f
#define ICE_QTX_COMM_HEAD		0x0e0000
#define ICE_QTX_COMM_DBELL		0x2c0000

/* Control queues: these offsets from a base, the receive side 128 bytes apart from the transmit side */
#define ICE_FW_BASE			0x080000	/* 256 bytes from register to register */
#define ICE_MBX_BASE			0x22e100	/* 128 */
#define ICE_SB_BASE			0x22fc00	/* 128 */
#define ICE_CTLQ_LEN			0x3ff
#define ICE_CTLQ_ENABLE			ICE_BIT(31)

/* Counters: 8 bytes for each port or VSI, of which 40 or 32 bits count */
#define ICE_GLPRT_FIRST			0x380000
#define ICE_GLPRT_END			0x382000
#define ICE_GLPRT_GORC			0x380000
#define ICE_GLPRT_PRC64			0x380900	/* six more size classes follow, 64 bytes apart */
#define ICE_GLPRT_GOTC			0x380b40
#define ICE_GLPRT_PTC64			0x380b80	/* the same */
#define ICE_GLPRT_UPTC			0x3811c0
#define ICE_GLPRT_MPTC			0x381200
#define ICE_GLPRT_BPTC			0x381240
#define ICE_GLPRT_ROC			0x380240
#define ICE_GLPRT_UPRC			0x381300
#define ICE_GLPRT_MPRC			0x381340
#define ICE_GLPRT_BPRC			0x381380
#define ICE_GLPRT_CLASS_STRIDE		0x40
#define ICE_GLV_GORC			0x3b0000
#define ICE_GLV_UPRC			0x3b2000
#define ICE_GLV_MPRC			0x3b4000
#define ICE_GLV_BPRC			0x3b6000
#define ICE_GLV_GOTC			0x300000
#define ICE_GLV_UPTC			0x30a000
#define ICE_GLV_MPTC			0x30c000
#define ICE_GLV_BPTC			0x30e000

#endif
