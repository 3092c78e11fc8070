#include "core/measure/latency_histogram.h"
