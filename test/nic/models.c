// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "nic.h"

/* Weak: a model that is not linked is not there. */
extern const struct nic_ops ice_ops __attribute__((weak));
extern const struct nic_ops mlx5_ops __attribute__((weak));

static const struct nic_ops *const models[] = { &ice_ops, &mlx5_ops };

#define MODELS (sizeof(models) / sizeof(models[0]))

const struct nic_ops *nic_model(const char *name)
{
	for (unsigned int i = 0; i < MODELS; i++) {
		if (models[i] && !strcmp(models[i]->name, name))
			return models[i];
	}
	return NULL;
}

void nic_model_names(char *buf, size_t size)
{
	*buf = '\0';
	for (unsigned int i = 0; i < MODELS; i++) {
		if (models[i] && strlen(buf) + strlen(models[i]->name) + 2 <= size)
			strcat(strcat(buf, " "), models[i]->name);
	}
}
