#include "sample/inclusion.h"

void jh_inclusion_add(jh_inclusion *inclusion, double p, bool own_stream)
{
    if (own_stream)
        inclusion->own += p * (1.0 - inclusion->own); /* a first p comes through unrounded */
    else if (p > inclusion->shared)
        inclusion->shared = p;
}

double jh_inclusion_union(const jh_inclusion *inclusion)
{
    return inclusion->shared + inclusion->own * (1.0 - inclusion->shared);
}
